"""Frequent mistakes are named in the report, and right code fits none of them."""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg.gradcheck import check_backward, check_gradients
from minireg.gradcheck.array_pair import ArrayPair
from minireg.gradcheck.causes import FORMULAS, find_causes
from minireg.gradcheck.comparison import Comparison, Settings
from minireg.gradcheck.verdicts import compare_everything, find_mismatch
from tests.gradcheck.catalogue import CASES, WRONG, Case, pair
from tests.gradcheck.verdicts import unwrapped

pytestmark = pytest.mark.host

# (function, mistake): what the report must say about it
NAMED = {
    ("exp", "input_for_output"): "what was returned is upstream * x",
    ("exp", "zero"): "zero everywhere",
    ("exp", "negative"): "the sign is wrong",
    ("exp", "upstream_ignored"): "the upstream gradient is ignored",
    ("exp", "upstream_squared"): "the upstream gradient is not just multiplied",
    ("log", "output_for_input"): "what was returned is upstream / y",
    ("log", "not_inverted"): "what was returned is upstream * x",
    ("sqrt", "half_missing"): "2 * numeric",
    ("square", "factor_missing"): "a 2 is missing",
    ("square", "factor_twice"): "a 2 is too many",
    ("power", "factor_missing"): "0.333333 * numeric",
    ("tanh", "input_for_output"): "upstream * (1 - x**2)",
    ("tanh", "square_missing"): "upstream * (1 - y)",
    ("tanh", "that_of_sigmoid"): "upstream * y * (1 - y)",
    ("sigmoid", "input_for_output"): "upstream * x * (1 - x)",
    ("sigmoid", "factor_missing"): "what was returned is upstream * y",
    ("relu", "mask_missing"): "a mask is missing",
    ("relu", "mask_inverted"): "upstream * (x < 0)",
    ("relu", "relu_of_upstream"): "masks must depend on x or y only",
    ("relu", "mask_of_upstream"): "masks must depend on x or y only",
    ("leaky_relu", "slope_dropped"): "every wrong entry has x < 0",
    ("leaky_relu", "slope_times_x"): "every wrong entry has x < 0",
    ("abs", "ones"): "every wrong entry has x < 0",
    ("abs", "step"): "what was returned is upstream * (x > 0)",
    ("clip", "none"): "a mask is missing",
    ("soft_threshold", "mask_missing"): "a mask is missing",
    ("soft_threshold", "one_side"): "a part is missing",
    ("add_bias", "not_summed"): "not summed over axis 0",
    ("add_bias", "mean_for_sum"): "1/5, where 5 is the length of axis 0",
    ("add_bias", "swapped"): "gradient of b, and vice versa: they are swapped",
    ("add_bias", "kept_axis"): "reshape it to (7,)",
    ("subtract", "sign"): "the sign is wrong",
    ("multiply", "swapped"): "they are swapped",
    ("matmul", "result_transposed"): "it is transposed",
    ("matmul", "swapped"): "they are swapped",
    ("linear_tanh", "swapped"): "gradient of w, and vice versa: they are swapped",
    ("linear_tanh", "rotated"): "gradient of w, and the right one was returned for b",
    ("linear_tanh", "batch_mean"): "1/5, where 5 is the length of axis 0",
    ("linear_tanh", "bias_forgotten"): "zero everywhere",
    ("mean", "divisor_missing"): "5, where 5 is the length of axis 0 of x",
    ("max", "to_all"): "a mask is missing",
    ("transpose", "not_undone"): "it is transposed",
    ("flip", "not_undone"): "reversed along axis 1",
    ("reshape", "transposed"): "the right numbers in the wrong places",
    ("reshape", "not_reshaped"): "reshape it to (5, 7)",
    ("gather", "repeated_lost"): "in every entry at index 0, 2 of axis 0, and only there",
    ("softmax", "diagonal_only"): "upstream * y * (1 - y)",
    ("cross_entropy", "not_divided"): "5, where 5 is the length of axis 0 of x",
    ("cross_entropy", "sign"): "the sign is wrong",
    ("cross_entropy", "upstream_ignored"): "the upstream gradient is ignored",
    ("mse", "factor_missing"): "a 2 is missing",
    ("mse", "sum_for_mean"): "35, where 35 is the size of x",
    ("l2", "penalty_forgotten"): "-0.1 * x: an extra or missing term",
    ("l2", "penalty_twice"): "0.1 * x: an extra or missing term",
    ("l2", "l1_besides"): "0.1 * sign(x)",
    ("l1", "forgotten"): "-0.1 * sign(x)",
    ("dropout", "mask_forgotten"): "a mask is missing",
    ("dropout", "scale_forgotten"): "0.7 * numeric in every entry",
    ("dropout", "both_forgotten"): "what was returned is upstream",
    ("var", "mean_forgotten"): "the same for all entries along axis 0",
    ("batch_norm", "mean_term_missing"): "the same for all entries along axis 0",
}


@pytest.mark.parametrize(("name", "mistake"), NAMED, ids=lambda x: x)
def test_a_frequent_mistake_is_named(name: str, mistake: str):
    c = next(c for c in CASES if c.name == name)
    for seed in range(3):
        inputs = c.inputs(np.random.default_rng(seed))
        report = check_backward(*pair(c, c.wrong[mistake]), *inputs, seed=seed)
        assert any(NAMED[name, mistake] in cause for cause in report.causes), report
        assert f"Consistent with: {report.causes[0]}." in unwrapped(report)


@pytest.mark.parametrize("formula", [text for text, _ in FORMULAS])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_formula_is_named_if_it_was_returned(formula: str, dtype):
    """The text itself is the backward pass."""

    def forward(x):
        return 1 / (3 + np.sin(2 * x))

    def backward(upstream, x):
        upstream, x = dtype(upstream), dtype(x)
        return eval(formula, {"upstream": upstream, "x": x, "y": forward(x), "sign": np.sign})

    report = check_backward(forward, backward, np.random.default_rng(0).uniform(-2, 2, 50))
    assert f"what was returned is {formula}" in report.causes, report


def test_what_is_nearly_a_formula_gets_no_name():
    def backward(d, x):
        return d * x * (1 + 1e-5 * np.sin(9 * x))

    report = check_backward(np.exp, backward, np.array([-1.5, 0.4, -0.3, 2.0, 1.1]))
    assert report.verdict == "fail"
    assert report.causes == ()


def tanh_backward(change):
    return lambda u, x: change(u) * (1 - np.tanh(x) ** 2)


NOT_LINEAR = {
    "clipped": lambda u: np.clip(u, -1.5, 1.5),
    "clipped at a million": lambda u: np.clip(u, -1e6, 1e6),
    "clipped from below": lambda u: np.maximum(u, -1e6),
    "clipped from above": lambda u: np.minimum(u, 1e6),
    "small ones dropped": lambda u: np.where(np.abs(u) < 1e-6, 0, u),
    "not a number at 0": lambda u: u * u / u,
    "one at 0": lambda u: np.where(u == 0, 1, u),
    "rounded": lambda u: np.round(u, 9),
    "something added": lambda u: u + 1e-10,
}


@pytest.mark.parametrize("name", NOT_LINEAR)
@pytest.mark.parametrize("x", [[0.1], [0.1, 0.2]], ids=["one entry", "two entries"])
def test_a_backward_that_is_not_linear_is_refused(name: str, x):
    with np.errstate(all="ignore"):
        report = check_backward(np.tanh, tanh_backward(NOT_LINEAR[name]), np.array(x))
    assert report.verdict == "fail", report
    assert any("the upstream gradient is not just multiplied" in c for c in report.causes), report


def test_a_primitive_that_is_not_linear_is_refused():
    @mr.primitive
    def clipped(x):
        return x * x, (lambda g: mr.clip(g, -1.5, 1.5) * 2 * x,)

    report = check_gradients(clipped, np.array([0.1, 0.2]))
    assert report.verdict == "fail", report
    assert any("is not just multiplied" in cause for cause in report.causes), report


KINKS = {"relu": 0.0, "leaky_relu": 0.0, "abs": 0.0, "clip": 0.5, "soft_threshold": 0.5}


@pytest.mark.parametrize(
    ("name", "mistake"), [key for key in NAMED if key[0] in KINKS], ids=lambda x: x
)
def test_kinks_among_the_inputs_change_no_cause(name: str, mistake: str):
    c = next(c for c in CASES if c.name == name)
    for seed in range(3):
        (x,) = c.inputs(np.random.default_rng(seed))
        causes = check_backward(*pair(c, c.wrong[mistake]), x, seed=seed).causes
        x[[0, 1, 2], [3, 0, 0]] = KINKS[name]  # not all of a row or column, not symmetric
        x[[3, 3], [1, 2]] = -KINKS[name]
        report = check_backward(*pair(c, c.wrong[mistake]), x, seed=seed)
        assert report.causes == causes, report


@pytest.mark.parametrize("c", CASES, ids=lambda c: c.name)
def test_right_code_fits_no_mistake(c: Case):
    for seed in range(5):
        subject = ArrayPair(*pair(c, c.right), c.inputs(np.random.default_rng(seed)))
        comparison = Comparison(subject, Settings(seed=seed))
        assert compare_everything(comparison)
        for finding in comparison.findings:
            assert find_causes(find_mismatch(comparison, finding)) == ()


@pytest.mark.parametrize(("c", "mistake"), WRONG, ids=lambda x: getattr(x, "name", x))
def test_inputs_with_a_right_gradient_have_no_cause(c: Case, mistake: str):
    random = np.random.default_rng(0)
    inputs = c.inputs(random)
    upstream = random.normal(size=c.forward(*inputs).shape)
    right, wrong = (f(upstream, *inputs) for f in (c.right, c.wrong[mistake]))
    report = check_backward(*pair(c, c.wrong[mistake]), *inputs)
    for finding, a, b in zip(report.findings, right, wrong):
        if np.array_equal(a, b):
            assert finding.verdict == "pass", report
            assert finding.causes == ()


def test_a_constant_needs_three_entries_to_count_as_one():
    """Any single wrong number is some constant times the right one."""

    def backward(d, x):
        return d * 2 * x * 1.234

    def square(x):
        return x * x

    assert check_backward(square, backward, np.array([0.7])).causes == ()
    assert check_backward(square, backward, np.array([0.7, 0.1, 0.9])).causes != ()


@pytest.mark.parametrize(
    ("factor", "cause"),
    [(-1, "the sign is wrong"), (0.5, "a 2 is missing"), (-2, "a 2 is too many (and the sign")],
)
def test_a_factor_is_named_as_far_as_its_slope_is_known(factor: float, cause: str):
    """Next to 10⁸ w², finite differences give dL/db to four digits only."""

    def steep(w, b):
        return 1e8 * w**2 + b**2

    report = check_backward(steep, lambda d, w, b: (d * 2e8 * w, factor * d * 2 * b), 3.0, 4.0)
    assert cause in report.causes[0], report


def test_a_large_factor_is_named_as_far_as_its_slopes_are_known():
    def steep(w, b):
        return 1e8 * w**2 + (b**2).sum()

    def backward(d, w, b):
        return d * 2e8 * w, 1000 * d * 2 * b

    (cause,) = check_backward(steep, backward, 3.0, np.array([3.0, 4.0, 5.0, 6.0])).causes
    assert "yours = 1000 * numeric in every entry" in cause


@pytest.mark.parametrize("factor", [1.002, 2.002, -1.002])
def test_a_factor_that_is_nearly_a_known_one_gets_no_name(factor: float):
    def steep(w, b):
        return 1e8 * w**2 + b**2

    report = check_backward(steep, lambda d, w, b: (d * 2e8 * w, factor * d * 2 * b), 3.0, 4.0)
    assert report.verdict == "fail"
    assert report.causes == ()


def test_a_factor_of_nearly_one_is_not_a_wrong_sign():
    x = np.array([0.7, 1.1, 1.9])
    (cause,) = check_backward(lambda x: x * x, lambda d, x: d * 2 * x * (1 + 5e-7), x).causes
    assert "sign" not in cause


LARGE = np.random.default_rng(0).normal(size=(2, 40, 40))


@pytest.mark.parametrize(
    ("forward", "backward", "cause"),
    [
        (np.multiply, lambda d, x, w: ((d * w).T, d * x), "it is transposed"),
        (np.multiply, lambda d, x, w: (d * w, (d * x)[::-1]), "it is reversed along axis 0"),
        (np.multiply, lambda d, x, w: (d * x, d * w), "they are swapped"),
        (np.multiply, lambda d, x, w: ((d * w)[None], d * x), "reshape it to (40, 40)"),
        (lambda x, w: x * w[:1], lambda d, x, w: (d * w[:1], d * x), None),
    ],
    ids=["transposed", "flipped", "swapped", "shape", "another mistake"],
)
def test_a_mistake_in_a_large_input_is_named_from_a_sample(forward, backward, cause):
    report = check_backward(forward, backward, *LARGE, entries=30)
    assert report.verdict == "fail"
    assert any(cause in found for found in report.causes) if cause else report.causes == ()


def test_a_wrong_entry_is_not_moved_to_unchecked_places():
    """A gradient that is 1 everywhere stays right if its one wrong entry is moved out of sight."""

    def backward(d, x, w):
        dx = d + 0 * x
        dx[17, 3] *= 2
        return dx, d + 0 * w

    for seed in range(5):
        report = check_backward(
            lambda x, w: x.sum() + w.sum(), backward, *LARGE, entries=30, seed=seed
        )
        assert [entry.index for entry in report["x"].wrong] == [(17, 3)]
        assert not [c for c in report.causes if "reversed" in c or "swapped" in c or "transp" in c]


def test_a_shape_that_fits_nothing_has_no_cause():
    report = check_backward(lambda x: x * 2, lambda d, x: d.ravel()[:2], np.ones((3, 4)))
    assert report.verdict == "fail"
    assert report.causes == ()


def test_whole_numbers_are_named():
    def backward(d, x):
        g = np.zeros(x.shape, dtype=int)
        g[...] = d * 2 * x
        return g

    report = check_backward(lambda x: x * x, backward, np.array([0.7, 1.1, 1.9]))
    assert report.causes == (
        "it is kept in an array of whole numbers, which cuts off its decimals",
    )


@pytest.mark.parametrize("dtype", [bool, int])
def test_an_ignored_upstream_is_named_besides_whole_numbers(dtype):
    """The derivative of relu itself is an array of booleans."""
    report = check_backward(
        lambda x: np.maximum(x, 0), lambda d, x: (x > 0).astype(dtype), np.array([-1.0, 0.5, 2.0])
    )
    assert "whole numbers" in report.causes[0]
    assert "the upstream gradient is ignored" in report.causes[1]
