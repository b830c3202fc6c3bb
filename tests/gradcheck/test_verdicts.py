"""Each of the three verdicts, and the text that explains it."""

from __future__ import annotations

import pickle
import re

import numpy as np
import pytest

import minireg as mr
from minireg import nn
from minireg.gradcheck import Entry, assert_gradients, check_backward, check_gradients
from tests.gradcheck.verdicts import B, X, refused, square, square_backward, unknown

pytestmark = pytest.mark.host


def read_table(report):
    """The cells of the table of the worst entries."""
    rows = [line for line in str(report).splitlines() if re.match(r" {4,}(entry|\[)", line)]
    return [re.split(r"\s{3,}", row.strip()) for row in rows]


# -- pass ------------------------------------------------------------------------------------------


def test_a_pass_says_what_was_compared_and_how():
    report = check_backward(square, square_backward, X, seed=7)
    assert report.verdict == "pass"
    assert bool(report) is True
    first, note = str(report).split("\n  Note: ")
    assert first.startswith("pass: square: the gradient of x is right (12 of 12 entries compared")
    assert note == "relative tolerance 1e-07, seed 7."


def test_a_report_has_numbers_for_programs():
    report = check_backward(square, square_backward, X)
    finding = report["x"]
    assert (finding.name, finding.shape, finding.checked, finding.size) == ("x", (3, 4), 12, 12)
    assert report.max_error == finding.max_error < 1e-8
    assert report.checked == 12
    assert report.from_numbers == ()
    assert (np.abs(finding.yours - finding.numeric) <= finding.error).all()


def test_a_report_carries_what_was_measured():
    report = check_backward(square, lambda d, x: d * x, X)
    (point,) = report.evidence
    np.testing.assert_array_equal(point.numeric[0], report["x"].numeric)
    right = point.upstream.reshape(X.shape) * 2 * X
    assert (np.abs(right - point.numeric[0]) <= point.tolerance[0]).all()
    (yours,) = point.subject.gradients(point.z, point.upstream)
    np.testing.assert_array_equal(yours, report["x"].yours)
    copied = pickle.loads(pickle.dumps(report))
    assert copied.evidence == ()
    assert copied.from_numbers == report.from_numbers
    assert "evidence" not in repr(report).replace("evidence='", "")


def test_the_text_is_ascii_in_lines_of_at_most_79_columns():
    for report in (
        check_backward(square, square_backward, X),
        check_backward(square, lambda d, x: d * x, X),
        check_backward(square, lambda d, x: d * d * 2e99 * x, X * 1e-99),
        check_backward(np.abs, lambda d, x: d * np.sign(x), np.array([0.0, 1.0])),
        check_backward(np.sqrt, lambda d, x: d / np.sqrt(x), np.array([0.0, 1.0])),
        check_backward(np.log, lambda d, x: d / x, np.array([0.0, 1.0])),
        check_backward(square, square_backward, np.zeros((60, 60)), entries=10),
    ):
        assert str(report).isascii()
        assert max(map(len, str(report).splitlines())) <= 79


# -- fail ------------------------------------------------------------------------------------------


def test_a_failure_shows_the_worst_entries():
    report = check_backward(square, lambda d, x: d * x, X, gradient=np.ones((3, 4)))
    refused(report, "the gradient of x is wrong in 12 of 12 entries, worst at [1, 2]", "upstream")
    columns = ["entry", "upstream", "input", "yours", "numeric", "+/-"]
    assert read_table(report)[0] == columns
    worst = report["x"].wrong
    assert isinstance(worst[0], Entry)
    assert worst[0].index == np.unravel_index(np.argmax(np.abs(X)), X.shape)
    deviations = [abs(entry.yours - entry.low) for entry in worst]
    assert deviations == sorted(deviations, reverse=True)
    assert worst[0].yours == X[worst[0].index]
    assert worst[0].low == pytest.approx(2 * worst[0].input, rel=1e-8)
    assert worst[0].upstream == 1


def test_the_upstream_column_is_left_out_for_other_shapes():
    report = check_backward(lambda x: (x * x).sum(), lambda d, x: d * x, np.array([3.0]))
    header, row = read_table(report)
    assert header == ["entry", "input", "yours", "numeric", "+/-"]
    assert row[:4] == ["[0]", "3", "3", "6"]


def test_the_text_lists_only_five_entries():
    assert len(read_table(check_backward(square, lambda d, x: d * x, X))) == 1 + 5


def test_each_wrong_input_has_a_paragraph_of_its_own():
    report = check_backward(
        lambda a, b, c: a * b * c, lambda d, a, b, c: (d * b, d * a * c, d * a), X, X + 1, X + 2
    )
    assert [finding.verdict for finding in report.findings] == ["fail", "pass", "fail"]
    text = str(report)
    assert "the gradient of a is wrong" in text
    assert "the gradient of c is wrong" in text
    assert "gradient of b" not in text


# -- cannot tell -----------------------------------------------------------------------------------


def test_a_random_function_is_refused():
    random = np.random.default_rng(0)
    report = check_backward(lambda x: x * (random.random(x.shape) > 0.5), lambda d, x: d, X)
    refused(report, "gives different values for the same inputs", "pass it the mask")
    assert report.from_numbers[0].name == "nondeterministic"
    refused(check_gradients(nn.Dropout(0.5), X), "or use evaluation mode")
    assert check_gradients(nn.Dropout(0.5).eval(), X)


def test_a_function_that_changes_with_its_calls_is_named():
    calls = []

    def forward(x):
        calls.append(1)
        return x * (1 if len(calls) < 20 else 2)

    report = check_backward(forward, lambda d, x: d, X[0])
    refused(report, "if it keeps state")
    assert report.from_numbers[0].name == "stateful"


def test_values_that_are_not_finite_cannot_be_told():
    report = check_backward(np.log, lambda d, x: d / x, np.array([1.0, 0.0]))
    unknown(report, "not finite at the given inputs: entry 1", "-inf")


def test_a_point_without_a_slope_is_named():
    def root(x):
        return np.sqrt(x)

    report = check_backward(root, lambda d, x: 0.5 * d / np.sqrt(x), np.array([1.0, 0.0, 4.0]))
    unknown(report, "was compared in 2 of 3 entries", "At [1], where the input is 0")
    assert [entry.index for entry in report["x"].unsettled] == [(1,)]


def test_a_mistake_outweighs_a_point_without_a_slope():
    report = check_backward(np.sqrt, lambda d, x: d / np.sqrt(x), np.array([1.0, 0.0, 4.0]))
    assert report.verdict == "fail"


def test_a_gradient_below_the_noise_cannot_be_told():
    report = check_backward(lambda x: 1e6 + 1e-9 * np.tanh(x), lambda d, x: d * 7e-9 * x, X)
    unknown(report, "is hidden by rounding", "Choose inputs where the gradient is larger")


def test_a_gradient_of_exactly_zero_passes():
    """The bias before a batch norm: it moves the mean, which is subtracted."""

    def forward(x, b):
        y = x + b
        return (y - y.mean(axis=0)) ** 3

    def backward(d, x, b):
        y = x + b
        inner = d * 3 * (y - y.mean(axis=0)) ** 2
        dx = inner - inner.mean(axis=0)
        return dx, dx.sum(axis=0)

    assert check_backward(forward, backward, X, B)


def test_single_precision_inside_cannot_be_told():
    report = check_gradients(lambda x: x.astype(mr.float32) * 2, X)
    unknown(report, "it returns float32 for float64 inputs")
    hidden = check_gradients(lambda x: (x.astype(mr.float32) * 2).astype(mr.float64), X)
    assert hidden.verdict == "cannot tell", hidden


def test_nothing_to_compare_is_not_a_pass():
    unknown(check_gradients(mr.exp, np.zeros((0, 3))), "nothing to compare: the output is empty")
    unknown(check_gradients(mr.sum, np.zeros((0, 3))), "nothing to compare: every input is empty")
    unknown(check_backward(lambda x: x[:0], lambda d, x: 0 * x, X), "the output is empty")
    unknown(check_backward(lambda x: np.argmax(x), lambda d, x: 0 * x, X), "no derivative")


# -- assert_gradients and order 2 ------------------------------------------------------------------


def test_assert_gradients_raises_the_text_of_the_report():
    assert assert_gradients(mr.tanh, X) is None
    with pytest.raises(AssertionError, match="fail: Dropout: it gives different values"):
        assert_gradients(nn.Dropout(0.5), X)


def test_the_second_derivative_is_checked_on_request():
    right = check_gradients(mr.tanh, X, order=2)
    assert right
    assert "the first derivative passed as well (12 entries)" in str(right)

    @mr.primitive
    def right_once(x):
        constant = x.data if isinstance(x, mr.Tensor) else x  # the graph does not know of it
        return x * x, (lambda g: g * 2 * constant,)

    assert check_gradients(right_once, X)
    refused(
        check_gradients(right_once, X, order=2), "the derivative of right_once", "of x is wrong"
    )

    @mr.primitive(plain=lambda x: x * x * 1.5)
    def another_one(x):
        return x * x, (lambda g: g * 2 * x,)

    assert check_gradients(another_one, X)
    refused(check_gradients(another_one, X, order=2), "the gradient of x has another value")


@pytest.mark.parametrize("factor", [1.0, 1.5])
def test_a_plain_function_may_return_auxiliary_arrays_too(factor):
    @mr.primitive(plain=lambda x: (factor * x * x * x, x))
    def cube(x):
        return x * x * x, (lambda g: g * 3 * x * x,), x

    report = check_gradients(lambda x: cube(x)[0], X, order=2)
    assert report.verdict == ("pass" if factor == 1 else "fail"), report


def test_a_wrong_first_derivative_comes_before_the_second():
    @mr.primitive
    def wrong(x):
        return x * x, (lambda g: g * x,)

    refused(check_gradients(wrong, X, order=2), "fail: wrong: the gradient of x")


def test_a_long_name_stays_in_one_piece():
    def square(x):
        return x * x

    square.__name__ = "a_function_of_" + "very_" * 30 + "long_name"
    assert square.__name__ in str(check_gradients(square, np.ones(3)))
