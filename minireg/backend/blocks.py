"""Blocks: parts of a batch that are computed one after another, with little memory in between."""

from __future__ import annotations

from .library import Array, namespace

# How many numbers a block holds on a CPU: at least so many that the calls from Python take little
# of the time; at most 512 kB of float32, of which a cache holds a few; and on a device, which
# computes many more at once.
LEAST, MOST, GPU = 2**15, 2**17, 2**22


def find_blocks(*arrays: Array, parts: int = 8) -> list[slice]:
    """Divide arrays of equally many items (N, ...) into slices of their items.

    Args:
        arrays: on one backend.
        parts: see `count_at_once`.

    >>> find_blocks(np.zeros((20, 4000)), np.zeros((20, 3)))
    [slice(0, 8, None), slice(8, 16, None), slice(16, 20, None)]
    """
    count, largest = len(arrays[0]), max(array.size for array in arrays)
    return divide(count, count_at_once(arrays[0], largest, parts) * count // max(1, largest))


def count_at_once(like: Array, total: int, parts: int = 8) -> int:
    """Return how many of `total` numbers a block holds.

    Args:
        like: an array on the backend that computes.
        parts: how many blocks there are of a small batch: about as many as the intermediate results
            that exist at a time, so that these take together the memory of one more batch.
    """
    return min(max(LEAST, total // parts), MOST) if namespace(like).name == "numpy" else GPU


def divide(count: int, at_once: int) -> list[slice]:
    """Divide 0 … count − 1 into slices of this length, at least 1; the last may be shorter."""
    at_once = max(1, at_once)
    return [slice(i, min(i + at_once, count)) for i in range(0, count, at_once)]
