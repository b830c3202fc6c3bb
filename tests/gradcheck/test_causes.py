"""Frequent mistakes are named in the report, and right code fits none of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import minireg as mr
from minireg.gradcheck import check_backward, check_gradients
from minireg.gradcheck.array_pair import ArrayPair
from minireg.gradcheck.causes import find_causes
from minireg.gradcheck.comparison import Comparison, Settings
from minireg.gradcheck.formula_causes import FORMULAS
from minireg.gradcheck.verdicts import compare_everything, find_mismatch
from tests.gradcheck.catalogue import CASES, WRONG, Case, pair
from tests.gradcheck.verdicts import unwrapped

pytestmark = pytest.mark.host


def names(report) -> list[str]:
    return [cause.name for cause in report.from_numbers]


# (function, mistake): the cause, one of the first two, and what the report must say about it
NAMED = {
    ("exp", "input_for_output"): ("output-for-input", "what was returned is upstream * x"),
    ("exp", "zero"): ("zero-gradient", "zero everywhere"),
    ("exp", "negative"): ("sign-flipped", "the sign is wrong"),
    ("exp", "upstream_ignored"): ("upstream-ignored", "another one gives the same"),
    ("exp", "upstream_squared"): (
        "upstream-nonlinear",
        "the upstream gradient is not just multiplied",
    ),
    ("log", "output_for_input"): ("output-for-input", "what was returned is upstream / y"),
    ("log", "not_inverted"): ("missing-chain-factor", "what was returned is upstream * x"),
    ("sqrt", "half_missing"): ("constant-factor", "2 * numeric"),
    ("square", "factor_missing"): ("constant-factor", "a 2 is missing"),
    ("square", "factor_twice"): ("constant-factor", "a 2 is too many"),
    ("power", "factor_missing"): ("constant-factor", "yours = 0.333333 * numeric"),
    ("tanh", "input_for_output"): ("output-for-input", "upstream * (1 - x**2)"),
    ("tanh", "square_missing"): ("missing-chain-factor", "upstream * (1 - y)"),
    ("tanh", "that_of_sigmoid"): ("missing-chain-factor", "upstream * y * (1 - y)"),
    ("sigmoid", "input_for_output"): ("output-for-input", "upstream * x * (1 - x)"),
    ("sigmoid", "factor_missing"): ("missing-chain-factor", "what was returned is upstream * y"),
    ("relu", "mask_missing"): ("mask-missing", "a mask is missing"),
    ("relu", "mask_inverted"): ("mask-inverted", "zero exactly where the input matters"),
    ("relu", "relu_of_upstream"): ("mask-from-upstream", "right for multiples above 0"),
    ("relu", "mask_of_upstream"): ("mask-from-upstream", "right for multiples above 0"),
    ("leaky_relu", "slope_dropped"): ("zero-gradient", "every wrong entry has x < 0"),
    ("leaky_relu", "slope_times_x"): ("missing-chain-factor", "every wrong entry has x < 0"),
    ("abs", "ones"): ("missing-chain-factor", "what was returned is upstream"),
    ("abs", "step"): ("missing-chain-factor", "every wrong entry has x < 0"),
    ("clip", "none"): ("mask-missing", "a mask is missing"),
    ("soft_threshold", "mask_missing"): ("mask-missing", "a mask is missing"),
    ("soft_threshold", "one_side"): ("zero-gradient", "a part is missing"),
    ("add_bias", "not_summed"): ("not-summed-over-broadcast", "not summed over axis 0"),
    ("add_bias", "mean_for_sum"): ("constant-factor", "1/5, where 5 is the length of axis 0"),
    ("add_bias", "swapped"): (
        "swapped-arguments",
        "are swapped",
    ),
    ("add_bias", "kept_axis"): ("wrong-shape", "reshape it to (7,)"),
    ("subtract", "sign"): ("sign-flipped", "the sign is wrong"),
    ("multiply", "swapped"): ("swapped-arguments", "are swapped"),
    ("matmul", "result_transposed"): ("transposed", "its transpose is right"),
    ("matmul", "swapped"): ("swapped-arguments", "are swapped"),
    ("linear_tanh", "swapped"): (
        "swapped-arguments",
        "are swapped",
    ),
    ("linear_tanh", "rotated"): (
        "swapped-arguments",
        "the right one was returned for b",
    ),
    ("linear_tanh", "batch_mean"): ("constant-factor", "1/5, where 5 is the length of axis 0"),
    ("linear_tanh", "bias_forgotten"): ("zero-gradient", "zero everywhere"),
    ("mean", "divisor_missing"): ("constant-factor", "; 5 is the length of axis 0"),
    ("max", "to_all"): ("max-not-routed", "its gradient goes to 7"),
    ("transpose", "not_undone"): ("transposed", "its transpose is right"),
    ("flip", "not_undone"): ("order-not-undone", "reversed along axis 1"),
    ("reshape", "transposed"): ("order-not-undone", "the right numbers in the wrong places"),
    ("reshape", "not_reshaped"): ("wrong-shape", "reshape it to (5, 7)"),
    ("gather", "repeated_lost"): (
        "overwritten-not-accumulated",
        "reaches 2 outputs, and 1 of",
    ),
    ("softmax", "diagonal_only"): ("jacobian-diagonal-only", "only on the entry at the same place"),
    ("cross_entropy", "not_divided"): (
        "constant-factor",
        "5 is the length of axis 0",
    ),
    ("cross_entropy", "sign"): ("sign-flipped", "the sign is wrong"),
    ("cross_entropy", "upstream_ignored"): ("upstream-ignored", "another one gives the same"),
    ("mse", "factor_missing"): ("constant-factor", "a 2 is missing"),
    ("mse", "sum_for_mean"): ("constant-factor", "35 is the size of"),
    ("l2", "penalty_forgotten"): ("penalty-missing", "-0.1 * x: an extra or missing term"),
    ("l2", "penalty_twice"): ("penalty-scaled", "0.1 * x: an extra or missing term"),
    ("l2", "l1_besides"): ("penalty-scaled", "0.1 * sign(x)"),
    ("l1", "forgotten"): ("penalty-missing", "-0.1 * sign(x)"),
    ("dropout", "mask_forgotten"): ("mask-missing", "a mask is missing"),
    ("dropout", "scale_forgotten"): ("constant-factor", "1 - RATE, with RATE = 0.3"),
    ("dropout", "both_forgotten"): ("mask-missing", "yours = 0.7 * numeric elsewhere"),
    ("var", "mean_forgotten"): (
        "statistics-held-constant",
        "the same for all entries along",
    ),
    ("batch_norm", "mean_term_missing"): (
        "statistics-held-constant",
        "the same for all entries of a column",
    ),
    ("divide", "sign"): ("sign-flipped", "the sign is wrong"),
    ("add_bias", "one_row"): ("overwritten-not-accumulated", "reaches 5 outputs, and 1 of them"),
    ("add_bias", "summed_twice"): ("wrong-axis", "outputs that do not depend on an entry"),
    ("matmul", "weight_not_transposed"): ("transposed", "what was returned is upstream @ w"),
    ("matmul", "input_not_transposed"): ("transposed", "what was returned is x @ upstream"),
    ("matmul", "other_order"): ("swapped-arguments", "what was returned is w.T @ upstream"),
    ("linear_tanh", "activation_forgotten"): ("missing-chain-factor", "upstream @ w.T"),
    ("mean", "wrong_axis"): ("wrong-axis", "5/7, where 5 is the length of axis 0"),
    ("norm", "not_divided"): ("missing-chain-factor", "is y"),
    ("var", "unbiased"): ("constant-factor", "5/4, where 5 is the length of axis 0"),
    ("cumulative_sum", "not_reversed"): ("order-not-undone", "the forward pass is applied again"),
    ("softmax", "sum_over_the_batch"): ("wrong-axis", "along axis 1, but yours along axis 0"),
    ("sqrt", "input_for_output"): ("output-for-input", "yours = numeric * (x/y)**-1"),
    ("cross_entropy", "one_hot_forgotten"): ("one-hot-missing", "0.2 * one-hot(labels)"),
    ("cross_entropy", "whole_columns"): ("one-hot-missing", "in the columns that occur in labels"),
    ("cross_entropy", "labels_off_by_one"): ("labels-shifted", "in other places"),
    ("cross_entropy", "softmax_twice"): ("softmax-twice", "softmax(x) over axis 1"),
    ("l2", "l1_for_l2"): ("penalty-kind-confused", "-0.1 * x + 0.1 * sign(x)"),
    ("l1", "weight_for_sign"): ("penalty-kind-confused", "-0.1 * sign(x) + 0.1 * x"),
    ("dropout", "scaled_by_p"): ("constant-factor", "(1 - RATE)/RATE"),
    ("dropout", "scaled_twice"): ("constant-factor", "1/(1 - RATE)"),
    ("dropout", "mask_inverted"): ("mask-inverted", "not mask in place of mask"),
    ("batch_norm", "variance_term_missing"): (
        "statistics-held-constant",
        "comes from the variance",
    ),
    ("batch_norm", "both_constant"): ("statistics-held-constant", "only on the entry at the same"),
    ("linear_tanh", "decay_on_the_bias"): ("bias-regularized", "0.1 * x is added"),
}


@pytest.mark.parametrize(("name", "mistake"), NAMED, ids=lambda x: x)
def test_a_frequent_mistake_is_named(name: str, mistake: str):
    c = next(c for c in CASES if c.name == name)
    for seed in range(3):
        inputs = c.inputs(np.random.default_rng(seed))
        report = check_backward(*pair(c, c.wrong[mistake]), *inputs, seed=seed)
        cause, text = NAMED[name, mistake]
        assert cause in [found.name for found in report.from_numbers[:2]], report
        assert any(text in str(found) for found in report.from_numbers), report
        report = replace(report, evidence=())  # without it no edits are tried
        assert f"Consistent with: {report.from_numbers[0]}." in unwrapped(report)


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
    evidence = [cause.evidence for cause in report.from_numbers]
    assert f"what was returned is {formula}" in evidence, report


def test_what_is_nearly_a_formula_gets_no_name():
    def backward(d, x):
        return d * x * (1 + 1e-5 * np.sin(9 * x))

    report = check_backward(np.exp, backward, np.array([-1.5, 0.4, -0.3, 2.0, 1.1]))
    assert report.verdict == "fail"
    assert names(report) == ["missing-chain-factor"]
    assert "what was returned" not in str(report)


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
    assert {"upstream-nonlinear", "mask-from-upstream"} & {*names(report)}, report


def test_a_primitive_that_is_not_linear_is_refused():
    @mr.primitive
    def clipped(x):
        return x * x, (lambda g: mr.clip(g, -1.5, 1.5) * 2 * x,)

    report = check_gradients(clipped, np.array([0.1, 0.2]))
    assert report.verdict == "fail", report
    assert "upstream-nonlinear" in names(report), report


KINKS = {"relu": 0.0, "leaky_relu": 0.0, "abs": 0.0, "clip": 0.5, "soft_threshold": 0.5}


@pytest.mark.parametrize(
    ("name", "mistake"), [key for key in NAMED if key[0] in KINKS], ids=lambda x: x
)
def test_kinks_among_the_inputs_change_no_cause(name: str, mistake: str):
    c = next(c for c in CASES if c.name == name)
    for seed in range(3):
        (x,) = c.inputs(np.random.default_rng(seed))
        causes = check_backward(*pair(c, c.wrong[mistake]), x, seed=seed).from_numbers
        x[[0, 1, 2], [3, 0, 0]] = KINKS[name]  # not all of a row or column, not symmetric
        x[[3, 3], [1, 2]] = -KINKS[name]
        report = check_backward(*pair(c, c.wrong[mistake]), x, seed=seed)
        assert report.from_numbers == causes, report


@pytest.mark.parametrize("c", CASES, ids=lambda c: c.name)
def test_right_code_fits_no_mistake(c: Case):
    for seed in range(5):
        subject = ArrayPair(
            dict(zip(("forward", "backward"), pair(c, c.right))),
            c.inputs(np.random.default_rng(seed)),
        )
        comparison = Comparison(subject, Settings(seed=seed))
        assert compare_everything(comparison)
        for finding in comparison.findings:
            found = find_causes(find_mismatch(comparison, finding))
            assert [cause.name for cause in found] == ["unknown"]


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

    assert names(check_backward(square, backward, np.array([0.7]))) == ["unknown"]
    assert "constant-factor" in names(check_backward(square, backward, np.array([0.7, 0.1, 0.9])))


@pytest.mark.parametrize(
    ("factor", "cause"),
    [(-1, "the sign is wrong"), (0.5, "a 2 is missing"), (-2, "a 2 is too many (and the sign")],
)
def test_a_factor_is_named_as_far_as_its_slope_is_known(factor: float, cause: str):
    """Next to 10⁸ w², finite differences give dL/db to four digits only."""

    def steep(w, b):
        return 1e8 * w**2 + b**2

    report = check_backward(steep, lambda d, w, b: (d * 2e8 * w, factor * d * 2 * b), 3.0, 4.0)
    assert cause in str(report.from_numbers[0]), report


def test_a_large_factor_is_named_as_far_as_its_slopes_are_known():
    def steep(w, b):
        return 1e8 * w**2 + (b**2).sum()

    def backward(d, w, b):
        return d * 2e8 * w, 1000 * d * 2 * b

    cause = check_backward(steep, backward, 3.0, np.array([3.0, 4.0, 5.0, 6.0])).from_numbers[0]
    assert "yours = 1000 * numeric in every entry" in str(cause)


@pytest.mark.parametrize("factor", [1.002, 2.002, -1.002])
def test_a_factor_that_is_nearly_a_known_one_gets_no_name(factor: float):
    def steep(w, b):
        return 1e8 * w**2 + b**2

    report = check_backward(steep, lambda d, w, b: (d * 2e8 * w, factor * d * 2 * b), 3.0, 4.0)
    assert report.verdict == "fail"
    assert names(report) == ["unknown"]


def test_a_factor_of_nearly_one_is_not_a_wrong_sign():
    x = np.array([0.7, 1.1, 1.9])
    report = check_backward(lambda x: x * x, lambda d, x: d * 2 * x * (1 + 5e-7), x)
    assert "sign-flipped" not in names(report)


LARGE = np.random.default_rng(0).normal(size=(2, 40, 40))


@pytest.mark.parametrize(
    ("forward", "backward", "cause"),
    [
        (np.multiply, lambda d, x, w: ((d * w).T, d * x), "its transpose is right"),
        (np.multiply, lambda d, x, w: (d * w, (d * x)[::-1]), "it is reversed along axis 0"),
        (np.multiply, lambda d, x, w: (d * x, d * w), "are swapped"),
        (np.multiply, lambda d, x, w: ((d * w)[None], d * x), "reshape it to (40, 40)"),
        (lambda x, w: x * w[:1], lambda d, x, w: (d * w[:1], d * x), "none of the known mistakes"),
    ],
    ids=["transposed", "flipped", "swapped", "shape", "another mistake"],
)
def test_a_mistake_in_a_large_input_is_named_from_a_sample(forward, backward, cause):
    report = check_backward(forward, backward, *LARGE, entries=30)
    assert report.verdict == "fail"
    assert any(cause in str(found) for found in report.from_numbers), report


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
        moved = {"order-not-undone", "swapped-arguments", "transposed"}
        assert not moved & {*names(report)}, report


def test_a_shape_that_fits_nothing_is_a_wrong_shape():
    report = check_backward(lambda x: x * 2, lambda d, x: d.ravel()[:2], np.ones((3, 4)))
    assert report.verdict == "fail"
    assert names(report)[0] == "wrong-shape"


def test_whole_numbers_are_named():
    def backward(d, x):
        g = np.zeros(x.shape, dtype=int)
        g[...] = d * 2 * x
        return g

    report = check_backward(lambda x: x * x, backward, np.array([0.7, 1.1, 1.9]))
    assert names(report) == ["integer-input"]


@pytest.mark.parametrize("dtype", [bool, int])
def test_an_ignored_upstream_is_named_besides_whole_numbers(dtype):
    """The derivative of relu itself is an array of booleans."""
    report = check_backward(
        lambda x: np.maximum(x, 0), lambda d, x: (x > 0).astype(dtype), np.array([-1.0, 0.5, 2.0])
    )
    assert names(report) == ["integer-input", "upstream-ignored"]


def softmax(x, axis):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def test_another_axis_shows_in_a_loss_too():
    def entropy(x):
        return -np.log(softmax(x, 1)[:, 0]).sum()

    def over_columns(u, x):
        return u * (softmax(x, 0) - np.eye(x.shape[1])[0])

    report = check_backward(entropy, over_columns, LARGE[0, :5, :7])
    assert names(report)[0] == "wrong-axis"


def test_a_residual_is_a_penalty_only_if_it_stays_one():
    """The gradient of a cosine has a multiple of x, which is another one at each point."""

    def cosine(x, t):
        return (x @ t) / np.sqrt((x @ x) * (t @ t))

    def without_norm(u, x, t):
        size = np.sqrt((x @ x) * (t @ t))
        return u * t / size, u * (x / size - t * cosine(x, t) / (t @ t))

    report = check_backward(cosine, without_norm, LARGE[0, 0], LARGE[0, 1])
    assert names(report) == ["missing-chain-factor", "statistics-held-constant"]


def test_other_points_are_named():
    def product(x, w):
        return x @ w

    def flipped(u, x, w):
        return u @ w[:, ::-1].T, x.T @ u

    report = check_backward(product, flipped, LARGE[0, :5, :7], LARGE[0, :7, :3])
    assert names(report)[0] == "order-not-undone"
    assert "w reversed along axis 1" in report.from_numbers[0].evidence
    report = check_backward(np.exp, lambda u, x: u * np.exp(-x), LARGE[0, 0, :7])
    assert "sign-flipped" in names(report)


def test_causes_are_looked_for_where_other_points_are_refused():
    """The function takes only points that are nearly the given one."""
    x = np.array([0.3, -0.8, 1.2, 0.5])

    def careful(z):
        if np.abs(z - x).max() > 0.01:
            raise ValueError("too far")
        return np.sin(z)

    report = check_backward(careful, lambda u, z: u * np.exp(z), x)
    assert names(report) == ["missing-chain-factor"]
    cut = check_backward(lambda z: z[z < 1.2001], lambda u, z: np.append(u, 0)[:4] * 3 * z, x)
    assert cut.verdict == "fail"
