"""DropBlock and stochastic depth of torchvision, with the same random numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg import nn
from tests.peers import import_torchvision

pytestmark = pytest.mark.host

torch = pytest.importorskip("torch")


@pytest.fixture(scope="module")
def peer():
    return import_torchvision("ops")


class NumbersOfPyTorch:
    """A generator of masks that draws what `Tensor.bernoulli_` draws."""

    def bernoulli(self, shape, p, like):
        return torch.empty(shape, dtype=torch.float64).bernoulli_(p).numpy().astype(bool)


def assert_same(layer, theirs, x, seed):
    """Values and gradients to 1e-10."""
    g = np.random.default_rng(seed + 1).normal(size=x.shape)
    torch.manual_seed(seed)
    expected = torch.tensor(x, requires_grad=True)
    y = theirs(expected)
    y.backward(torch.tensor(g))

    torch.manual_seed(seed)
    layer.generator, ours = NumbersOfPyTorch(), mr.tensor(x, requires_grad=True)
    output = layer(ours)
    output.backward(mr.tensor(g))
    np.testing.assert_allclose(output.numpy(), y.detach().numpy(), rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(ours.grad, expected.grad.numpy(), rtol=1e-10, atol=1e-10)


@given(
    p=st.floats(0.01, 0.9),
    block=st.sampled_from([1, 3, 5]),
    height=st.integers(5, 9),
    width=st.integers(5, 9),
    seed=st.integers(0, 999),
)
def test_drop_block_is_that_of_torchvision(peer, p, block, height, width, seed):
    x = np.random.default_rng(seed).normal(size=(4, 3, height, width))
    layer = nn.DropBlock2d(p, block)
    assert_same(layer, lambda t: peer.drop_block2d(t, p, block, eps=0), x, seed)


@given(p=st.floats(0.01, 0.9), axes=st.integers(1, 4), seed=st.integers(0, 999))
def test_stochastic_depth_is_that_of_torchvision(peer, p, axes, seed):
    x = np.random.default_rng(seed).normal(size=(6, 3, 2, 2)[:axes])
    assert_same(nn.StochasticDepth(p), lambda t: peer.stochastic_depth(t, p, "row"), x, seed)
