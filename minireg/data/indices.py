"""Which examples an index means."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd.tensor import raw
from ..backend import namespace
from ..errors import ArgumentTypeError, DataError, IndexRangeError


def is_integer(index: Any) -> bool:
    return hasattr(index, "__index__") and getattr(index, "dtype", np.dtype(int)).kind in "iu"


def find_examples(indices: Any, n: int) -> np.ndarray:
    """Return which of n examples are chosen by integers or a mask, as integers on the host."""
    source = raw(indices)
    chosen = np.asarray(namespace(source).to_host(source))
    if chosen.size == 0:
        raise DataError(f"None of the {n} examples is chosen, but a dataset needs at least one.")
    if chosen.ndim != 1 or chosen.dtype.kind not in "iub":
        raise ArgumentTypeError(
            f"Examples are chosen by integers or a boolean mask, got {indices!r}."
        )
    if chosen.dtype.kind == "b":
        if len(chosen) != n:
            raise IndexRangeError(
                f"A mask for {n} examples must have this length, got {len(chosen)}."
            )
        return find_examples(np.flatnonzero(chosen), n)
    outside = (chosen < -n) | (chosen >= n)
    if outside.any():
        raise IndexRangeError(f"Example {chosen[outside][0]} is outside the {n} examples.")
    return chosen
