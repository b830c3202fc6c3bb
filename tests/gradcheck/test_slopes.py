"""Finite differences estimate their own error, and detect kinks, jumps and noise."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from minireg.gradcheck.differences import Direction, estimate_noise, find_kinked_outputs
from minireg.gradcheck.slopes import Point, as_directions

pytestmark = pytest.mark.host

scales = st.sampled_from([1e-6, 1e-3, 1.0, 1e3, 1e6])
seeds = st.integers(0, 2**32 - 1)


def point(function, x, upstream=None) -> Point:
    z = np.atleast_1d(np.asarray(x, dtype=float))
    value = function(z)
    u = np.ones(value.size) if upstream is None else upstream
    return Point(function, z, value, u, np.random.default_rng(0))


def slope(function, x):
    with np.errstate(all="ignore"):  # of log and √ left of 0
        return point(function, x).find_slopes([Direction(0)])


SMOOTH = {
    "sine": (np.sin, np.cos, (-10, 10)),
    "exponential": (np.exp, np.exp, (-10, 10)),
    "logarithm": (np.log, lambda x: 1 / x, (1e-6, 10)),
    "root": (np.sqrt, lambda x: 0.5 / np.sqrt(x), (1e-6, 10)),
    "fifth power": (lambda x: x**5, lambda x: 5 * x**4, (-10, 10)),
    "reciprocal": (lambda x: 1 / x, lambda x: -1 / x**2, (1e-6, 10)),
    "steep": (lambda x: np.tanh(1000 * x), lambda x: 1000 / np.cosh(1000 * x) ** 2, (-1e-3, 1e-3)),
    "with cancellation": (lambda x: (np.sin(x) + 1e6) - 1e6, np.cos, (-10, 10)),
    "large beside its slope": (lambda x: 1e5 + np.sin(x), np.cos, (-10, 10)),
}


@pytest.mark.parametrize("name", [name for name in SMOOTH if "cancel" not in name])
@given(at=st.floats(0, 1))
def test_the_error_of_a_slope_is_within_its_bound(name, at):
    function, derivative, (low, high) = SMOOTH[name]
    x = low + at * (high - low)
    found = slope(function, x)
    assert found.settled[0]
    assert not found.kink[0]
    assert abs(found.value[0] - derivative(x)) <= found.error[0]


def test_noise_is_seen_at_almost_every_point():
    """At one point in 5,000 the points of all lines are rounded alike."""
    function, derivative, (low, high) = SMOOTH["with cancellation"]
    xs = np.random.default_rng(0).uniform(low, high, 1000)
    found = [slope(function, x) for x in xs]
    errors = [abs(f.value[0] - d) > f.error[0] for f, d in zip(found, derivative(xs), strict=True)]
    assert sum(errors) <= 1


@pytest.mark.parametrize("name", ["sine", "exponential", "logarithm", "root", "reciprocal"])
@given(at=st.floats(0, 1))
def test_the_bound_is_tight_enough_to_be_of_use(name, at):
    """Seven digits of the slope or of the function, whichever is larger."""
    function, derivative, (low, high) = SMOOTH[name]
    x = max(low + at * (high - low), low + 1e-4)  # close to its pole, 1/x is too curved
    assert slope(function, x).error[0] <= 1e-7 * max(abs(derivative(x)), abs(function(x)))


@given(seed=seeds)
def test_a_direction_gives_the_sum_over_its_entries(seed):
    random = np.random.default_rng(seed)
    z, weight, u = random.normal(size=(3, 7))
    found = point(np.sin, z, u).find_slopes(
        [Direction(np.arange(7), weight), *as_directions(range(7))]
    )
    truth = np.array([(u * np.cos(z)) @ weight, *(u * np.cos(z))])
    assert (np.abs(found.value - truth) <= found.error).all()


# -- kinks -----------------------------------------------------------------------------------------


@given(left=st.floats(-2, 2), right=st.floats(-2, 2), scale=scales)
def test_a_kink_has_the_interval_of_its_one_sided_slopes(left, right, scale):
    assume(abs(left - right) > 1e-3)
    found = slope(lambda x: scale * np.where(x > 0, right * x, left * x), 0.0)
    assert found.kink[0]
    assert found.settled[0]
    assert found.low[0] == pytest.approx(scale * min(left, right), abs=1e-9 * scale)
    assert found.high[0] == pytest.approx(scale * max(left, right), abs=1e-9 * scale)


@given(exponent=st.floats(-8.5, -1), side=st.sampled_from([-1, 1]))
def test_a_kink_nearby_does_not_disturb(exponent, side):
    """Down to distances that are just larger than the smallest step, 1e-9."""
    found = slope(np.abs, side * 10**exponent)
    assert found.settled[0]
    assert not found.kink[0]
    assert abs(found.value[0] - side) <= found.error[0] <= 1e-5


@given(exponent=st.floats(-16, -8), side=st.sampled_from([-1, 1]))
def test_a_kink_too_near_never_gives_a_wrong_slope(exponent, side):
    found = slope(np.abs, side * 10**exponent)
    if found.settled[0]:
        assert found.low[0] - found.error[0] <= side <= found.high[0] + found.error[0]


def test_each_output_has_a_kink_of_its_own():
    """u = (1, −1): the slopes of relu(x) − relu(−x) are equal, those of its parts are not."""

    def both(z):
        return np.array([np.maximum(z[0], 0), np.maximum(-z[0], 0)])

    found = point(both, 0.0, np.array([1.0, -1.0])).find_slopes([Direction(0)])
    assert (found.low[0], found.high[0]) == (pytest.approx(0), pytest.approx(2))


@pytest.mark.parametrize("offset", [0.0, -3.0, 1e3])
def test_kinked_outputs_are_found_beside_any_offset(offset):
    def function(z):
        return offset + np.array([abs(z[0]), z[0], np.sin(z[0])])

    z = np.zeros(1)
    noise = np.full(3, 1e-16)
    found = find_kinked_outputs(function, z, function(z), noise, 0, 1e-5)
    assert found.tolist() == [True, False, False]


def test_a_kink_of_the_derivative_only_is_not_a_kink():
    found = slope(lambda x: x * np.abs(x), 0.0)
    assert found.settled[0]
    assert not found.kink[0]
    assert abs(found.value[0]) <= found.error[0] <= 1e-6


# -- where there is no slope -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "x"),
    [(np.sign, 0.0), (np.floor, 2.0), (np.sqrt, 0.0), (np.log, 1e-320), (np.cbrt, 0.0)],
    ids=["jump at 0", "jump at 2", "edge", "denormal", "vertical"],
)
def test_where_there_is_no_slope_nothing_is_settled(function, x):
    assert not slope(function, x).settled[0]


def test_a_jump_nearby_does_not_disturb():
    found = slope(lambda x: np.floor(x) + x, 2 + 1e-7)
    assert found.settled[0]
    assert abs(found.value[0] - 1) <= found.error[0]


# -- noise -----------------------------------------------------------------------------------------


@given(level=st.sampled_from([1e-14, 1e-11, 1e-8]), seed=seeds)
def test_the_noise_of_a_function_is_estimated(level, seed):
    random = np.random.default_rng(seed)

    def noisy(z):
        return np.sin(z) + level * random.normal(size=z.size)

    z = np.random.default_rng(0).uniform(1, 2, 50)
    estimate = estimate_noise(noisy, z, noisy(z), random)
    # Of 50 estimates, each the larger of two, which are the smallest of three orders.
    assert 0.4 * level < np.median(estimate) < 1.5 * level


@given(seed=seeds)
def test_the_error_covers_noise(seed):
    level = 1e-9

    def noisy(z):  # the same at the same place, and as good as random
        return np.sin(z) + level * (np.abs(np.sin(1e13 * z + seed)) * 1e6 % 1)

    x = np.random.default_rng(seed).uniform(-3, 3, 5)
    found = point(noisy, x).find_slopes(as_directions(range(5)))
    settled = found.settled
    assert (np.abs(found.value - np.cos(x))[settled] <= found.error[settled]).all()


def test_a_still_output_may_have_a_slope_below_its_rounding():
    """tanh(20) is 1 in float64, and its derivative 2e-17 is not 0."""
    found = slope(np.tanh, 20.0)
    assert found.value[0] == 0
    assert 0 < 1 - np.tanh(20.0) ** 2 + 1e-17 <= found.error[0] < 1e-10


# -- side effects and memory -----------------------------------------------------------------------


def test_the_point_is_left_as_it_was():
    z = np.random.default_rng(0).normal(size=6)
    before = z.tobytes()
    point(np.sin, z).find_slopes(as_directions(range(6)))
    assert z.tobytes() == before


def test_many_outputs_are_taken_in_parts():
    """100 directions of 20 000 outputs do not fit into the memory that is allowed at once."""
    calls = count()

    def wide(z):
        next(calls)
        return np.repeat(z, 200)

    z = np.random.default_rng(0).normal(size=100)
    found = point(wide, z).find_slopes(as_directions(range(100)))
    np.testing.assert_allclose(found.value, 200, atol=1e-6)
    assert next(calls) == 1 + 32 + 4 * 100
