"""`check_loss`: a function that returns its loss and its gradient together."""

from __future__ import annotations

import numpy as np
import pytest

from minireg.gradcheck import Floats, Integers, check_loss
from tests.gradcheck.verdicts import X, refused

pytestmark = pytest.mark.host

INPUTS = {"w": Floats("D", "C"), "x": Floats("N", "D"), "labels": Integers("N", below="C")}


def softmax_loss(w, x, labels, strength):
    """The loss and the gradients of w and x, as in the assignments of CS231n."""
    scores = x @ w
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    rows = np.arange(len(x))
    loss = -np.log(p[rows, labels]).mean() + strength * (w * w).sum()
    p[rows, labels] -= 1
    p /= len(x)
    return loss, x.T @ p + 2 * strength * w, p @ w.T


FORMS = {
    "tuple": lambda loss, dw, dx: (loss, (dw, dx)),
    "list": lambda loss, dw, dx: (loss, [dw, dx]),
    "dictionary": lambda loss, dw, dx: (loss, {"x": dx, "w": dw}),
}


@pytest.mark.parametrize("form", FORMS)
def test_gradients_may_come_in_each_form(form):
    def loss(w, x, labels, strength):
        return FORMS[form](*softmax_loss(w, x, labels, strength))

    report = check_loss(loss, inputs={**INPUTS, "strength": 0.1})
    assert report, report
    assert [finding.name for finding in report.findings] == ["w", "x"]


def test_one_gradient_may_be_an_array():
    report = check_loss(lambda x: ((x**2).sum(), 2 * x), X)
    assert report, report


def test_a_wrong_gradient_has_its_cause():
    def loss(w, x, labels, strength):
        value, dw, dx = softmax_loss(w, x, labels, strength)
        return value, {"w": dw - 2 * strength * w, "x": dx}

    report = check_loss(loss, inputs={**INPUTS, "strength": 0.1})
    refused(report, "the gradient of w is wrong")
    assert report.from_numbers[0].name == "penalty-missing"
    assert report["x"].verdict == "pass"


@pytest.mark.parametrize(
    ("function", "fragment"),
    [
        (lambda x: x.sum(), "it must return (loss, gradient)"),
        (lambda x: (x, 2 * x), "where loss is one number"),
        (lambda x: (None, 2 * x), "where loss is one number"),
        (lambda x: (x.sum(), None), "must return 1 gradient (x)"),
        (lambda x: (x.sum(), {"dx": 1 + 0 * x}), "the dictionary has dx"),
        (lambda x: (x.sum(), {}), "the dictionary has none"),
        (lambda x: (x.sum(), {"x": None}), "None for it"),
        (lambda x: (x.sum(), (x, x)), "but returned a tuple of 2"),
    ],
)
def test_what_it_returns_is_looked_at_first(function, fragment):
    report = check_loss(function, X)
    refused(report, fragment)
    assert report.from_numbers[0].name == "wrong-shape"


def test_an_input_that_is_changed_in_place_is_refused():
    def loss(x):
        x *= 2
        return (x**2).sum(), 8 * x

    report = check_loss(loss, X)
    refused(report, "changes its input x in place")
    assert report.from_numbers[0].name == "input-mutated"
