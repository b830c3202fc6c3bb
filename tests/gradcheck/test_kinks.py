"""At a kink, any value between the one-sided slopes is right, and nothing else is."""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg.gradcheck import check_backward, check_gradients
from tests.gradcheck.verdicts import unwrapped

pytestmark = pytest.mark.host


def relu(x):
    return np.maximum(x, 0)


@pytest.mark.parametrize("at_zero", [0, 0.5, 1])
def test_relu_may_have_any_slope_from_0_to_1_at_0(at_zero):
    x = np.array([-1.0, 0.0, 2.0, 0.0])
    report = check_backward(relu, lambda d, x: d * np.where(x == 0, at_zero, x > 0), x)
    assert report, report
    assert [entry.index for entry in report["x"].kinks] == [(1,), (3,)]
    assert "at 2 entries of x the function has a corner. There, every value between" in unwrapped(
        report
    )


@pytest.mark.parametrize("at_zero", [-0.01, 1.01, 7, np.nan, np.inf])
def test_other_values_at_the_kink_are_not_accepted(at_zero):
    x = np.array([-1.0, 0.0, 2.0])
    report = check_backward(relu, lambda d, x: d * np.where(x == 0, at_zero, x > 0), x)
    assert report.verdict == "fail"
    assert [entry.index for entry in report["x"].wrong] == [(1,)]


def test_abs_by_division_is_nan_at_0_and_fails():
    x = np.array([-1.0, 0.0, 2.0])
    report = check_backward(lambda x: np.abs(x), lambda d, x: d * x / np.abs(x), x)
    assert report.verdict == "fail"
    assert report["x"].wrong[0].index == (1,)


def test_a_smooth_function_must_be_right_at_a_formulas_kink():
    """min(x, 0) − log(1 + e⁻|x|): a well-known wrong gradient of log σ at 0 was 0 for ½."""

    def log_sigmoid(x):
        return np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))

    def backward(d, x):
        inner = np.exp(-np.abs(x))
        return d * ((x < 0) + np.sign(x) * inner / (1 + inner))

    x = np.array([-1.0, 0.0, 2.0])
    report = check_backward(log_sigmoid, backward, x)
    assert report.verdict == "fail"
    assert [entry.index for entry in report["x"].wrong] == [(1,)]
    assert "at points nearby, the gradient is right" in unwrapped(report)
    assert check_backward(log_sigmoid, backward, np.array([-1.0, 1e-4, 2.0]))


@pytest.mark.parametrize("returned", [(None,), np.zeros(2), "text"], ids=["none", "shape", "kind"])
def test_an_incomparable_gradient_shows_no_kink(returned):
    report = check_backward(relu, lambda d, x: returned, np.array([-1.0, 0.0, 2.0]))
    assert report.verdict == "fail"
    assert report["x"].kinks == []
    assert "Corner" not in unwrapped(report)


# -- ties ------------------------------------------------------------------------------------------

TIED = np.array([[1.0, 1.0, 0.0], [2.0, 0.0, 2.0], [1.0, 2.0, 3.0]])


def max_backward(share):
    def backward(d, x):
        ties = x == x.max(axis=1, keepdims=True)
        return d[:, None] * ties * share(ties)

    return backward


def first_only(ties):
    return np.cumsum(ties, axis=1) == 1


@pytest.mark.parametrize(
    "share",
    [lambda ties: 1 / ties.sum(axis=1, keepdims=True), first_only],
    ids=["equal parts", "the first one takes all"],
)
def test_any_split_of_a_tie_that_adds_up_is_right(share):
    report = check_backward(lambda x: x.max(axis=1), max_backward(share), TIED)
    assert report, report
    assert len(report["x"].kinks) == 4


def test_the_whole_gradient_for_every_tied_entry_is_wrong():
    report = check_backward(
        lambda x: x.max(axis=1), max_backward(lambda ties: 1), TIED, gradient=np.ones(3)
    )
    assert report.verdict == "fail"
    assert "is wrong at a tie: when x[1, 0], x[1, 2] move together" in unwrapped(report)
    assert "the slope is 1, and yours add up to 2" in unwrapped(report)
    assert "share it" in report.from_numbers[0].evidence
    assert report.from_numbers[0].name == "max-not-routed"


def test_nothing_for_any_tied_entry_is_wrong():
    report = check_backward(lambda x: x.max(axis=1), max_backward(first_only_if_alone), TIED)
    assert report.verdict == "fail"
    assert "is wrong at a tie" in unwrapped(report)


def first_only_if_alone(ties):
    return ties.sum(axis=1, keepdims=True) == 1


@pytest.mark.parametrize(("share", "verdict"), [(0.5, "pass"), (1.0, "fail"), (0.0, "fail")])
def test_a_tie_between_two_inputs_must_add_up(share, verdict):
    def backward(d, a, b):
        tie = (a == b) * share
        return d * ((a > b) + tie), d * ((b > a) + tie)

    a, b = np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0, 2.0])
    report = check_backward(lambda a, b: np.maximum(a, b), backward, a, b)
    assert report.verdict == verdict, report
    assert (verdict == "fail") == ("when a[0], b[0] move together" in unwrapped(report))


# -- several kinks in one point --------------------------------------------------------------------


def test_relu_behind_weights_at_0_is_never_refused():
    """A row of zeros: every unit sits on its kink, and the slopes there are sums over units."""
    random = np.random.default_rng(0)
    for seed in range(20):
        weight, last = random.normal(size=(3, 6)), random.normal(size=(6,))
        x = np.zeros((2, 3))
        x[1] = random.normal(size=3)

        def network(x, weight=weight, last=last):
            return mr.relu(x @ mr.tensor(weight)) @ mr.tensor(last)

        assert check_gradients(network, mr.tensor(x), seed=seed).verdict != "fail"


def test_kinks_that_cancel_in_one_point_are_told_apart():
    """relu(x) − relu(−x) = x: its derivative at 0 is 1, and operation by operation it is 0."""
    report = check_gradients(lambda x: mr.relu(x) - mr.relu(-x), mr.tensor([1.0, 0.0, -2.0]))
    assert report.verdict == "fail"
    assert "max, abs or where has a kink at exactly this point" in report.from_numbers[0].evidence


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_derivative_between_those_nearby_is_valid(sign):
    """relu(a + b) − relu(a − b): along b its slope at 0 is 1 from both sides; beside it also 0."""

    def forward(a, b):
        return sign * (mr.relu(a + b) - mr.relu(a - b))

    report = check_gradients(forward, mr.tensor([0.0, 1.0]), mr.tensor([0.0, 3.0]))
    assert report, report
    assert len(report["b"].kinks) == 1


@pytest.mark.parametrize("distance", [1e-3, 1e-5, 3e-7, 1e-8])
def test_kinks_nearby_do_not_disturb(distance):
    x = mr.tensor(np.array([distance, -distance, 1.0, -1.0]))
    report = check_gradients(mr.relu, x)
    assert report, report
    assert not report["x"].kinks


def test_directions_through_kinks_refuse_no_right_code():
    """Many entries so close to their kinks that a direction crosses all of them at once."""
    for seed in range(4):
        random = np.random.default_rng(seed)
        x, sign = 1e-12 * random.uniform(1, 2, 400), random.choice([-1.0, 1.0], 400)

        def forward(x, sign=sign):
            return sign @ np.maximum(x, 0)

        def backward(d, x, sign=sign):
            return d * sign * (x > 0)

        assert check_backward(forward, backward, x, seed=seed, entries=20)


def test_a_mistake_beside_a_kink_is_seen():
    x = np.array([1e-8, -1e-8, 1.0])
    assert check_backward(relu, lambda d, x: d * (x >= 0), x)
    assert check_backward(relu, lambda d, x: d * (x <= 0), x).verdict == "fail"
    assert check_backward(relu, lambda d, x: d * (x > 2e-8), x).verdict == "fail"


# -- gradients in float32 --------------------------------------------------------------------------


def test_float32_is_not_refused_at_ties():
    def backward(d, x):
        ties = x == x.max(axis=1, keepdims=True)
        y = np.exp(np.float32(x))
        return np.float32(d)[:, None] * y * ties / ties.sum(axis=1, keepdims=True, dtype=np.float32)

    for seed in range(10):
        random = np.random.default_rng(seed)
        x = np.where(random.random((6, 4)) < 0.6, 1.0, random.random((6, 4)))
        report = check_backward(lambda x: np.exp(x.max(axis=1)), backward, x, seed=seed)
        assert report, report


def test_float32_is_not_refused_where_kinks_meet():
    x = np.array([[0.0, 0.0, 0.0], [0.5, -1.0, 2.0]])
    for seed in range(10):
        random = np.random.default_rng(seed)
        weight, last = random.normal(size=(3, 6)), random.normal(size=6)

        def forward(x, weight=weight, last=last):
            return np.exp(np.maximum(x @ weight, 0) @ last)

        def backward(d, x, weight=weight, last=last):
            inner = (d * forward(x, weight, last))[:, None] * last * (x @ weight > 0)
            return np.float32(inner) @ np.float32(weight.T)

        assert check_backward(forward, backward, x, seed=seed).verdict != "fail"


def test_float32_is_not_refused_for_a_sample_of_zeros():
    def backward(d, x):
        y = np.exp(np.float32(x))
        return np.float32(d)[:, None] * y * (x == x.max(axis=1, keepdims=True))

    for seed in range(20):
        x = np.random.default_rng(seed).normal(size=(5, 40))
        report = check_backward(lambda x: np.exp(x.max(axis=1)), backward, x, seed=seed, entries=5)
        assert report.verdict != "fail", report
