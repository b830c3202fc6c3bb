"""What may be an input, an upstream gradient or an output, and how it is treated."""

from __future__ import annotations

import inspect
import operator

import numpy as np
import pytest

import minireg as mr
from minireg.errors import ArgumentError, ArgumentTypeError
from minireg.gradcheck import assert_gradients, check_backward, check_gradients, check_loss
from tests.gradcheck.verdicts import X, refused, square, square_backward, unwrapped

pytestmark = pytest.mark.host


def test_float32_is_checked_in_float64():
    report = check_gradients(mr.tanh, X.astype(np.float32))
    assert report
    assert "from float32 to float64 for the check: x" in unwrapped(report)
    assert "float32" not in unwrapped(check_gradients(mr.tanh, X))


def test_a_gradient_in_float32_is_compared_to_its_digits():
    right = check_backward(square, lambda d, x: (d * 2 * x).astype(np.float32), X)
    assert right, right
    assert "came as float32 although its input is float64" in str(right)
    assert not check_backward(square, lambda d, x: (d * 2.001 * x).astype(np.float32), X)


def test_whole_numbers_are_constants():
    labels = np.array([0, 2, 1])
    assert check_gradients(mr.cross_entropy, X, labels)
    with pytest.raises(ArgumentTypeError, match=r"x\.astype\(float\)"):
        check_backward(square, square_backward, np.arange(4))
    with pytest.raises(ArgumentTypeError, match="nothing to differentiate"):
        check_gradients(mr.exp, 3)


def test_numbers_options_and_constants_may_be_inputs():
    assert check_gradients(mr.exp, 0.5)
    assert check_gradients(mr.sum, X, 1, True)["x"].checked == 12
    assert check_gradients(mr.sum, X, (0, 1))
    assert check_backward(lambda a: a**3, lambda d, a: d * 3 * a * a, 2.0)
    assert check_backward(lambda x, k: x[k], index_backward, X, np.array([0, 0, 2]))
    assert check_backward(lambda x, k: x[k], lambda d, x, k: (index_backward(d, x, k), None), X, 1)


def index_backward(d, x, k):
    g = np.zeros_like(x)
    np.add.at(g, k, d)
    return g


def test_forward_may_hand_a_cache_to_backward():
    assert check_backward(lambda x: (np.exp(x), np.exp(x)), lambda d, y: d * y, X)
    assert check_backward(lambda x: (np.exp(x), {"y": np.exp(x)}), lambda d, c: d * c["y"], X)


def test_a_scalar_loss_has_an_upstream_gradient_too():
    def loss(x):
        return float((x * x).sum())

    assert check_backward(loss, square_backward, X)
    refused(check_backward(loss, lambda d, x: 2 * x, X), "the upstream gradient is ignored")


def test_a_scalar_is_shown_at_an_upstream_gradient_of_1():
    report = check_backward(lambda x: (x * x).sum(), square_backward, X)
    np.testing.assert_allclose(report["x"].yours, 2 * X)
    np.testing.assert_allclose(report["x"].numeric, 2 * X, atol=1e-8)
    assert check_gradients(lambda x: mr.sum(x * x), X)["x"].yours[1, 2] == 2 * X[1, 2]


@pytest.mark.parametrize("w", [3, np.array(3), np.arange(12).reshape(3, 4)], ids=type)
def test_whole_numbers_beside_floats_are_not_checked(w):
    said = "not checked, because whole numbers are constants: w"
    report = check_backward(lambda w, x: w * x, lambda u, w, x: (99 * u, u * w), w, X)
    assert report
    assert said in unwrapped(report)
    assert said in unwrapped(check_gradients(lambda w, x: w * x, w, X))
    assert "not checked" not in unwrapped(check_backward(square, square_backward, X))


def test_several_outputs_are_checked_together():
    assert check_gradients(lambda x: (mr.exp(x), x * x), X)


def test_the_upstream_gradient_may_be_given():
    u = np.zeros((3, 4))
    u[1, 2] = 1.0
    report = check_gradients(mr.tanh, X, gradient=u)
    assert report
    assert np.count_nonzero(report["x"].numeric) == 1
    with pytest.raises(ArgumentError, match="must have the shape of the output"):
        check_gradients(mr.tanh, X, gradient=np.ones(3))


def test_wrong_arguments_of_the_check_are_named():
    with pytest.raises(ArgumentError, match="order must be 1 or 2, got 3"):
        check_gradients(mr.tanh, X, order=3)
    with pytest.raises(ArgumentError, match="entries must be at least 1"):
        check_gradients(mr.tanh, X, entries=0)
    with pytest.raises(ArgumentTypeError, match=r"pass x\.numpy\(\)"):
        check_backward(square, square_backward, mr.tensor(X))
    with pytest.raises(ArgumentTypeError, match="complex128"):
        check_backward(square, square_backward, X + 1j)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: check_gradients(square, square_backward, X), "got the function square_backward"),
        (lambda: check_gradients(np.exp, np.exp, X), "got the function exp"),
        (lambda: check_backward(square, square, square_backward, X), "got the function square_b"),
        (lambda: check_backward(square, X, X), "takes backward as a function, but got an array"),
        (lambda: check_backward(X, square, X), "takes forward as a function, but got an array"),
        (lambda: check_gradients(mr.tensor(X), X), "takes function as a function, but got"),
        (lambda: assert_gradients(None, X), "takes function as a function, but got None"),
    ],
)
def test_a_call_of_another_form_names_the_right_one(call, told):
    with pytest.raises(ArgumentTypeError, match=told) as raised:
        call()
    assert "check_backward(forward, backward, x, ...)" in str(raised.value)
    assert "check_gradients(function, x, ...)" in str(raised.value)


def test_a_function_without_a_signature_numbers_its_inputs():
    last = operator.itemgetter(-1)
    with pytest.raises(ValueError, match="signature"):
        inspect.signature(last)
    report = check_gradients(last, X)
    assert report
    assert [finding.name for finding in report.findings] == ["input 0"]


def test_an_error_of_the_function_is_a_verdict():
    report = check_backward(square, lambda upstream: upstream, X)
    refused(report, "backward raised TypeError")
    assert "backward(upstream, *inputs)" in str(report.from_numbers[0])
    refused(check_gradients(lambda x: x / (1 // 0), X), "it raised ZeroDivisionError")


@pytest.mark.parametrize(
    "check",
    [
        lambda: check_backward(broken, square_backward, X),
        lambda: check_backward(square, broken, X),
        lambda: check_gradients(broken, X),
        lambda: check_loss(broken, X),
    ],
    ids=["forward", "backward", "function", "loss"],
)
def test_an_error_names_its_line(check):
    cause = check().from_numbers[0]
    line = broken.__code__.co_firstlineno + 1
    assert cause.name == "raised"
    assert f"line {line} of test_inputs.py: return 1 // 0" in cause.evidence


def broken(*arguments):
    return 1 // 0


@pytest.mark.parametrize("error", [KeyboardInterrupt, GeneratorExit])
def test_an_interruption_is_passed_on(error):
    def interrupted(x):
        raise error

    with pytest.raises(error):
        check_backward(interrupted, square_backward, X)


def test_an_exit_of_the_function_is_a_verdict():
    def leaves(upstream, x):
        raise SystemExit(0)

    refused(check_backward(square, leaves, X), "backward raised SystemExit")
