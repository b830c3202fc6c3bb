"""In which order a report names what the numbers show and what the first repair mends."""

from __future__ import annotations

import numpy as np
import pytest

from minireg.gradcheck import Floats, Integers, check_backward, check_loss
from minireg.gradcheck.cause import make_cause
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
