"""Sorting, searching and comparing against NumPy, with special values and ties."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import minireg as mr

SPECIAL = [-math.inf, -1.5, -0.0, 0.0, 2.0, math.inf, math.nan]
MANY_TIES = arrays(
    np.float64, array_shapes(max_dims=3, max_side=5), elements=st.integers(-2, 2).map(float)
)


@pytest.mark.parametrize("name", ["isnan", "isinf", "isfinite", "logical_not"])
def test_predicates_of_one_array_are_those_of_numpy(name):
    x = np.array(SPECIAL)
    answer = getattr(mr, name)(mr.tensor(x))
    assert answer.dtype == bool
    np.testing.assert_array_equal(answer.numpy(), getattr(np, name)(x))


@pytest.mark.parametrize(
    "name",
    [
        *("equal", "not_equal", "less", "less_equal", "greater", "greater_equal"),
        *("logical_and", "logical_or", "logical_xor"),
    ],
)
def test_searching_and_comparing_are_those_of_numpy(name):
    a, b = np.array(SPECIAL)[:, None], np.array(SPECIAL)
    for ours in (mr.tensor(b), 0.0):
        answer = getattr(mr, name)(mr.tensor(a), ours)
        assert answer.dtype == bool
        expected = getattr(np, name)(a, b if isinstance(ours, mr.Tensor) else ours)
        np.testing.assert_array_equal(answer.numpy(), expected)


@pytest.mark.parametrize("name", ["all", "any", "argmax", "argmin"])
@pytest.mark.parametrize("axis", [None, 0, -1])
@given(x=MANY_TIES)
def test_results_over_an_axis_are_those_of_numpy(name, axis, x):
    for keepdims in (False, True):
        answer = getattr(mr, name)(mr.tensor(x), axis=axis, keepdims=keepdims)
        expected = getattr(np, name)(x, axis=axis, keepdims=keepdims)
        np.testing.assert_array_equal(answer.numpy(), expected)


def test_all_and_any_take_several_axes_and_none():
    x = mr.tensor(np.array([[[True, False]], [[True, True]]]))
    assert mr.all(x, axis=(0, 1)).tolist() == [True, False]
    assert mr.any(x, axis=[1, 2]).tolist() == [True, True]
    nothing = mr.tensor(np.zeros((0, 2)))
    assert mr.all(nothing, axis=0).tolist() == [True, True]
    assert mr.any(nothing, axis=0).tolist() == [False, False]


@given(x=MANY_TIES, data=st.data())
def test_equal_entries_keep_their_order_in_both_directions(x, data):
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    up = mr.argsort(mr.tensor(x), axis=axis)
    np.testing.assert_array_equal(up.numpy(), np.argsort(x, axis=axis, kind="stable"))
    down = mr.argsort(mr.tensor(x), axis=axis, descending=True)
    np.testing.assert_array_equal(down.numpy(), np.argsort(-x, axis=axis, kind="stable"))
    for order, descending in ((up, False), (down, True)):
        ordered = mr.sort(mr.tensor(x), axis=axis, descending=descending)
        expected = np.take_along_axis(x, order.numpy(), axis=axis)
        np.testing.assert_array_equal(ordered.numpy(), expected)


@given(x=st.lists(st.integers(-3, 3)), values=st.lists(st.integers(-3, 3)))
def test_searchsorted_is_that_of_numpy(x, values):
    values, x = np.sort(np.array(values, dtype=float)), np.array(x, dtype=float)
    for side in ("left", "right"):
        found = mr.searchsorted(mr.tensor(values), mr.tensor(x), side=side)
        np.testing.assert_array_equal(found.numpy(), np.searchsorted(values, x, side=side))


def test_exclusive_or_has_an_operator():
    a, b = mr.tensor([True, True, False]), mr.tensor([True, False, False])
    assert (a ^ b).tolist() == [False, True, False]
