"""Pooling: every window of an image is replaced by one number, its maximum or its mean."""

from __future__ import annotations

import functools
import math

from ..autograd import Tensor, composed, primitive, raw
from ..backend import namespace
from ..errors import ArgumentError
from .constants import ones_like
from .kernels import as_floating, count_windows, walk_entries
from .linear_algebra import linear
from .reductions import max, sum
from .shapes import matrix_transpose
from .windows import add_margin, as_pair, check_images, check_sliding, pad_images, windows

__all__ = ["adaptive_avg_pool2d", "avg_pool2d", "max_pool2d"]


def _plain_max_pool2d(x, kernel_size, stride=None, padding=0, dilation=1):
    seen = take_windows(as_floating(x), kernel_size, stride, padding, dilation, -math.inf)
    return max(seen, axis=(2, 3))


@primitive(plain=_plain_max_pool2d)
def max_pool2d(x, kernel_size, stride=None, padding=0, dilation=1):
    """The largest entry of each window.

        y[n, c, p, q] = max_ij x[n, c, p·stride + i·dilation, q·stride + j·dilation]

    Its gradient goes to that entry, shared equally between ties as by `max` (PyTorch gives it to
    the first).  The margin is −∞: it is never the largest.

    Args:
        x: (N, C, H, W).
        kernel_size: the size of a window: (height, width), or one number for both.
        stride: the step from one window to the next: (down, across), or one number for both; by
            default the size of a window.
        padding: the width of the margin: (top and bottom, left and right), or one number for both;
            at most half of `kernel_size`.
        dilation: the step from one entry of a window to the next, as `stride`.

    Returns:
        (N, C, rows, columns) with
        rows = ⌊(H + 2·padding − dilation·(height − 1) − 1) / stride⌋ + 1, and columns likewise.

    Raises:
        ArgumentError: no window fits into the images, or too wide a margin.

    >>> x = mr.tensor([[[[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 8.0, 7.0]]]])
    >>> mr.max_pool2d(x, 2).tolist()
    [[[[6.0, 8.0]]]]
    """
    check_images(x)
    kernel_size, stride, padding, dilation = check_pooling(kernel_size, stride, padding, dilation)
    margin = tuple((side, side) for side in padding)
    size = add_margin(x.shape[2:], margin)
    rows, columns = count_windows(size, *check_sliding(size, kernel_size, stride, dilation))
    walk = walk_entries(kernel_size, rows, columns, stride, dilation)
    entries = [(..., down, across) for _, _, down, across in walk]
    x, xp = as_floating(x), namespace(x)

    def pad():
        return xp.pad(x, ((0, 0), (0, 0), *margin), -math.inf) if any(padding) else x

    padded = pad()
    y = functools.reduce(xp.maximum, (padded[entry] for entry in entries))

    def vjp(g):
        padded = pad()
        seen = xp.stack([padded[entry] for entry in entries]).reshape(*kernel_size, *y.shape)
        largest = (seen == y).astype(g.dtype)
        largest *= g / largest.sum(axis=(0, 1))
        total = xp.overlap_add(xp.moveaxis(largest, (0, 1), (2, 3)), size, stride, dilation)
        (top, left), (height, width) = padding, x.shape[2:]
        return total[:, :, top : top + height, left : left + width]

    return y, (vjp,)


@composed
def avg_pool2d(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    """The mean of each window.

    Args:
        x: (N, C, H, W).
        kernel_size: the size of a window: (height, width), or one number for both.
        stride: the step from one window to the next: (down, across), or one number for both; by
            default the size of a window.
        padding: the width of the margin: (top and bottom, left and right), or one number for both;
            at most half of `kernel_size`.
        count_include_pad: whether the margin counts as zeros (PyTorch's default), or the mean is
            taken over the pixels only.

    Returns:
        (N, C, rows, columns) with
        rows = ⌊(H + 2·padding − height) / stride⌋ + 1, and columns likewise.

    Raises:
        ArgumentError: no window fits into the images, or too wide a margin.

    >>> mr.avg_pool2d(mr.tensor([[[[1.0, 3.0, 5.0, 8.0]]]]), (1, 2)).tolist()
    [[[[2.0, 6.5]]]]
    """
    seen = take_windows(as_floating(x), kernel_size, stride, padding)
    count = seen.shape[2] * seen.shape[3]
    if not count_include_pad:
        pixels = take_windows(ones_like(x[:1, :1]), kernel_size, stride, padding)
        count = sum(pixels, axis=(2, 3))
    return sum(seen, axis=(2, 3)) / count


def take_windows(x, kernel_size, stride, padding, dilation=1, fill=0):
    """The windows (N, C, height, width, rows, columns) of a pooling."""
    check_images(x)
    kernel_size, stride, padding, dilation = check_pooling(kernel_size, stride, padding, dilation)
    x = pad_images(x, tuple((side, side) for side in padding), fill)
    return windows(x, *check_sliding(x.shape[2:], kernel_size, stride, dilation))


def check_pooling(kernel_size, stride, padding, dilation=1):
    """Return the settings of a pooling as pairs, or raise an error about them."""
    kernel_size = as_pair("kernel_size", kernel_size)
    stride = kernel_size if stride is None else as_pair("stride", stride)
    dilation = as_pair("dilation", dilation)
    padding = as_pair("padding", padding, minimum=0)
    if any(2 * p > k for p, k in zip(padding, kernel_size)):
        raise ArgumentError(
            f"padding must be at most half of kernel_size, got {padding} for {kernel_size}: "
            f"a window further out would hold no pixel.",
            argument="padding",
        )
    return kernel_size, stride, padding, dilation


@composed
def adaptive_avg_pool2d(x, output_size):
    """Cut images of any size into a given number of windows, and take the mean of each.

    Window p of k on a length of n covers ⌊p·n/k⌋ … ⌈(p + 1)·n/k⌉ − 1, so that neighbours overlap
    where k does not divide n.  Taking means is linear: y = R x Cᵀ with one matrix for each axis.

    Args:
        x: (N, C, H, W).
        output_size: (rows, columns), or one number for both; 1 gives the mean of each channel.

    Returns:
        (N, C, rows, columns).

    Raises:
        ArgumentError: x is not a batch of images, or `output_size` is not valid.

    >>> x = mr.tensor([[[[1.0, 2.0, 6.0]]]])
    >>> mr.adaptive_avg_pool2d(x, 1).tolist(), mr.adaptive_avg_pool2d(x, (1, 2)).tolist()
    ([[[[3.0]]]], [[[[1.5, 4.0]]]])
    """
    check_images(x)
    rows, columns = as_pair("output_size", output_size)
    x = as_floating(x)
    y = linear(x, make_averages(raw(x), 3, columns))
    return matrix_transpose(linear(matrix_transpose(y), make_averages(raw(x), 2, rows)))


def make_averages(x, axis, count):
    """The matrix, (count, length), whose row p takes the mean over window p of this axis of x."""
    xp, length = namespace(x), x.shape[axis]
    p, place = xp.arange(count)[:, None], xp.arange(length)
    first, end = p * length // count, ((p + 1) * length + count - 1) // count
    inside = ((place >= first) & (place < end)).astype(x.dtype)
    return Tensor(inside / inside.sum(axis=1, keepdims=True))
