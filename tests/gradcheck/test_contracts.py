"""Contracts between forward, backward and their callers are checked before numbers."""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg.gradcheck import check_backward, check_gradients
from tests.gradcheck.verdicts import B, X, refused, square, square_backward

pytestmark = pytest.mark.host


@pytest.mark.parametrize(
    ("forward", "backward", "inputs", "fragment"),
    [
        (square, lambda d, x: None, (X,), "returned None. Its return statement may be missing"),
        (
            np.add,
            lambda d, a, b: None,
            (X, X),
            "returned None. Its return statement may be missing",
        ),
        (np.add, lambda d, a, b: (d, None), (X, X), "is missing: backward returned None for it"),
        (np.add, lambda d, a, b: d, (X, X), "must return 2 gradients"),
        (np.add, lambda d, a, b: (d, d, d), (X, X), "but returned a tuple of 3"),
        (np.add, lambda d, a, b: (d, d), (X, B), "has the shape (3, 4)"),
        (square, lambda d, x: (d * 2 * x).sum(axis=0), (X,), "has the shape (4,)"),
        (square, lambda d, x: {"dx": d}, (X,), "the dictionary has dx"),
        (square, lambda d, x: np.full_like(x, np.nan), (X,), "nan"),
        (square, lambda d, x: np.full_like(x, np.inf), (X,), "inf"),
        (square, lambda d, x: (d * 2 * x).astype(int), (X,), "an array of whole numbers"),
        (lambda x: None, square_backward, (X,), "Its return statement may be missing"),
        (lambda x: "text", square_backward, (X,), "it returned str 'text'"),
    ],
)
def test_what_backward_returns_is_looked_at_first(forward, backward, inputs, fragment):
    refused(check_backward(forward, backward, *inputs), fragment)


@pytest.mark.parametrize(
    ("forward", "backward"),
    [
        (lambda x: mr.where(x > 0, x, 0), lambda d, x: d * (x > 0)),
        (lambda x: np.maximum(x, 0), lambda d, x: mr.where(x > 0, d, 0)),
        (lambda x: np.maximum(x, 0), lambda d, x: {"x": mr.where(x > 0, d, 0)}),
        (lambda x: (mr.sum(mr.tensor(x)), x), lambda d, x: d * np.ones_like(x)),
    ],
)
def test_a_pair_that_returns_tensors_is_told_what_to_do(forward, backward):
    report = check_backward(forward, backward, X)
    assert report.verdict == "cannot tell"
    assert "it returned a Tensor: use NumPy (np.where, not mr.where). The call is" in report.why


def test_the_gradients_of_a_pair_may_have_names():
    def backward(upstream, x, w):
        return {"w": x.T @ upstream, "x": upstream @ w.T}

    x, w = np.sin(np.arange(6.0)).reshape(2, 3), np.cos(np.arange(12.0)).reshape(3, 4)
    report = check_backward(lambda x, w: x @ w, backward, x, w)
    assert report, report


def test_a_wrong_number_of_gradients_names_the_inputs():
    report = check_backward(lambda x, w, b: x * w + b, lambda d, x, w, b: (d, d), X, X, X)
    refused(report, "3 gradients (x, w, b), in the order of the arguments")


def in_place(x):
    x *= 2
    return x * 1.0


def upstream_in_place(upstream, x):
    upstream *= 2 * x
    return upstream


def test_changing_things_in_place_is_refused():
    refused(check_backward(in_place, lambda d, x: d * 2, X), "it changes its input x in place")
    refused(check_backward(square, upstream_in_place, X), "changes the upstream gradient in place")

    def input_in_place(upstream, x):
        x[0] = 0
        return upstream * 2 * x

    refused(check_backward(square, input_in_place, X), "backward changes its input x in place")

    def cache_in_place(upstream, y):
        y *= upstream
        return y

    exp = lambda x: (np.exp(x), np.exp(x))  # noqa: E731
    refused(check_backward(exp, cache_in_place, X), "changes what the forward pass saved")


def test_a_constant_mask_must_not_be_changed():
    def forward(x, mask):
        mask[0] = True
        return x * mask

    report = check_backward(forward, lambda d, x, m: d * m, X, X > 0)
    refused(report, "changes its input mask in place")


def test_a_backward_that_accumulates_or_draws_is_refused():
    total = np.zeros_like(X)

    def accumulates(upstream, x):
        nonlocal total
        total += upstream * 2 * x
        return total

    refused(check_backward(square, accumulates, X), "adds to an array that is not reset")
    random = np.random.default_rng(0)
    refused(
        check_backward(square, lambda d, x: d * 2 * x * (random.random(x.shape) > 0.5), X),
        "it draws random numbers (use the mask of the forward pass)",
    )


def test_two_gradients_must_not_share_memory():
    def check(backward):
        return check_backward(lambda a, b: a + b, backward, X, X)

    report = check(lambda u, a, b: (u, u))
    refused(report, "the gradients of a and b are the same array: return copies")
    assert report.from_numbers[0].name == "aliased-gradients"
    refused(check(lambda u, a, b: (u[:], u.T.T)), "are the same array")
    both = lambda u, a, b: np.stack([u, u], axis=-1)  # noqa: E731
    assert check(lambda *args: tuple(both(*args)[..., k] for k in (0, 1)))
    frozen = lambda u: np.broadcast_to(u, u.shape)  # noqa: E731
    assert check(lambda u, a, b: (frozen(u.copy()), frozen(u)))
    wrong = check(lambda u, a, b: (2 * u,) * 2)
    refused(wrong, "the gradient of a is wrong")
    assert [cause.name for cause in wrong.from_numbers] == ["constant-factor", "aliased-gradients"]


def test_a_gradient_must_not_be_what_backward_was_given():
    for view in (lambda u: u, lambda u: u[:], lambda u: u.T.T):
        report = check_backward(lambda a: a * 1.0, lambda u, a, v=view: v(u), X)
        refused(report, "the gradient of a shares memory with the upstream gradient: return copies")
        assert report.from_numbers[0].name == "aliased-gradients"
    half = lambda a: (a**2).sum() / 2  # noqa: E731
    refused(check_backward(half, lambda u, a: a, X), "shares memory with a")
    assert check_backward(half, lambda u, a: a * u, X)
    refused(mr.check_loss(lambda a: (half(a), a), X), "shares memory with a")


def test_the_cause_of_a_second_result_is_told_apart():
    random, calls = np.random.default_rng(0), []

    def counts(upstream, x):
        calls.append(1)
        return upstream * 2 * x * (1 + (len(calls) > 1))

    def spoils(upstream, cache):
        cache *= upstream
        return cache

    for forward, backward, name in (
        (square, counts, "stateful"),
        (square, lambda u, x: u * 2 * x * random.normal(), "nondeterministic"),
        (square, lambda u, x: u * 2 * x * (random.random(x.shape) > 0.5), "mask-resampled"),
        (lambda x: (np.exp(x), np.exp(x)), spoils, "input-mutated"),
    ):
        report = check_backward(forward, backward, X)
        refused(report, "two equal backward passes give different gradients of x")
        assert report.from_numbers[0].name == name
    calls.clear()
    growing = lambda u, x: u * 2 * x + (calls.append(1) or 1e-3 * (len(calls) > 6))  # noqa: E731
    report = check_backward(square, growing, X)
    refused(report)
    assert report.from_numbers[0].name == "stateful"


def test_primitives_must_keep_the_same_rules():
    @mr.primitive
    def changes_its_input(x):
        x += 1
        return x * x, (lambda g: g * 2 * x,)

    @mr.primitive
    def changes_it_later(x):
        def vjp(g):
            x[0] = 0
            return g * 2 * x

        return x * x, (vjp,)

    random = np.random.default_rng(0)

    @mr.primitive
    def draws(x):
        return x * x, (lambda g: g * 2 * x * random.random(x.shape),)

    refused(check_gradients(changes_its_input, X), "it changes its input x in place")
    refused(check_gradients(changes_it_later, X), "its backward pass changes its input x")
    refused(check_gradients(draws, X), "two equal backward passes give different gradients of x")


def doubled_in_place(g, *needs):
    g *= 2
    return (g,) if needs else g


@pytest.mark.parametrize("vjps", [(doubled_in_place,), doubled_in_place], ids=["vjp", "joint"])
def test_a_vjp_that_changes_its_upstream_is_refused(vjps):
    @mr.primitive
    def doubled(x):
        return x * 2, vjps

    sentence = "the derivative of doubled changes its upstream gradient g in place"
    refused(check_gradients(doubled, X), sentence)
    refused(check_gradients(lambda x: mr.exp(doubled(x) + x), X), sentence)


def test_another_watcher_of_operations_keeps_working():
    with mr.detect_anomaly():
        assert check_gradients(mr.exp, X)
        refused(check_gradients(mr.log, X), "raised AnomalyError: log gave nan")


def test_a_graph_that_was_cut_is_named():
    refused(
        check_gradients(lambda x: mr.exp(x.detach()), X), "the recorded graph is cut", ".detach()"
    )
    refused(check_gradients(lambda x: np.exp(x.numpy()), X), "it must return a Tensor")
    refused(check_gradients(lambda x: None, X), "Its return statement may be missing")


def test_a_part_that_was_cut_is_seen():
    report = check_gradients(lambda x, w: x.detach() * w, X, X + 1)
    refused(report, "the gradient of x is wrong", "zero everywhere")
    assert report["w"].verdict == "pass"
