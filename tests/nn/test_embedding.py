"""Embedding: rows of a learned matrix."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg import nn
from minireg.errors import ArgumentError, ArgumentTypeError, IndexRangeError
from tests.guarded import counting


@given(
    shape=st.lists(st.integers(0, 4), max_size=3).map(tuple),
    padding=st.none() | st.integers(-6, 5),
    seed=st.integers(0, 2**32 - 1),
)
def test_value_and_gradient_are_those_of_pytorch(backend, shape, padding, seed):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(seed)
    weight, indices = rng.normal(size=(6, 3)).astype(np.float32), rng.integers(0, 6, shape)
    upstream = rng.normal(size=(*shape, 3)).astype(np.float32)
    ours, theirs = nn.Embedding(6, 3, padding), torch.nn.Embedding(6, 3, padding)
    ours.load_state_dict({"weight": weight})  # the padding row is not zero: PyTorch reads it too
    theirs.load_state_dict({"weight": torch.tensor(weight)})
    y, their_y = ours(mr.tensor(indices)), theirs(torch.tensor(indices))
    y.backward(mr.tensor(upstream))
    their_y.backward(torch.tensor(upstream))
    np.testing.assert_array_equal(y.numpy(), their_y.detach().numpy())
    found = backend.to_host(ours.weight.grad)
    np.testing.assert_allclose(found, theirs.weight.grad.numpy(), rtol=1e-5, atol=1e-6)


def test_the_padding_row_starts_at_zero_and_stays_there(backend):
    layer = nn.Embedding(5, 4, padding_idx=-1)
    assert layer.padding_idx == 4
    layer(mr.tensor([[0, 4], [4, 4]])).sum().backward()
    assert layer.weight.tolist()[4] == [0.0] * 4
    gradient = backend.to_host(layer.weight.grad)
    assert gradient.tolist() == [[1.0] * 4, *[[0.0] * 4] * 4]


def test_initial_values_are_normal_and_from_the_generator():
    stats = pytest.importorskip("scipy.stats")
    layer = nn.Embedding(200, 50, generator=mr.Generator(0))
    values = layer.weight.numpy()
    assert values.dtype == np.float32
    assert stats.kstest(values.ravel(), "norm").pvalue > 0.001
    again = nn.Embedding(200, 50, generator=mr.Generator(0))
    np.testing.assert_array_equal(again.weight.numpy(), values)


def test_a_step_reads_nothing_back_from_the_device():
    layer, indices = nn.Embedding(5, 4, padding_idx=0), mr.tensor([[1, 0, 2]])
    with counting() as counts:
        layer(indices).sum().backward()
    assert counts.host_reads == 0, counts.where()


def test_lists_and_small_integers_are_indices_too():
    layer = nn.Embedding(5, 2)
    rows = layer.weight.tolist()
    assert layer([3, 1]).tolist() == [rows[3], rows[1]]
    assert layer(mr.tensor(np.array([3, 1], np.uint8))).tolist() == [rows[3], rows[1]]


@pytest.mark.host
def test_indices_that_do_not_fit_raise_with_the_range():
    layer = nn.Embedding(5, 2)
    with pytest.raises(ArgumentTypeError, match="integers from 0 to 4, got float32"):
        layer(mr.tensor([1.0]))
    for wrong in (5, -1):
        with pytest.raises(IndexRangeError, match=f"from 0 to 4, got {wrong}"):
            layer(mr.tensor([0, wrong]))


@pytest.mark.host
def test_wrong_sizes_raise():
    with pytest.raises(ArgumentError, match="num_embeddings must be at least 1"):
        nn.Embedding(0, 2)
    with pytest.raises(ArgumentTypeError, match="embedding_dim must be a whole number"):
        nn.Embedding(2, 1.5)
    with pytest.raises(IndexRangeError, match="padding_idx must be below num_embeddings = 3"):
        nn.Embedding(3, 2, padding_idx=3)
    with pytest.raises(ArgumentError, match="padding_idx must be at least -3"):
        nn.Embedding(3, 2, padding_idx=-4)
    assert repr(nn.Embedding(3, 2, padding_idx=-1)) == "Embedding(3, 2, padding_idx=2)"
