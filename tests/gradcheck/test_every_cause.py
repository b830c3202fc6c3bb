"""Each cause is found for a mistake that has it, among the first two."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest

from minireg.gradcheck import (
    CAUSES,
    Booleans,
    Cause,
    Floats,
    Integers,
    check_backward,
    check_loss,
)
from tests.gradcheck.gradbugs import CAUSES as LISTED

pytestmark = pytest.mark.host

MATRIX, ROW = Floats("N", "D"), Floats("D")
DRAWS, CALLS = np.random.default_rng(0), count()


def softmax(x, axis=1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def one_hot(labels, x):
    return np.eye(x.shape[1])[labels % x.shape[1]]


def cross_entropy(x, labels):
    return -np.log(softmax(x)[np.arange(len(x)), labels]).mean()


def ridge(w, b, x):
    return ((x @ w + b) ** 2).sum() + 0.1 * (w**2).sum()


def ridge_backward(w_term, b_term=lambda b: 0):
    def backward(u, w, b, x):
        error = 2 * (x @ w + b)
        return u * (x.T @ error + w_term(w)), u * (error.sum(axis=0) + b_term(b))

    return backward


def center(x):
    return x - x.mean(axis=0)


def add_in_place(u, x):
    x += u
    return u


def scale_in_place(u, x):
    u *= 2 * x
    return u


def with_whole_numbers(u, x):
    gradient = np.zeros(x.shape, dtype=int)
    gradient[...] = u * 2 * x
    return gradient


ENTROPY = {"x": Floats("N", "C"), "labels": Integers("N", below="C")}
RIDGE = {"w": Floats("D"), "b": Floats(), "x": np.random.default_rng(1).normal(size=(4, 5))}
RIDGE |= {"w": Floats(5)}
LINEAR = {"x": MATRIX, "w": Floats("D", "D")}


def entropy(backward):
    return check_backward(cross_entropy, backward, inputs=ENTROPY)


def penalized(*terms):
    return check_backward(ridge, ridge_backward(*terms), inputs=RIDGE)


def one(forward, backward, x=MATRIX):
    return check_backward(forward, backward, inputs={"x": x})


EXAMPLES = {
    "wrong-shape": lambda: one(np.square, lambda u, x: (u * 2 * x).ravel()[:-1]),
    "not-summed-over-broadcast": lambda: check_backward(
        np.add, lambda u, x, b: (u, u.copy()), inputs={"x": MATRIX, "b": ROW}
    ),
    "wrong-axis": lambda: one(
        softmax, lambda u, x: softmax(x) * (u - (u * softmax(x)).sum(axis=0, keepdims=True))
    ),
    "constant-factor": lambda: one(np.mean, lambda u, x: u * np.ones_like(x) / len(x)),
    "sign-flipped": lambda: one(lambda x: 1 / x, lambda u, x: u / x**2, Floats("N", low=0.5)),
    "transposed": lambda: check_backward(
        lambda x, w: x @ w, lambda u, x, w: (u @ w, x.T @ u), inputs=LINEAR
    ),
    "swapped-arguments": lambda: check_backward(
        np.multiply, lambda u, a, b: (u * a, u * b), inputs={"a": MATRIX, "b": MATRIX}
    ),
    "order-not-undone": lambda: one(lambda x: x[::-1] ** 2, lambda u, x: 2 * x[::-1] * u),
    "upstream-ignored": lambda: one(np.square, lambda u, x: 2 * x),
    "upstream-nonlinear": lambda: one(np.square, lambda u, x: u * u * 2 * x),
    "output-for-input": lambda: one(np.tanh, lambda u, x: u * (1 - x**2)),
    "missing-chain-factor": lambda: one(lambda x: np.sin(x) ** 2, lambda u, x: u * 2 * np.sin(x)),
    "mask-missing": lambda: one(lambda x: np.maximum(x, 0), lambda u, x: u),
    "mask-inverted": lambda: check_backward(
        lambda x, keep: x * keep,
        lambda u, x, keep: u * ~keep,
        inputs={"x": MATRIX, "keep": Booleans("N", "D")},
    ),
    "mask-resampled": lambda: one(
        lambda x: x * (np.random.default_rng(0).random(x.shape) > 0.5),
        lambda u, x: u * (DRAWS.random(x.shape) > 0.5),
    ),
    "mask-from-upstream": lambda: one(lambda x: np.maximum(x, 0), lambda u, x: u * (u > 0)),
    "zero-gradient": lambda: one(np.square, lambda u, x: 0 * x),
    "penalty-missing": lambda: penalized(lambda w: 0),
    "penalty-scaled": lambda: penalized(lambda w: 0.1 * w),
    "penalty-kind-confused": lambda: penalized(lambda w: 0.1 * np.sign(w)),
    "bias-regularized": lambda: check_loss(
        lambda w, b: ((w + b) @ w, {"w": 2 * w + b, "b": w + 0.2 * b}), inputs={"w": ROW, "b": ROW}
    ),
    "overwritten-not-accumulated": lambda: one(
        lambda x: x[[0, 1, 0]] * 2, lambda u, x: 2 * np.stack([u[2], u[1], *0 * x[2:]])
    ),
    "one-hot-missing": lambda: entropy(lambda u, x, labels: u * softmax(x) / len(x)),
    "labels-shifted": lambda: entropy(
        lambda u, x, labels: u * (softmax(x) - one_hot(labels + 1, x)) / len(x)
    ),
    "softmax-twice": lambda: entropy(
        lambda u, x, labels: u * (softmax(softmax(x)) - one_hot(labels, x)) / len(x)
    ),
    "jacobian-diagonal-only": lambda: one(softmax, lambda u, x: u * softmax(x) * (1 - softmax(x))),
    "statistics-held-constant": lambda: one(
        lambda x: center(x) / np.sqrt((center(x) ** 2).mean(axis=0)),
        lambda u, x: center(u) / np.sqrt((center(x) ** 2).mean(axis=0)),
    ),
    "max-not-routed": lambda: one(
        lambda x: x.max(axis=1), lambda u, x: u[:, None] * np.ones_like(x)
    ),
    "not-finite": lambda: one(np.abs, lambda u, x: u * x / np.abs(x)),
    "input-mutated": lambda: one(lambda x: x * 1.0, add_in_place),
    "upstream-mutated": lambda: one(np.square, scale_in_place),
    "aliased-gradients": lambda: check_backward(
        np.add, lambda u, a, b: (u, u), inputs={"a": MATRIX, "b": MATRIX}
    ),
    "nondeterministic": lambda: one(lambda x: x + DRAWS.normal(), lambda u, x: u),
    "stateful": lambda: one(np.square, lambda u, x: u * 2 * x * next(CALLS)),
    "integer-input": lambda: one(np.square, with_whole_numbers),
    "raised": lambda: check_backward(
        lambda x, w: x @ w,
        lambda u, x, w: (u @ w, x.T @ u),
        inputs={"x": MATRIX, "w": Floats("D", "H")},
    ),
    "unknown": lambda: one(
        lambda x: np.sin(x).sum(axis=1), lambda u, x: u[:, None] * np.exp(x) * x.std() + u.sum()
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_mistake_has_its_cause(name: str):
    report = EXAMPLES[name]()
    assert report.verdict == "fail"
    assert name in [cause.name for cause in report.from_numbers[:2]], report.from_numbers


def test_every_cause_has_an_example_and_a_description():
    assert set(EXAMPLES) == set(CAUSES) == {*LISTED, "unknown"}


def test_a_cause_is_a_sentence_with_two_hints():
    cause = one(np.square, lambda u, x: u * x).from_numbers[0]
    assert isinstance(cause, Cause)
    assert str(cause) == "a constant factor: yours = 0.5 * numeric; a 2 is missing"
    question, rule = cause.hints
    assert question.endswith("?")
    assert rule.endswith(".")


@pytest.mark.parametrize("name", CAUSES)
def test_hints_are_a_question_and_then_a_rule(name: str):
    _, question, rule = CAUSES[name]
    assert question.endswith("?")
    assert rule.endswith(".")
    assert rule.isascii()


def test_an_unknown_mistake_is_shown_in_its_smallest_case():
    (cause,) = EXAMPLES["unknown"]().from_numbers
    assert "the smallest case that fails has N = 1, D = 1: x = [[" in cause.evidence
