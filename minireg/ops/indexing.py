"""Reading entries by index, and the reverse: adding values at an index."""

from __future__ import annotations

from ..autograd import Tensor, composed, primitive, raw
from ..backend import namespace
from ..checks import check_count
from ..errors import ArgumentError, ArgumentTypeError
from .shapes import moveaxis, normalize_axis, reshape

__all__ = [
    "diagonal", "getitem", "one_hot", "scatter_add", "take", "take_along_axis", "tril", "triu",
]  # fmt: skip


@primitive
def getitem(x, index):
    """x[index] with slices, integers, None, `...`, integer arrays and boolean masks, as in NumPy.

    Its gradient is added at `index`: an entry read twice gets both parts.

    >>> x = mr.tensor([10.0, 20.0, 30.0], requires_grad=True)
    >>> x[[0, 0, 2]].sum().backward()
    >>> x.grad
    array([2., 0., 1.], dtype=float32)
    """
    index, shape = as_plain_index(index, x), x.shape
    return x[index], (lambda g: namespace(g).scatter_add(g, index, shape),)


@primitive
def scatter_add(values, index, shape):
    """Zeros of `shape` with `values` added at `index`; an index that occurs twice gets both.

    Its gradient is read at `index`.

    >>> mr.scatter_add(mr.tensor([1.0, 2.0, 4.0]), [0, 0, 1], (3,)).tolist()
    [3.0, 4.0, 0.0]
    """
    index = as_plain_index(index, values)
    return namespace(values).scatter_add(values, index, shape), (lambda g: g[index],)


@composed
def take(x, indices, axis=None):
    """The slices of x at `indices` along `axis`: x[:, indices] for axis 1.

    Args:
        indices: integers of any shape; this shape replaces the axis.  Negative ones count from the
            end.
        axis: may be left out for a vector.

    >>> mr.take(mr.tensor([[1, 2, 3], [4, 5, 6]]), [2, 0], axis=1).tolist()
    [[3, 1], [6, 4]]
    """
    if axis is None and x.ndim != 1:
        raise ArgumentError(
            f"axis is needed for shape {x.shape}; it may be left out for a vector.", argument="axis"
        )
    axis = normalize_axis(0 if axis is None else axis, x.shape)
    return getitem(x, (slice(None),) * axis + (as_integers(indices, x),))


@composed
def take_along_axis(x, indices, axis=-1):
    """y[i, j] = x[i, indices[i, j]] for the last axis, and likewise for others.

    `argsort` and `argmax(keepdims=True)` give such indices.

    Args:
        indices: integers, with as many axes as x; axes other than `axis` are broadcast.

    >>> x = mr.tensor([[3, 1, 2], [7, 9, 8]])
    >>> mr.take_along_axis(x, mr.argmax(x, axis=1, keepdims=True), axis=1).tolist()
    [[3], [9]]
    """
    axis = normalize_axis(axis, x.shape)
    indices = as_integers(indices, x)
    if indices.ndim != x.ndim:
        raise ArgumentError(f"indices of shape {indices.shape} must have {x.ndim} axes, as x has.")
    # Places in the flattened x: there, entries are read and added several times as fast.
    places = 0
    for i, n in enumerate(x.shape):
        along = namespace(indices).arange(n)
        others = tuple(-1 if j == i else 1 for j in range(x.ndim))
        places = places * n + (along[indices] if i == axis else along.reshape(others))
    return getitem(reshape(x, (x.size,)), places)


@composed
def diagonal(x, offset=0, axis1=0, axis2=1):
    """The entries x[i, i + offset]; for more than two axes, as the last axis of the result.

    >>> mr.diagonal(mr.tensor([[1, 2], [3, 4]])).tolist()
    [1, 4]
    """
    first, second = (normalize_axis(axis, x.shape) for axis in (axis1, axis2))
    if first == second:
        raise ArgumentError(f"axis1 and axis2 are both axis {first} of x.")
    rows, columns = x.shape[first], x.shape[second]
    length = max(0, min(rows, columns - offset, rows + offset, columns))
    i = namespace(raw(x)).arange(length)
    return getitem(
        moveaxis(x, (first, second), (-2, -1)), (..., i - min(offset, 0), i + max(offset, 0))
    )


@primitive
def triu(x, k=0):
    """x with zeros below its diagonal number k: the upper triangle of the last two axes.

    Its gradient is cut in the same way.

    >>> mr.triu(mr.tensor([[1, 2], [3, 4]])).tolist()
    [[1, 2], [0, 4]]
    """
    check_matrix(x)
    return namespace(x).triu(x, k=k), (lambda g: namespace(g).triu(g, k=k),)


@primitive
def tril(x, k=0):
    """x with zeros above its diagonal number k: the lower triangle of the last two axes.

    Its gradient is cut in the same way.

    >>> mr.tril(mr.tensor([[1, 2], [3, 4]])).tolist()
    [[1, 0], [3, 4]]
    """
    check_matrix(x)
    return namespace(x).tril(x, k=k), (lambda g: namespace(g).tril(g, k=k),)


def check_matrix(x):
    if x.ndim < 2:  # NumPy would make a matrix of a vector
        raise ArgumentError(f"a triangle needs two axes, and x has shape {x.shape}.")


def as_integers(indices, x):
    """`indices` as an array of integers on the backend of x."""
    array = as_array(indices, x)
    if array.dtype.kind not in "iu":
        raise ArgumentTypeError(f"indices must be integers, got {array.dtype}.")
    return array


def as_plain_index(index, x):
    """`index` with arrays in place of Tensors and lists."""
    if isinstance(index, tuple):
        return tuple(as_plain_index(part, x) for part in index)
    return as_array(index, x) if isinstance(index, (Tensor, list)) else index


def as_array(indices, x):
    """`indices` as an array on the backend of x.  An empty list becomes integers."""
    array = indices.data if isinstance(indices, Tensor) else namespace(raw(x)).asarray(indices)
    return array.astype("int64") if array.size == 0 and array.dtype.kind == "f" else array


@composed
def one_hot(labels, num_classes):
    """Rows with a single 1: shape (*labels.shape, num_classes), float32, without gradient.

    Args:
        labels: integers from 0 to num_classes − 1.
        num_classes: the length of a row.

    Raises:
        ArgumentError: a label out of range (checked on NumPy; on a GPU it would cost a transfer).

    >>> mr.one_hot(mr.tensor([2, 0]), 3).tolist()
    [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    num_classes = check_count("num_classes", num_classes)
    array = labels.data if isinstance(labels, Tensor) else namespace(labels).asarray(labels)
    check_labels(array, num_classes)
    xp = namespace(array)
    return Tensor((array[..., None] == xp.arange(num_classes)).astype(xp.float32))


def check_labels(labels, classes):
    """Check `labels`; their range only on NumPy, where the check costs no transfer."""
    if labels.dtype.kind not in "iu":
        raise ArgumentError(
            f"class labels must be integers from 0 to {classes - 1}, got {labels.dtype}."
        )
    if namespace(labels).name != "numpy" or labels.size == 0:
        return
    low, high = labels.item(labels.argmin()), labels.item(labels.argmax())  # faster than min, max
    if low < 0 or high >= classes:
        found, advice = high, "If they count from 1, subtract 1."
        if low < 0:
            found, advice = (
                low,
                "If it marks examples without a label, pass ignore_index to the loss.",
            )
        raise ArgumentError(
            f"labels must be from 0 to {classes - 1} for {classes} classes, got {found}. {advice}"
        )
