"""@primitive: what a body may return, and what the engine does with it."""

import gc
import re
import weakref

import numpy as np
import pytest

import minireg as mr
from minireg.errors import ArgumentError, ArgumentTypeError, GraphError


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


def test_unneeded_vjps_are_not_called_and_hold_nothing():
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


def test_a_joint_vjp_gets_the_needed_gradients():
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


def test_auxiliary_outputs_have_no_gradient():
    @mr.primitive
    def with_mean(x):
        mean = x.mean()
        return x - mean, (lambda g: g - g.mean(),), (mean,)

    x = leaf([1.0, 3.0])
    y, mean = with_mean(x)
    assert float(mean) == 2.0
    y.backward(mr.tensor([1.0, 0.0]))
    np.testing.assert_allclose(grad_of(x), [0.5, -0.5])


def test_plain_none_means_no_second_derivative():
    @mr.primitive(plain=None)
    def once(x):
        return x * x, (lambda g: g * 2 * x,)

    x = leaf(3.0)
    once(x).backward()
    assert grad_of(x) == 6.0
    with pytest.raises(GraphError, match="once has no second derivative"):
        mr.grad(once(x), x, create_graph=True)


COMMA = r"A comma is missing: .* \(lambda g: \.\.\.,\) a tuple"
RETURNS = {  # what a body of x returns, and the error message
    "nothing": (lambda x: None, r"mistaken returned None, .*Its return statement may be missing"),
    "the value": (
        lambda x: x * x,
        r"mistaken returned float64 \(\d,\), and a primitive returns its ",
    ),
    "a value without axes": (lambda x: x.sum(), r"mistaken returned float64 \(\), and"),
    "a Python number": (
        lambda x: 2.0,
        r"mistaken returned 2\.0, and a primitive returns its value",
    ),
    "the vjps": (lambda x: (lambda g: g,), r"mistaken returned \(a function,\), and"),
    "two vjps": (lambda x: (abs, abs), r"mistaken returned \(a function, a function\), and"),
    "arrays for vjps": (
        lambda x: (x, (x,)),
        r"mistaken returned \(float64 .*, \(float64 .*,\)\), and",
    ),
    "an array for the vjps": (
        lambda x: (x, x),
        r"mistaken returned \(float64 .*, float64 .*\), and",
    ),
    "a number for a vjp": (
        lambda x: (x, (2.0,)),
        r"mistaken returned \(float64 .*, \(2\.0,\)\), and",
    ),
    "a list for the value": (
        lambda x: ([1.0], (abs,)),
        r"mistaken returned \(\[1\.0\], \(a function,",
    ),
    "a dictionary": (
        lambda x: {"y": x},
        "mistaken returned {.*, and a primitive returns its value",
    ),
    "a vjp without its comma": (lambda x: (x * x, (lambda g: g * 2 * x)), COMMA),
}


@pytest.mark.parametrize("values", [[1.0, 2.0, 3.0], [2.0]], ids=["three", "one"])
@pytest.mark.parametrize("wrong", RETURNS)
def test_a_wrong_return_value_is_named_with_the_right_one(wrong, values):
    returned, sentence = RETURNS[wrong]

    @mr.primitive
    def mistaken(x):
        return returned(x)

    with pytest.raises(ArgumentTypeError, match=sentence) as raised:
        mistaken(leaf(values)).sum().backward()
    assert "return y, (lambda g: ...,)" in str(raised.value)


def test_a_missing_comma_is_named_by_detect_anomaly_too():
    operation = mr.primitive(lambda x: (x * x, (lambda g: g * 2 * x)))
    with mr.detect_anomaly(), pytest.raises(ArgumentTypeError, match=COMMA):
        operation(leaf([1.0, 2.0])).sum().backward()


def test_an_error_inside_of_a_vjp_is_not_rewritten():
    """It has nothing to do with what the body returned."""

    def unsupported(g, *needs):
        return len(3)

    for vjps in ((unsupported,), unsupported):
        operation = mr.primitive(lambda x, vjps=vjps: (x * 2.0, vjps))
        with pytest.raises(TypeError, match="has no len") as raised:
            operation(leaf([1.0, 2.0])).sum().backward()
        assert raised.value.__cause__ is None


def test_a_vjp_without_a_return_statement_gets_a_hint():
    operation = mr.primitive(lambda x: (x * 2.0, (lambda g: None,)))
    with pytest.raises(ArgumentError, match=r"got None\. Its return statement may be missing"):
        operation(leaf([1.0, 2.0])).sum().backward()


@pytest.mark.parametrize("shape", [(1,), (2,), (1, 1), (3, 1)])
def test_a_gradient_with_too_few_axes_is_refused(shape):
    operation = mr.primitive(lambda x: (x * 2.0, (lambda g: g.sum(),)))
    with pytest.raises(
        ArgumentError, match=rf"an array of shape {re.escape(str(shape))} .* shape "
    ):
        operation(leaf(np.ones(shape))).sum().backward()


def test_the_argument_with_the_wrong_derivative_is_named():
    operation = mr.primitive(lambda a, b: (a * b, (lambda g: g * b, lambda g: None)))
    x = leaf([1.0, 2.0])
    with pytest.raises(ArgumentError, match="argument number 2"):
        operation(x, x).sum().backward()


@pytest.mark.parametrize("wrong", [None, 1.0, "shape"])
def test_a_derivative_of_the_wrong_kind_is_named(wrong):
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


def test_an_error_of_a_function_without_a_signature_is_its_own():
    @mr.primitive
    def identity(x):
        return x, (max,)  # max has no signature, and fails inside

    x = mr.tensor(1.0, requires_grad=True)
    with pytest.raises(TypeError, match="itera"):
        identity(x).backward()
