"""Flatten."""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg import nn
from minireg.errors import IndexRangeError


@pytest.mark.parametrize(
    ("before", "after"),
    [((5, 1, 28, 28), (5, 784)), ((5, 7), (5, 7)), ((5,), (5,)), ((0, 3, 2), (0, 6))],
)
def test_flatten_keeps_the_batch(before, after):
    if len(before) == 1:
        with pytest.raises(IndexRangeError, match="flatten"):
            nn.Flatten()(mr.zeros(before))
        return
    assert nn.Flatten()(mr.zeros(before)).shape == after


def test_flatten_keeps_the_order_of_entries(backend):
    values = np.arange(24.0).reshape(2, 3, 4)
    x = mr.tensor(values, requires_grad=True)
    y = nn.Flatten()(x)
    np.testing.assert_array_equal(y.numpy(), values.reshape(2, 12))
    (y * y).sum().backward()
    np.testing.assert_array_equal(backend.to_host(x.grad), 2 * values)
