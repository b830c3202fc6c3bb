"""Sums and means over axes: the values of float64, in any memory layout."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg import nn
from minireg.backend import namespace

ROWS = 10**6


def check_exact(backend, found, exact):
    np.testing.assert_allclose(backend.to_host(found), exact, rtol=1e-5)


@pytest.mark.parametrize("name", ["sum", "mean", "var", "std"])
def test_a_million_rows_lose_no_digits(name):
    x = (np.random.default_rng(0).random((ROWS, 2)) + 0.5).astype(np.float32)
    x[:, 1] = 0.1  # every rounding has the same sign
    x[::2, 1] = 0.7
    found = getattr(mr, name)(mr.tensor(x), axis=0).numpy()
    np.testing.assert_allclose(found, getattr(np, name)(x.astype(np.float64), axis=0), rtol=1e-5)


def test_gradients_of_a_million_rows_lose_no_digits(backend):
    g = np.full((ROWS, 2), np.float32(0.1))
    exact = ROWS * np.float64(g[0, 0])
    row = mr.tensor(np.zeros(2, np.float32), requires_grad=True)
    (mr.zeros((ROWS, 2)) + row).backward(mr.tensor(g))
    check_exact(backend, row.grad, exact)
    (
        (mr.zeros((ROWS, 2)) + row).sum() * 0.1
    ).backward()  # its g takes no memory: a stretched number
    check_exact(backend, row.grad, 2 * exact)
    layer = nn.Linear(2, 2)
    layer(mr.ones((ROWS, 2))).backward(mr.tensor(g))
    check_exact(backend, layer.bias.grad, exact)


@given(data=st.data(), seed=st.integers(0, 2**32 - 1))
def test_any_axes_in_any_memory_layout(backend, data, seed):
    shape = data.draw(st.sampled_from([(600,), (257, 3), (3, 513), (2, 800, 2), (260, 2, 259)]))
    order = data.draw(st.permutations(range(len(shape))))
    axes = st.lists(
        st.sampled_from(range(-len(shape), len(shape))), unique_by=lambda i: i % len(shape)
    )
    axis = data.draw(st.none() | st.integers(-len(shape), len(shape) - 1) | axes.map(tuple))
    steps = data.draw(st.tuples(*[st.sampled_from([1, 2, -1])] * len(shape)))
    dtype = data.draw(st.sampled_from(["float32", "float64", "uint8", "bool"]))
    host = (100 * np.random.default_rng(seed).random(shape)).astype(dtype)

    part = tuple(slice(None, None, step) for step in steps)
    x, host = backend.asarray(host).transpose(order)[part], host.transpose(order)[part]
    keepdims = data.draw(st.booleans())
    for name in ("sum", "mean"):
        found = getattr(namespace(x), name)(x, axis=axis, keepdims=keepdims)
        exact = getattr(np, name)(host.astype("float64"), axis=axis, keepdims=keepdims)
        assert found.shape == exact.shape
        np.testing.assert_allclose(backend.to_host(found), exact, rtol=2e-6)
