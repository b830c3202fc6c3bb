"""Defects of gradient checks, planted into this one: the tests must notice each.

Most of them were found in published checks: ones for the upstream gradient, one random entry, a
tolerance of the size of the noise, a wrong divisor, kinks that fail at random.
"""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg.gradcheck import (
    check_backward,
    check_gradients,
    comparison,
    contract,
    differences,
    kinks,
    slopes,
)
from minireg.gradcheck.comparison import Comparison
from minireg.gradcheck.finding import Finding
from tests.gradcheck.catalogue import CASES, pair

pytestmark = pytest.mark.host


def catalogued(name: str, mistake: str | None = None, **options):
    c = next(c for c in CASES if c.name == name)
    backward = c.right if mistake is None else c.wrong[mistake]
    return lambda: check_backward(
        *pair(c, backward), *c.inputs(np.random.default_rng(0)), **options
    )


def one_entry_off(d, x):
    g = d * 2 * x
    g[-1, -1] *= 1 + 1e-4
    return g


def full_gradient_to_all_ties(d, x):
    return d[:, None] * (x == x.max(axis=1, keepdims=True))


def upstream_in_place(d, x):
    d *= 2 * x
    return d


def input_in_place(d, x):
    x[x < 0] = 0
    return d * (x > 0)


def nan_somewhere(d, x):
    g = d * 2 * x
    g[0, 0] = np.nan
    return g


X = np.random.default_rng(0).normal(size=(5, 7))
BIG = np.random.default_rng(0).normal(size=(50, 20))
SATURATED = np.array([[0.0, 40.0], [1.0, 2.0]])
TIES = np.array([[1.0, 1.0, 0.0]])


def square(x):
    return x * x


def noisy(x):  # the same at the same place, and as good as random
    return 3 * x.sum() + 2e-10 * (np.abs(np.sin(1e13 * x)) * 1e6 % 1).sum()


MUST_NOT_PASS = {
    "softmax of zero": catalogued("softmax", "zero"),
    "mask of the upstream": catalogued("relu", "mask_of_upstream"),
    "1.5 times too large": lambda: check_backward(square, lambda d, x: 3 * d * x, X),
    "mean for sum": catalogued("add_bias", "mean_for_sum"),
    "one entry off by 0.01 %": lambda: check_backward(square, one_entry_off, X),
    "one entry of many off": lambda: check_backward(square, one_entry_off, BIG, entries=10),
    "every tie has it all": lambda: check_backward(
        lambda x: x.max(axis=1), full_gradient_to_all_ties, TIES
    ),
    "upstream in place": lambda: check_backward(square, upstream_in_place, X),
    "input in place": lambda: check_backward(lambda x: np.maximum(x, 0), input_in_place, X),
    "below the noise": lambda: check_backward(
        lambda x: 1e6 + 1e-9 * np.tanh(x), lambda d, x: 7e-9 * d * x, X
    ),
    "not a number": lambda: check_backward(square, nan_somewhere, X),
    "clipped upstream": lambda: check_backward(
        square, lambda d, x: np.clip(d, -1.5, 1.5) * 2 * x, X
    ),
    "forgotten": lambda: check_backward(
        lambda x: 1e3 + 1e-9 * np.tanh(x).sum(), lambda d, x: 0 * x, X[0]
    ),
    "random": lambda: check_gradients(mr.nn.Dropout(0.5), X),
}
MUST_PASS = {
    "square": lambda: check_gradients(mr.square, X),
    "relu at 0": lambda: check_gradients(mr.relu, np.array([0.0, 1.0])),
    "beside a kink": lambda: check_gradients(
        lambda x: mr.relu(x - 1), 1 + np.array([1e-6, -1e-6, 3e-8, -3e-8])
    ),
    "steep": lambda: check_gradients(lambda x: mr.tanh(300 * x), np.array([1e-3, -2e-3])),
    "log beside 0": lambda: check_gradients(mr.log, np.array([1e-7, 3e-6, 1.0])),
    "saturated": lambda: check_gradients(mr.softmax, SATURATED),
    "cancellation": lambda: check_gradients(lambda x: (mr.exp(x) + 1e6) - 1e6, X),
    "noisy": lambda: check_backward(noisy, lambda d, x: d * (3 + 0 * x), X, tolerance=0),
    "small beside the function": lambda: check_gradients(lambda x: mr.tanh(x) * 1e-3 + 1e2, X),
}


def complaints() -> set[str]:
    """The names of the cases in which the check is wrong."""
    accepted = {name for name, check in MUST_NOT_PASS.items() if check()}
    return accepted | {name for name, check in MUST_PASS.items() if not check()}


def test_this_check_gets_nothing_wrong():
    assert complaints() == set()


def ones(random, size):
    return np.ones(size)


def only_the_first_entry(self, finding):
    places = np.array([finding.input.part.start])
    finding.add(places, self.point.find_slopes(slopes.as_directions(places)))


def only_the_first_input(self, finding, compare=Comparison.compare_all):
    if finding.input.part.start == 0:
        compare(self, finding)


def twice_as_far(function, moved, direction, h, sample=differences.sample):
    """f(x + h) − f(x − 2h) over 2h: a published checker gave 1.5 times the derivative."""
    return np.concatenate(
        [sample(function, moved, direction, h)[:2], sample(function, moved, direction, 2 * h)[2:]]
    )


DEFECTS = {
    "the upstream gradient is ones": (comparison, "draw_upstream", ones, "softmax of zero"),
    "one upstream gradient is enough": (comparison, "FACTORS", (), "clipped upstream"),
    "one entry is looked at": (
        Comparison, "compare_all", only_the_first_entry, "one entry off by 0.01 %",
    ),
    "one input is looked at": (Comparison, "compare_all", only_the_first_input, "mean for sum"),
    "no direction through large inputs": (
        Comparison, "narrow_down", lambda *args: None, "one entry of many off",
    ),
    "a tolerance of 1 %": (
        slopes.Slopes, "slack", lambda self, tolerance: 0.01 * self.size, "one entry off by 0.01 %",
    ),
    "the divisor of another step": (
        differences, "sample", twice_as_far, "1.5 times too large",
    ),
    "NaN compares as right": (
        slopes.Slopes, "outside",
        lambda self, claimed: np.nan_to_num(
            np.maximum(np.maximum(self.low - claimed, claimed - self.high), 0)
        ),
        "not a number",
    ),
    "the step never shrinks": (slopes, "STEPS", (1e-5,), "relu at 0"),
    "... nor below 1e-7": (slopes, "STEPS", (1e-5, 1e-7), "beside a kink"),
    "no step in units of x": (slopes, "RELATIVE_STEP", 0.0, "log beside 0"),
    "no wide step": (slopes, "WIDE_STEP", 1e-5, "small beside the function"),
    "rounding is forgotten": (differences, "ROUNDING", 0, "noisy"),
    "noise is forgotten": (
        slopes, "estimate_noise", lambda f, z, value, random: 0 * value, "cancellation",
    ),
    "what does not move has no error": (differences, "UNMOVED", 0, "saturated"),
    "ties are not looked at": (kinks, "find_ties", lambda *args: [], "every tie has it all"),
    "every wrong entry counts as a kink": (
        kinks, "classify", lambda *args: kinks.VALID, "every tie has it all",
    ),
    "contracts are not looked at": (
        contract, "check_unchanged", lambda *args: None, "input in place",
    ),
    "noise is not a reason to be silent": (
        Finding, "is_hidden", property(lambda self: self.places < 0), "below the noise",
    ),
    "a forgotten gradient is not looked for": (slopes, "FAR_STEPS", (), "forgotten"),
}  # fmt: skip


@pytest.mark.parametrize("name", DEFECTS)
def test_a_planted_defect_is_noticed(name, monkeypatch):
    where, attribute, defect, expected = DEFECTS[name]
    monkeypatch.setattr(where, attribute, defect)
    assert expected in complaints()
