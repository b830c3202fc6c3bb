"""Join, split, pad, shift and repeat arrays.  Gradients are moved back."""

from __future__ import annotations

import math
from itertools import accumulate, pairwise

from ..autograd import composed, primitive, raw
from ..backend import namespace
from ..checks import check_count
from ..errors import ArgumentError, ArgumentTypeError
from .indexing import getitem
from .shapes import broadcast_to, flatten, normalize_axis, reshape

__all__ = ["concat", "flip", "pad", "repeat", "roll", "split", "stack", "tile", "unstack"]


@primitive
def _concat(*xs, axis=0):
    """Arrays one after the other along `axis`.  Each gets its own part of the gradient."""
    if axis is None:
        raise ArgumentTypeError(
            "axis must be a whole number. For all entries in one row flatten the tensors first.",
            argument="axis",
        )
    y = namespace(*xs).concat(xs, axis=axis)
    before = (slice(None),) * (axis % y.ndim)
    starts = [0]
    for x in xs:
        starts.append(starts[-1] + x.shape[axis])
    parts = [(*before, slice(a, b)) for a, b in pairwise(starts)]
    return y, tuple(lambda g, part=part: g[part] for part in parts)


@composed
def concat(xs, axis=0):
    """Join a sequence of tensors along an axis that they already have.

    Each gets its own part of the gradient.

    >>> mr.concat([mr.tensor([1, 2]), mr.tensor([3])]).tolist()
    [1, 2, 3]
    """
    return _concat(*xs, axis=axis)


@primitive
def _stack(*xs, axis=0):
    """Arrays of one shape along a new axis.  Each gets its own slice of the gradient."""
    y = namespace(*xs).stack(xs, axis=axis)
    before = (slice(None),) * (axis % y.ndim)
    return y, tuple(lambda g, i=i: g[(*before, i)] for i in range(len(xs)))


@composed
def stack(xs, axis=0):
    """Join a sequence of tensors of one shape along a new axis.

    Each gets its own slice of the gradient.

    >>> mr.stack([mr.tensor([1, 2]), mr.tensor([3, 4])], axis=1).tolist()
    [[1, 3], [2, 4]]
    """
    return _stack(*xs, axis=axis)


@composed
def unstack(x, axis=0):
    """The slices of x along `axis`, as a tuple: the inverse of `stack`.

    >>> [row.tolist() for row in mr.unstack(mr.tensor([[1, 2], [3, 4]]))]
    [[1, 2], [3, 4]]
    """
    before = (slice(None),) * normalize_axis(axis, x.shape)
    return take_parts(x, before, range(x.shape[axis] + 1), lambda start, end: start)


@composed
def split(x, size, axis=0):
    """x in parts along `axis`, as a tuple: the inverse of `concat`.

    A number is the size of each part, as in PyTorch, and not the number of parts, as in NumPy.

    Args:
        size: the length of every part (the last one may be shorter), or a list of lengths.

    >>> [part.tolist() for part in mr.split(mr.tensor([1, 2, 3, 4, 5]), 2)]
    [[1, 2], [3, 4], [5]]
    >>> [part.tolist() for part in mr.split(mr.tensor([1, 2, 3, 4, 5]), [1, 4])]
    [[1], [2, 3, 4, 5]]
    """
    before = (slice(None),) * normalize_axis(axis, x.shape)
    length = x.shape[axis]
    if isinstance(size, (list, tuple)):
        sizes = [check_count("each size", n, minimum=0) for n in size]
        if sum(sizes) != length:
            raise ArgumentError(f"the sizes {sizes} must add up to {length}, the length.")
    else:
        size = check_count("size", size)
        sizes = [min(size, length - start) for start in range(0, length, size)] or [0]
    return take_parts(x, before, list(accumulate(sizes, initial=0)), slice)


def take_parts(x, before, bounds, index):
    """The parts of x from each of `bounds` to the next, which `index(start, end)` reads.

    A gradient is as large as what its part was read from.  So more than four parts are read from
    the four quarters of x, and these from theirs: n parts cost log n times the size of x, not n
    times.
    """
    first, n = bounds[0], len(bounds) - 1
    if n <= 4:
        pairs = pairwise(bounds)
        return tuple(getitem(x, (*before, index(a - first, b - first))) for a, b in pairs)
    parts: list = []
    step = -(-n // 4)
    for i in range(0, n, step):
        quarter = bounds[i : i + step + 1]
        whole = getitem(x, (*before, slice(quarter[0] - first, quarter[-1] - first)))
        parts += take_parts(whole, before, quarter, index)
    return tuple(parts)


@primitive
def pad(x, widths, value=0):
    """x with a border of `value` around it.  The gradient of the border is dropped.

    Args:
        widths: as in NumPy: one number for all sides, (before, after) for all axes, or a pair
            (before, after) for each axis.
        value: a number.

    >>> mr.pad(mr.tensor([[1, 2]]), ((0, 1), (2, 0)), value=9).tolist()
    [[9, 9, 1, 2], [9, 9, 9, 9]]
    """
    pairs = normalize_widths(widths, x.ndim)
    y = namespace(x).pad(x, pairs or 0, value)  # a 0-d array has no sides
    inner = tuple(slice(before, before + n) for (before, _), n in zip(pairs, x.shape))
    return y, (lambda g: g[inner],)


def normalize_widths(widths, ndim):
    """`widths` in NumPy's short forms as one pair (before, after) for each axis."""
    listed = widths if isinstance(widths, (tuple, list)) else (widths, widths)
    pairs = listed if any(isinstance(pair, (tuple, list)) for pair in listed) else [listed]
    if len(pairs) == 1:
        pairs = list(pairs) * ndim
    if len(pairs) != ndim or any(len(pair) != 2 for pair in pairs):
        raise ArgumentError(
            f"widths must be one (before, after) for each of the {ndim} axes, got {widths}.",
            argument="widths",
        )
    return [tuple(check_count("a width", n, minimum=0) for n in pair) for pair in pairs]


@primitive
def flip(x, axis=None):
    """The entries in reverse order along `axis`: None (all), an int or a tuple.

    Its gradient is flipped back.

    >>> mr.flip(mr.tensor([1, 2, 3])).tolist()
    [3, 2, 1]
    """
    return namespace(x).flip(x, axis=axis), (lambda g: namespace(g).flip(g, axis=axis),)


@primitive
def roll(x, shift, axis=None):
    """Shift the entries by `shift` places along `axis`; those beyond the end return at the front.

    Its gradient is rolled back.

    Args:
        shift: an int, or a tuple with one for each axis of a tuple `axis`.
        axis: None rolls the flattened x.

    >>> mr.roll(mr.tensor([1, 2, 3]), 1).tolist()
    [3, 1, 2]
    """
    back = tuple(-n for n in shift) if isinstance(shift, (tuple, list)) else -shift
    return namespace(x).roll(x, shift, axis=axis), (
        lambda g: namespace(g).roll(g, back, axis=axis),
    )


@primitive
def _repeat(x, m, axis):
    """Each entry along `axis` m times.  It gets the sum of the m gradients."""
    apart = (*x.shape[: axis + 1], m, *x.shape[axis + 1 :])
    return namespace(x).repeat(x, m, axis=axis), (
        lambda g: namespace(g).sum(g.reshape(apart), axis=axis + 1),
    )


@composed
def repeat(x, repeats, axis=None):
    """Each entry along `axis` several times, one after the other.

    Args:
        repeats: how often: an int, or a list with one number for each entry.
        axis: None repeats the entries of the flattened x.

    >>> mr.repeat(mr.tensor([1, 2]), 2).tolist(), mr.repeat(mr.tensor([1, 2]), [3, 0]).tolist()
    ([1, 1, 2, 2], [1, 1, 1])
    """
    if axis is None:
        x, axis = flatten(x), 0
    axis = normalize_axis(axis, x.shape)
    if not isinstance(repeats, (list, tuple)):
        return _repeat(x, check_count("repeats", repeats, minimum=0), axis)
    n = x.shape[axis]
    if len(repeats) != n:
        raise ArgumentError(f"{len(repeats)} numbers of repeats for {n} entries along axis {axis}.")
    index = [i for i, m in enumerate(repeats) for _ in range(check_count("repeats", m, minimum=0))]
    xp = namespace(raw(x))
    return getitem(x, (slice(None),) * axis + (xp.asarray(index, dtype=xp.int64),))


@composed
def tile(x, repetitions):
    """Repeat x as a whole along its axes.

    Args:
        repetitions: an int or a tuple; the last one belongs to the last axis.  There may be more
            of them than axes.

    >>> mr.tile(mr.tensor([1, 2]), (2, 2)).tolist()
    [[1, 2, 1, 2], [1, 2, 1, 2]]
    """
    listed = repetitions if isinstance(repetitions, (tuple, list)) else (repetitions,)
    times = [check_count("each repetition", n, minimum=0) for n in listed]
    ndim = max(len(times), x.ndim)
    times = [1] * (ndim - len(times)) + times
    shape = (1,) * (ndim - x.ndim) + tuple(x.shape)
    # Every axis n becomes (1, n), is stretched to (times, n), and then joined to times · n.
    apart = [length for n in shape for length in (1, n)]
    wide = [length for pair in zip(times, shape) for length in pair]
    return reshape(
        broadcast_to(reshape(x, apart), wide), [math.prod(pair) for pair in zip(times, shape)]
    )
