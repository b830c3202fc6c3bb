"""Backward gives the same gradients for arrays of integers as for floats of the same values."""

from __future__ import annotations

import numpy as np
import pytest

from minireg.gradcheck import Floats, check_backward, check_loss

pytestmark = pytest.mark.host
INPUTS = {"x": Floats("N", "D")}


def take_columns(x):
    return x[:, 1:3] * 1.0


def write_columns(upstream, x, dtype):
    dx = np.zeros_like(x, dtype=dtype)
    dx[:, 1:3] = upstream
    return dx


def is_noted(report):
    assert report, report
    return any(note.startswith("integer-input: ") for note in report.notes)


def test_an_array_of_the_type_of_an_input_is_noted():
    assert is_noted(
        check_backward(take_columns, lambda u, x: write_columns(u, x, None), inputs=INPUTS)
    )
    assert not is_noted(
        check_backward(take_columns, lambda u, x: write_columns(u, x, float), inputs=INPUTS)
    )


def test_such_an_array_in_a_loss_with_its_gradient_is_noted():
    def loss(x, dtype=None):
        dx = np.zeros_like(x, dtype=dtype)
        dx[...] = x / len(x)
        return (x**2).sum() / (2 * len(x)), dx

    assert is_noted(check_loss(loss, inputs=INPUTS))
    assert not is_noted(check_loss(lambda x: loss(x, float), inputs=INPUTS))


def test_an_error_for_integers_is_not_noted():
    positive = {"x": Floats("N", low=0.5)}
    assert not is_noted(check_backward(lambda x: 1 / x, lambda u, x: -u * x**-2, inputs=positive))
    in_place = {"x": Floats("N")}

    def backward(upstream, x):
        slope = x.copy()
        slope *= 2 * upstream
        return slope

    assert not is_noted(check_backward(np.square, backward, inputs=in_place))


def test_another_value_for_integers_is_not_noted():
    def halve(x):
        y = np.empty_like(x)
        y[...] = x / 2
        return y, y

    squared = {"x": Floats("N")}
    assert not is_noted(check_backward(halve, lambda u, y: u * (0.5 + 0 * y), inputs=squared))


def test_no_whole_number_inside_of_the_bounds_is_no_reason():
    inputs = {"x": Floats("N", low=0.1, high=0.9)}

    def backward(upstream, x):
        dx = np.zeros_like(x)
        dx[...] = upstream / x
        return dx

    assert not is_noted(check_backward(np.log, backward, inputs=inputs))
