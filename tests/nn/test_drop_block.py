"""DropBlock: whole blocks, the share that is dropped, and the scaling by the share that is kept."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

import minireg as mr
from minireg import nn
from minireg.random import Generator


@given(
    p=st.floats(0.01, 0.8),
    block=st.integers(1, 4),
    height=st.integers(4, 9),
    width=st.integers(4, 9),
    seed=st.integers(0, 99),
)
def test_dropped_entries_are_whole_blocks(backend, p, block, height, width, seed):
    layer = nn.DropBlock2d(p, block, Generator(seed))
    layer(mr.ones((2, 3, height, width)))
    dropped = ~backend.to_host(layer.mask)
    square = np.ones((1, 1, block, block))
    np.testing.assert_array_equal(ndimage.binary_opening(dropped, square), dropped)


@pytest.mark.host
@pytest.mark.parametrize(
    ("p", "block", "size"), [(0.1, 3, (6, 8)), (0.4, 2, (5, 5)), (0.3, 7, (7, 7))]
)
def test_drop_block_drops_the_share_p_less_overlaps(p, block, size):
    layer = nn.DropBlock2d(p, block, Generator(0))
    layer(mr.ones((40_000, 1, *size)))
    places = (size[0] - block + 1) * (size[1] - block + 1)
    gamma = p * size[0] * size[1] / (block**2 * places)
    covering = np.zeros(size)  # how many places of a block cover an entry
    for i, j in product(range(size[0] - block + 1), range(size[1] - block + 1)):
        covering[i : i + block, j : j + block] += 1
    expected = (1 - (1 - gamma) ** covering).mean()
    assert p - 2 * p**2 < expected <= p + 1e-12
    # Hoeffding: means of 40,000 independent images in [0, 1] are further away with p < 1e-9.
    assert abs((~layer.mask).mean() - expected) < np.sqrt(np.log(2e9) / (2 * 40_000))


def test_drop_block_scales_by_the_share_that_was_kept():
    layer, x = nn.DropBlock2d(0.3, 2, Generator(0)), np.ones((2, 2, 5, 5))
    y = layer(mr.tensor(x)).numpy()
    assert set(np.unique(y)) == {0.0, 100 / (y > 0).sum()}
    np.testing.assert_allclose(y.mean(), 1, rtol=1e-15)


def test_drop_block_gives_zeros_if_nothing_is_kept():
    mask = mr.tensor(np.zeros((1, 1, 2, 2), bool))
    assert not mr.drop_block(mr.ones((1, 1, 2, 2)), mask).numpy().any()
