"""An error of the student's code: its line, the operands there, and which transposes fit."""

from __future__ import annotations

import numpy as np
import pytest

from minireg.gradcheck import check_backward
from tests.gradcheck.verdicts import X, refused, square

pytestmark = pytest.mark.host

x, w = np.ones((5, 7)), np.ones((7, 3))


def linear(x, w):
    return x @ w


def without_transpose(upstream, x, w):
    dx = upstream @ w
    return dx, x.T @ upstream


def with_dot(upstream, x, w):
    return upstream.dot(w.T), np.dot(x, upstream)


def in_a_helper(upstream, x, w):
    return multiply(upstream, w), x.T @ upstream


def multiply(a, b):
    return np.matmul(a, b)


def over_two_lines(upstream, x, w):
    dx = (
        2
        * (upstream @ w)
    )  # fmt: skip
    return dx, x.T @ upstream


@pytest.mark.parametrize(
    ("backward", "fragment"),
    [
        (without_transpose, "dx = upstream @ w; there upstream is (5, 3), w is (7, 3)"),
        (without_transpose, "upstream @ w.T gives (5, 7), the shape of x"),
        (with_dot, "x is (5, 7), upstream is (5, 3)"),
        (with_dot, "x.T @ upstream gives (7, 3), the shape of w"),
        (in_a_helper, "return np.matmul(a, b); there a is (5, 3), b is (7, 3)"),
        (in_a_helper, "a @ b.T gives (5, 7), the shape of x"),
        (in_a_helper, "called in line 30 of test_raised.py: return multiply(upstream, w), x.T @"),
        (over_two_lines, "upstream is (5, 3), w is (7, 3)"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_product_that_does_not_fit_gets_its_transposes(backward, fragment):
    report = check_backward(linear, backward, x, w)
    refused(report, "backward raised ValueError")
    raised, transposed = report.from_numbers
    assert (raised.name, transposed.name) == ("raised", "transposed")
    assert fragment in raised.evidence


def test_the_operands_of_other_expressions_are_named():
    def backward(upstream, x):
        return upstream * x.sum(axis=1)

    (cause,) = check_backward(square, backward, X).from_numbers
    assert "return upstream * x.sum(axis=1)" in cause.evidence
    assert "upstream is (3, 4), x is (3, 4)" in cause.evidence


def test_an_index_out_of_range_may_be_a_shifted_label():
    def backward(upstream, x, labels):
        gradient = np.zeros_like(x)
        gradient[np.arange(len(x)), labels + 1] = upstream
        return gradient

    def pick(x, labels):
        return x[np.arange(len(x)), labels]

    report = check_backward(pick, backward, X, np.array([0, 3, 1]))
    assert [cause.name for cause in report.from_numbers] == ["raised", "labels-shifted"]


def test_a_sum_in_whole_numbers_is_named():
    def backward(upstream, x):
        gradient = np.zeros(x.shape, dtype=int)
        gradient += upstream * 2 * x
        return gradient

    report = check_backward(square, backward, X)
    assert [cause.name for cause in report.from_numbers] == ["raised", "integer-input"]


def test_code_without_a_file_gets_its_error_only():
    space = {}
    exec("def backward(upstream, x):\n    return upstream @ missing", space)
    report = check_backward(square, space["backward"], X)
    refused(report, "backward raised NameError: name 'missing' is not defined")
    assert "line 2" in report.from_numbers[0].evidence


def test_a_forward_that_returns_a_list_is_refused():
    report = check_backward(np.ndarray.tolist, np.multiply, X)
    refused(report, "it returned a list of 3; it must return an array y")


@pytest.mark.parametrize("error", [SystemExit, BaseException])
def test_an_exit_is_refused(error):
    def backward(upstream, x):
        raise error

    report = check_backward(square, backward, X)
    refused(report, f"backward raised {error.__name__}")
    assert report.causes[0].hints[0].startswith("What does this line do")


@pytest.mark.parametrize("error", [KeyboardInterrupt, GeneratorExit])
def test_what_stops_the_interpreter_passes_through(error):
    def backward(upstream, x):
        raise error

    with pytest.raises(error):
        check_backward(square, backward, X)


def test_nothing_of_the_line_is_called_again():
    calls = []

    def count(x):
        calls.append(1)
        return x

    def backward(upstream, x):
        return count(upstream) @ count(x)

    refused(check_backward(square, backward, X), "backward raised ValueError")
    assert len(calls) == 2
