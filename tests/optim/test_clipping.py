"""Clipping of gradients, against its definition and against PyTorch where that is installed."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg import nn, optim
from minireg.errors import ArgumentError, ArgumentTypeError

SHAPES = [(3, 4), (5,), (), (0, 2), (2,)]

seeds = st.integers(0, 2**32 - 1)
limits = st.floats(0, 20)
norm_types = st.sampled_from([0.5, 1, 2.0, 3.5, math.inf])


def with_gradients(backend, seed, dtype=np.float64):
    """Leaves with normal gradients (the last has none), and these gradients on the host."""
    rng = np.random.default_rng(seed)
    leaves, gradients = [], []
    for shape in SHAPES:
        leaves.append(mr.tensor(np.zeros(shape, dtype), requires_grad=True))
        gradients.append(rng.normal(size=shape).astype(dtype))
    for p, g in zip(leaves[:-1], gradients):
        p.grad = backend.asarray(g.copy())
    return leaves, gradients[:-1]


def found(backend, leaves):
    assert leaves[-1].grad is None
    return [backend.to_host(p.grad) for p in leaves[:-1]]


@given(max_norm=limits, p=norm_types, seed=seeds)
def test_the_norm_of_all_gradients_together_is_limited(backend, max_norm, p, seed):
    leaves, before = with_gradients(backend, seed)
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in before]), p)
    total = optim.clip_grad_norm_(leaves, max_norm, p)
    assert total.shape == ()
    assert not total.requires_grad
    np.testing.assert_allclose(total.item(), norm, rtol=1e-13)
    factor = min(1, max_norm / (norm + 1e-6))
    for g, clipped in zip(before, found(backend, leaves), strict=True):
        np.testing.assert_allclose(clipped, factor * g, rtol=1e-13, strict=True)


@given(value=limits, seed=seeds)
def test_every_entry_is_limited(backend, value, seed):
    leaves, before = with_gradients(backend, seed)
    assert optim.clip_grad_value_(leaves, value) is None
    for g, clipped in zip(before, found(backend, leaves), strict=True):
        np.testing.assert_array_equal(clipped, np.clip(g, -value, value), strict=True)


@given(limit=limits, p=norm_types, seed=seeds, dtype=st.sampled_from([np.float32, np.float64]))
def test_clipping_equals_pytorch(backend, limit, p, seed, dtype):
    torch = pytest.importorskip("torch")
    rtol = 1e-12 if dtype is np.float64 else 1e-5
    for name in ("clip_grad_norm_", "clip_grad_value_"):
        more = [p] if name == "clip_grad_norm_" else []
        leaves, before = with_gradients(backend, seed, dtype)
        theirs = [torch.zeros(g.shape, dtype=torch.tensor(g).dtype) for g in before]
        for q, g in zip(theirs, before, strict=True):
            if g.size > 0:  # PyTorch has no maximum norm of an empty gradient
                q.grad = torch.tensor(g)
        ours = getattr(optim, name)(leaves, limit, *more)
        expected = getattr(torch.nn.utils, name)(theirs, limit, *more)
        if ours is not None:
            np.testing.assert_allclose(ours.numpy(), expected.numpy(), rtol=rtol, strict=True)
        for q, clipped in zip(theirs, found(backend, leaves), strict=True):
            if q.grad is not None:
                np.testing.assert_allclose(clipped, q.grad.numpy(), rtol=rtol, strict=True)


@pytest.mark.parametrize("p", [2.0, math.inf])
def test_gradients_below_the_limit_stay_bit_by_bit(backend, p):
    leaves, before = with_gradients(backend, 0, np.float32)
    optim.clip_grad_norm_(leaves, 1e6, p)
    for g, clipped in zip(before, found(backend, leaves), strict=True):
        np.testing.assert_array_equal(clipped, g, strict=True)


@pytest.mark.parametrize("p", [2.0, math.inf])
def test_gradients_of_zero_stay_zero(backend, p):
    w = mr.zeros(3, requires_grad=True)
    w.grad = backend.asarray(np.zeros(3, np.float32))
    assert optim.clip_grad_norm_(w, 0.0, p).item() == 0
    assert backend.to_host(w.grad).tolist() == [0, 0, 0]


@pytest.mark.parametrize("p", [2.0, math.inf])
def test_without_a_gradient_the_norm_is_zero(backend, p):
    w = mr.zeros(3, requires_grad=True)
    empty = mr.zeros((0, 2), requires_grad=True)
    for leaves in ([], [w], w):
        assert optim.clip_grad_norm_(leaves, 1.0, p).item() == 0
    empty.grad = backend.asarray(np.zeros((0, 2), np.float32))
    total = optim.clip_grad_norm_([empty, w], 1.0, p)
    assert (total.shape, total.item(), w.grad) == ((), 0, None)


def test_gradients_are_changed_in_place(backend):
    leaves, _ = with_gradients(backend, 0)
    arrays = [p.grad for p in leaves]
    optim.clip_grad_norm_(leaves, 0.5)
    optim.clip_grad_value_(leaves, 0.1)
    for p, array in zip(leaves, arrays):
        assert p.grad is array


def test_scalar_gradients_of_numpy_are_clipped_too(backend):
    w = mr.tensor(np.zeros((), np.float32), requires_grad=True)
    w.grad = backend.asarray(np.array(3.0, np.float32)) + backend.asarray(np.array(5.0, "f4"))
    optim.clip_grad_value_(w, 4.0)
    optim.clip_grad_norm_(w, 2.0)
    np.testing.assert_allclose(backend.to_host(w.grad), 2.0, rtol=1e-6)
    assert w.grad.dtype == np.float32


def test_gradients_of_both_dtypes_keep_them(backend):
    leaves = [mr.tensor(np.zeros(2, t), requires_grad=True) for t in (np.float32, np.float64)]
    for p in leaves:
        p.grad = backend.asarray(np.array([3.0, 4.0], p.dtype))
    total = optim.clip_grad_norm_(leaves, 1.0)
    np.testing.assert_allclose(total.item(), 50**0.5, rtol=1e-6)
    assert [p.grad.dtype for p in leaves] == [np.float32, np.float64]


@pytest.mark.parametrize("p", [2.0, math.inf])
@pytest.mark.parametrize("size", [0, 2])
def test_the_norm_has_the_widest_dtype(backend, p, size):
    leaves = [mr.tensor(np.zeros(size, t), requires_grad=True) for t in (np.float32, np.float64)]
    for w in leaves:
        w.grad = backend.asarray(np.zeros(size, w.dtype))
    assert optim.clip_grad_norm_(leaves, 1.0, p).dtype == np.float64


def test_parameters_may_be_a_generator(backend):
    layer = nn.Linear(2, 2)
    for p in layer.parameters():
        p.grad = backend.asarray(np.full(p.shape, 9.0, np.float32))
    optim.clip_grad_value_(layer.parameters(), 2.0)
    optim.clip_grad_norm_(layer.parameters(), 1.0)
    squares = sum((backend.to_host(p.grad) ** 2).sum() for p in layer.parameters())
    np.testing.assert_allclose(squares, 1.0, rtol=1e-5)


@pytest.mark.parametrize(
    ("clip", "error", "sentence"),
    [
        (lambda w: optim.clip_grad_norm_([w], -1), ArgumentError, "max_norm must be at least 0"),
        (lambda w: optim.clip_grad_norm_([w], None), ArgumentTypeError, "max_norm must be a num"),
        (lambda w: optim.clip_grad_norm_([w], 1, 0), ArgumentError, "norm_type must be greater"),
        (lambda w: optim.clip_grad_norm_([w], 1, "inf"), ArgumentTypeError, "must be a number"),
        (lambda w: optim.clip_grad_value_([w], -1), ArgumentError, "clip_value must be at least"),
        (lambda w: optim.clip_grad_norm_(nn.ReLU(), 1), ArgumentTypeError, "got ReLU"),
        (lambda w: optim.clip_grad_value_([w, w.grad], 1), ArgumentTypeError, "takes Tensors, as"),
    ],
)
def test_a_mistake_gets_its_sentence_and_changes_nothing(backend, clip, error, sentence):
    w = mr.zeros(2, requires_grad=True)
    w.grad = backend.asarray(np.array([3.0, 4.0], np.float32))
    with pytest.raises(error, match=sentence):
        clip(w)
    assert backend.to_host(w.grad).tolist() == [3, 4]
