"""Blocks of a batch: all of it, in order, a limited part at a time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minireg.backend import count_at_once, divide, find_blocks
from minireg.backend.blocks import LEAST, MOST

counts, sizes, parts = st.integers(0, 300), st.integers(0, 10**6), st.integers(1, 20)


def make_items(count, size):
    return np.broadcast_to(np.float32(0), (count, size))


@given(count=counts, at_once=st.integers(0, 400))
def test_slices_cover_everything_once_and_in_order(count, at_once):
    slices = divide(count, at_once)
    assert [i for part in slices for i in range(count)[part]] == list(range(count))
    assert all(part.stop <= count for part in slices)


@given(count=counts, size=sizes, parts=parts)
def test_a_block_is_one_item_or_at_most_the_limit(count, size, parts):
    for block in find_blocks(make_items(count, size), parts=parts):
        items = block.stop - block.start
        assert items == 1 or items * size <= max(LEAST, min(MOST, count * size // parts))


@given(count=st.integers(100, 300), size=st.integers(1, 10**4), parts=parts)
def test_calls_are_few(count, size, parts):
    blocks = len(find_blocks(make_items(count, size), parts=parts))
    enough = max(parts, count * size / MOST, 1)
    assert blocks <= min(2 * enough, 2 * count * size / LEAST + 1)


def test_the_largest_array_decides():
    small, large = make_items(8, 1), make_items(8, MOST)
    assert find_blocks(small, large) == find_blocks(large) == divide(8, 1)


@pytest.mark.backends("guarded", "cupy")
def test_a_device_computes_more_at_once(backend):
    assert count_at_once(backend.asarray(np.zeros(1)), 10 * MOST) > MOST
