"""@primitive: what a body may return, and what the engine does with it."""

import gc
import weakref

import numpy as np
import pytest

import minireg as mr
from minireg.errors import ArgumentError, GraphError


def leaf(values):
    return mr.tensor(np.asarray(values, dtype="float64"), requires_grad=True)


def grad_of(x):
    return mr.Tensor(x.grad).numpy()


def test_a_vjp_that_raises_leaves_every_gradient_untouched():
    @mr.primitive
    def broken(x):
        def vjp(g):
            raise ZeroDivisionError

        return x * 2.0, (vjp,)

    x, w = leaf(1.0), leaf(2.0)
    w.grad = before = mr.ones(()).data
    with pytest.raises(ZeroDivisionError):
        (w * broken(x) + w).backward()
    assert x.grad is None
    assert w.grad is before
    (x * w).backward()
    assert grad_of(x) == 2.0


def test_vjps_that_nobody_needs_are_never_called_and_hold_nothing():
    called, watched = [], []

    @mr.primitive
    def product(a, b):
        big = a * 1.0
        watched.append(weakref.ref(big))
        return a * b, (
            lambda g: called.append("a") or g * b,
            lambda g: called.append("b") or g * big,
        )

    y = product(leaf([2.0]), mr.tensor([3.0], dtype="float64"))
    gc.collect()
    assert watched[0]() is None  # only the second vjp held it
    y.backward()
    assert called == ["a"]


def test_joint_vjps_are_told_what_is_needed():
    seen = []

    @mr.primitive
    def product(a, b):
        def joint(g, needs):
            seen.append(tuple(needs))
            return g * b, g * a

        return a * b, joint

    a, b = leaf([1.0, 2.0]), leaf(3.0)
    product(a, b).sum().backward()
    product(a, b.detach()).sum().backward()
    assert seen == [(True, True), (True, False)]
    np.testing.assert_allclose(grad_of(a), [6.0, 6.0])
    assert grad_of(b) == 3.0
    first = mr.grad(product(a, b).sum(), a, create_graph=True)
    assert mr.grad(first.sum(), b).item() == 2.0


def test_auxiliary_outputs_come_along_without_gradient():
    @mr.primitive
    def with_mean(x):
        mean = x.mean()
        return x - mean, (lambda g: g - g.mean(),), (mean,)

    x = leaf([1.0, 3.0])
    y, mean = with_mean(x)
    assert float(mean) == 2.0
    y.backward(mr.tensor([1.0, 0.0]))
    np.testing.assert_allclose(grad_of(x), [0.5, -0.5])


def test_plain_none_says_that_there_is_no_second_derivative():
    @mr.primitive(plain=None)
    def once(x):
        return x * x, (lambda g: g * 2 * x,)

    x = leaf(3.0)
    once(x).backward()
    assert grad_of(x) == 6.0
    with pytest.raises(GraphError, match="once has no second derivative"):
        mr.grad(once(x), x, create_graph=True)


@pytest.mark.parametrize("wrong", [None, 1.0, "shape"])
def test_a_derivative_of_the_wrong_kind_says_which_and_what_was_expected(wrong):
    @mr.primitive
    def mistaken(a, b):
        return a * b, (
            lambda g: g * b,
            lambda g: g.reshape((3, 1)) * mr.ones((3, 5)).data if wrong == "shape" else wrong,
        )

    a, b = leaf([1.0, 2.0, 3.0]), leaf([1.0, 2.0, 3.0])
    with pytest.raises(
        ArgumentError, match=r"mistaken with respect to its argument number 2 .* shape \(3,\)"
    ):
        mistaken(a, b).sum().backward()
