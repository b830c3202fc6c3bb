"""Reading entries by index, and its mirror image: adding values at an index."""

from __future__ import annotations

from ..autograd import Tensor, primitive
from ..backend import namespace
from ..errors import ArgumentError


@primitive
def _getitem(x, index):
    """x[index].  The gradient is added back at `index`: an entry read twice gets both parts."""
    shape = x.shape
    return x[index], (lambda g: namespace(g).scatter_add(g, index, shape),)


@primitive
def _scatter_add(values, index, shape):
    """Zeros of `shape` with `values` added at `index`.  Its gradient is read back from there."""
    return namespace(values).scatter_add(values, index, shape), (lambda g: g[index],)


def getitem(x, index):
    """x[index] with slices, integers, None, `...`, integer arrays and boolean masks, as in NumPy.

    >>> import minireg as mr
    >>> x = mr.tensor([10.0, 20.0, 30.0], requires_grad=True)
    >>> x[[0, 0, 2]].sum().backward()
    >>> x.grad
    array([2., 0., 1.], dtype=float32)
    """
    return _getitem(x, plain_index(index, x))


def scatter_add(values, index, shape):
    """Zeros of `shape` with `values` added at `index`; a place named twice gets both values.

    >>> import minireg as mr
    >>> mr.scatter_add(mr.tensor([1.0, 2.0, 4.0]), [0, 0, 1], (3,)).tolist()
    [3.0, 4.0, 0.0]
    """
    return _scatter_add(values, plain_index(index, values), shape)


def plain_index(index, x):
    """`index` with arrays in place of Tensors and lists."""
    if isinstance(index, tuple):
        return tuple(plain_index(part, x) for part in index)
    if isinstance(index, Tensor):
        return index.data
    if isinstance(index, list):
        return namespace(x.data).asarray(index)
    return index


def one_hot(labels, num_classes):
    """Rows with a single 1: shape (*labels.shape, num_classes), float32, without gradient.

    Args:
        labels: integers from 0 to num_classes − 1.
        num_classes: the length of a row.

    Raises:
        ArgumentError: a label out of range (checked on NumPy; on a GPU it would cost a transfer).

    >>> import minireg as mr
    >>> mr.one_hot(mr.tensor([2, 0]), 3).tolist()
    [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    array = labels.data if isinstance(labels, Tensor) else namespace(labels).asarray(labels)
    check_labels("one_hot", array, num_classes)
    xp = namespace(array)
    return Tensor((array[..., None] == xp.arange(num_classes)).astype(xp.float32))


def check_labels(name, labels, classes):
    """Say what is wrong with `labels`; their range only where looking at it is free: on NumPy."""
    if labels.dtype.kind not in "iu":
        raise ArgumentError(
            f"{name}: class labels must be integers from 0 to {classes - 1}, got {labels.dtype}."
        )
    if namespace(labels).name != "numpy" or labels.size == 0:
        return
    low, high = labels.item(labels.argmin()), labels.item(labels.argmax())  # faster than min, max
    if low < 0 or high >= classes:
        raise ArgumentError(
            f"{name}: labels must be from 0 to {classes - 1} for {classes} classes, got "
            f"{low if low < 0 else high}. "
            f"Labels counted from 1? Subtract 1."
        )
