"""In which order a report names what the numbers show and what the first repair mends."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from minireg.gradcheck import Floats, Integers, check_backward, check_loss
from minireg.gradcheck.cause import make_cause
from minireg.gradcheck.hints import choose_causes
from minireg.gradcheck.inputs import draw_inputs
from minireg.gradcheck.joined_causes import join_causes
from minireg.gradcheck.repairs import Repair

pytestmark = pytest.mark.host
MATRIX = {"x": Floats("N", "D")}


def join(numbers, repaired):
    repairs = [Repair(3, "before", "after", "", "", repaired)] if repaired else []
    causes = join_causes(tuple(make_cause(name) for name in numbers.split()), repairs)
    return " ".join(cause.name for cause in causes)


def test_a_repair_comes_before_what_is_vague():
    assert join("unknown", "mask-inverted") == "mask-inverted unknown"
    both = "missing-chain-factor wrong-axis"
    assert join(both, "transposed") == "transposed missing-chain-factor wrong-axis"
    assert join(both, "wrong-axis") == "wrong-axis missing-chain-factor"


def test_a_repair_comes_after_what_the_numbers_show():
    assert join("order-not-undone", "max-not-routed") == "order-not-undone max-not-routed"
    assert join("one-hot-missing", "") == "one-hot-missing"


def test_a_repair_comes_last_after_what_the_calls_show():
    both = "nondeterministic stateful"
    assert join(both, "constant-factor") == "nondeterministic stateful constant-factor"
    both = "sign-flipped aliased-gradients"
    assert join(both, "transposed") == "sign-flipped aliased-gradients transposed"


def test_a_factor_of_a_penalty_is_named_as_such():
    both = "penalty-missing penalty-scaled"
    assert join(both, "constant-factor") == "penalty-missing penalty-scaled"


def name_first(report):
    return report.from_numbers[0].name


def test_a_penalty_of_one_bias_is_recognised():
    def loss(w, b, x, sign):
        error = x @ w + b - 1
        wrong = 0.3 * np.sign(b) if sign else 0.3 * b
        return (error**2).sum() / 2 + 0.3 * np.abs(w).sum(), (
            x.T @ error + 0.3 * np.sign(w),
            error.sum(keepdims=True) + wrong,
        )

    inputs = {"w": Floats("D"), "b": Floats(1), "x": np.ones((4, 5)) + np.eye(4, 5)}
    for sign in (True, False):
        report = check_loss(loss, inputs={**inputs, "sign": sign})
        assert name_first(report) == "bias-regularized", report


def test_a_choice_by_value_is_told_from_a_fixed_one():
    def to_first(upstream, x):
        dx = np.zeros(x.shape)
        dx[:, 0] = upstream
        return dx

    chosen = check_backward(lambda x: x.max(axis=1), to_first, inputs=MATRIX)
    assert name_first(chosen) == "max-not-routed"
    fixed = check_backward(lambda x: x[:, 1] * 1.0, to_first, inputs=MATRIX)
    assert "max-not-routed" not in [cause.name for cause in fixed.from_numbers]


def test_a_shape_with_exchanged_lengths_is_transposed():
    turned = lambda u, x: np.ones(x.shape[::-1]) * u.sum() / x.size  # noqa: E731
    report = check_backward(lambda x: x * 1.0, turned, inputs=MATRIX)
    assert [c.name for c in report.from_numbers] == ["transposed", "order-not-undone"]


def test_state_of_another_call_is_recognised():
    masks = {}

    def backward(upstream, x, mask):
        return upstream * masks.setdefault(x.shape, mask.copy())

    inputs = {"x": Floats("N", "D"), "mask": Integers("N", "D", below=2)}
    report = check_backward(lambda x, mask: x * mask, backward, inputs=inputs)
    assert report.point == "special"
    assert "stateful" in [cause.name for cause in report.from_numbers[:2]]


def test_inputs_of_one_shape_have_common_values():
    inputs = {"x": Floats("N"), "labels": Integers("N", below=3)}
    for seed in range(5):
        *_, special = draw_inputs(inputs, seed)
        assert (special.inputs["x"] == special.inputs["labels"]).any()


def shown(numbers, repaired="", gradients=()):
    """The names of the causes in the text of a report."""
    repairs = (Repair(3, "before", "after", "", "", repaired, gradients),) if repaired else ()
    causes = tuple(make_cause(name, f"seen {i}") for i, name in enumerate(numbers.split()))
    report = SimpleNamespace(causes=causes, repairs=repairs)
    return " ".join(cause.name for cause in choose_causes(report))


def test_a_text_has_two_causes_and_those_of_the_calls():
    assert shown("sign-flipped transposed wrong-axis") == "sign-flipped transposed"
    several = "sign-flipped aliased-gradients transposed stateful wrong-axis"
    assert shown(several) == "sign-flipped aliased-gradients stateful"
    assert shown("nondeterministic stateful sign-flipped") == "nondeterministic stateful"
    several = "sign-flipped aliased-gradients transposed"
    assert shown(several) == "sign-flipped aliased-gradients"


def test_a_cause_that_an_edit_mends_is_the_only_one():
    several = "mask-missing missing-chain-factor wrong-axis"
    assert shown(several, "mask-missing") == "mask-missing"
    assert shown(several, "wrong-axis") == "mask-missing wrong-axis"
    assert shown(several, "mask-missing", ("w",)) == "mask-missing wrong-axis"


def test_readings_of_the_same_evidence_are_shown_as_one():
    causes = tuple(make_cause(name, "its transpose is right") for name in ("transposed", "unknown"))
    assert choose_causes(SimpleNamespace(causes=causes, repairs=())) == [causes[0]]


def test_a_missing_keepdims_is_one_cause():
    inputs = {"x": Floats("N", 1), "y": Floats("N", "D")}
    backward = lambda u, x, y: (u.sum(axis=1), u.copy())  # noqa: E731
    report = check_backward(lambda x, y: x + y, backward, inputs=inputs)
    [cause] = report.from_numbers
    assert cause.name == "wrong-shape"
    assert cause.evidence.endswith("reshape it to (5, 1), or sum with keepdims=True")


def test_the_diagonal_of_a_jacobian_is_not_a_sum_that_lost_a_part():
    softmax = lambda x: np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)  # noqa: E731
    diagonal = lambda u, x: u * softmax(x) * (1 - softmax(x))  # noqa: E731
    report = check_backward(softmax, diagonal, inputs=MATRIX)
    assert [cause.name for cause in report.from_numbers] == ["jacobian-diagonal-only"]


def test_a_sum_for_a_mean_inside_a_formula_names_the_length():
    def backward(upstream, x):
        s = x.std(axis=0)
        y = (x - x.mean(axis=0)) / s
        return (upstream - upstream.sum(axis=0) - y * (upstream * y).mean(axis=0)) / s

    forward = lambda x: (x - x.mean(axis=0)) / x.std(axis=0)  # noqa: E731
    cause = check_backward(forward, backward, inputs=MATRIX).causes[0]
    assert cause.name == "constant-factor"
    assert "5 is the length of axis 0 of x: a sum in place of a mean" in cause.evidence


def test_a_factor_that_is_an_input_is_named():
    inputs = {"x": Floats("N", "D"), "gamma": Floats("D")}

    def backward(upstream, x, gamma):
        return upstream - upstream.mean(axis=0), (upstream * (x - x.mean(axis=0))).sum(axis=0)

    report = check_backward(lambda x, gamma: gamma * (x - x.mean(axis=0)), backward, inputs=inputs)
    assert report.causes[0].evidence == "yours = numeric / gamma"
