"""Windows: the parts of an image that a sliding kernel covers.

A kernel that slides over an image cuts it into small windows, which overlap.  `windows` reads them,
`overlap_add` writes them back, and each is the derivative of the other.  Convolution is a product
with the windows; pooling takes their maximum or mean.
"""

from __future__ import annotations

import math

from ..autograd import primitive
from ..backend import namespace
from ..checks import check_count
from ..errors import ArgumentError
from .arrangement import pad
from .kernels import count_windows

__all__ = ["overlap_add", "windows"]

# Bytes of windows in memory at one time: as many as the cache of a processor holds.  A GPU is only
# occupied by many more.
CACHE, GPU = 2**20, 2**28
# Up to this many multiplications OpenBLAS does without a rearranged copy of the matrices.
SMALL = 10**6
# How many more numbers a processor copies and multiplies in the time it takes to begin a piece.
PIECE = 12


@primitive
def windows(x, kernel_size, stride=1, dilation=1):
    """Every window of one size on a batch of images.

        y[n, c, i, j, p, q] = x[n, c, p·stride + i·dilation, q·stride + j·dilation]

    dL/dx = overlap_add(g): a pixel that is in several windows gets the sum of their gradients.

    Args:
        x: (N, C, H, W).
        kernel_size: the size of a window: (height, width), or one whole number for both.
        stride: the step from one window to the next: (down, across), or one number for both.
        dilation: the step from one entry of a window to the next, likewise.

    Returns:
        (N, C, height, width, rows, columns) with
        rows = ⌊(H − dilation·(height − 1) − 1) / stride⌋ + 1, and columns likewise.

    Raises:
        ArgumentError: no window fits into the images.

    >>> x = mr.tensor([[[[1, 2, 3, 4]]]])
    >>> mr.windows(x, (1, 2)).reshape(2, 3).tolist()        # one window in each column
    [[1, 2, 3], [2, 3, 4]]
    """
    check_images(x)
    size = x.shape[2:]
    kernel_size, stride, dilation = check_sliding(size, kernel_size, stride, dilation)
    y = namespace(x).windows(x, kernel_size, stride, dilation)
    return y, (lambda g: namespace(g).overlap_add(g, size, stride, dilation),)


@primitive
def overlap_add(y, size, stride=1, dilation=1):
    """Add each window to images of zeros, at the place where `windows` reads it.

        x[n, c, p·stride + i·dilation, q·stride + j·dilation] += y[n, c, i, j, p, q]

    dL/dy = windows(g).

    Args:
        y: (N, C, height, width, rows, columns).
        size: (H, W) of the images.
        stride, dilation: as for `windows`.

    Returns:
        (N, C, H, W).

    Raises:
        ArgumentError: images of that size have another number of windows.

    >>> seen = mr.windows(mr.ones((1, 1, 1, 4)), (1, 2))
    >>> mr.overlap_add(seen, (1, 4)).tolist()               # how many windows each pixel is in
    [[[[1.0, 2.0, 2.0, 1.0]]]]
    """
    if y.ndim != 6:
        raise ArgumentError(f"y must be (N, C, height, width, rows, columns), got shape {y.shape}.")
    kernel_size, size = y.shape[2:4], as_pair("size", size)
    stride, dilation = as_pair("stride", stride), as_pair("dilation", dilation)
    rows_and_columns = count_windows(size, kernel_size, stride, dilation)
    if y.shape[4:] != rows_and_columns:
        raise ArgumentError(
            f"images of size {size} have {rows_and_columns} windows of size "
            f"{kernel_size} (stride {stride}, dilation {dilation}), and y has {y.shape[4:]}."
        )
    x = namespace(y).overlap_add(y, size, stride, dilation)
    return x, (lambda g: namespace(g).windows(g, kernel_size, stride, dilation),)


def pad_images(x, padding, fill=0):
    """Images with a margin: `padding` is ((top, bottom), (left, right))."""
    if padding == ((0, 0), (0, 0)):
        return x
    return pad(x, ((0, 0), (0, 0), *padding), value=fill)


def add_margin(size, margin):
    """(H, W) of images with a margin ((top, bottom), (left, right))."""
    return tuple(n + before + after for n, (before, after) in zip(size, margin))


def choose_channels_last(x, kernels, groups, margin, stride, dilation):
    """Whether `walk_windows` is faster with channels as the last axis.

    Its pieces are shorter then, which costs less the more channels there are; but there are no
    windows that mean nothing, which are a large part if images are small.
    """
    (_, c, *kernel_size), full = kernels, add_margin(x.shape[2:], margin)
    columns = count_windows(full, kernel_size, stride, dilation)[1]
    piece, beyond = c * kernel_size[1] if dilation[1] == 1 else c, full[1] - columns
    return groups == 1 and stride == (1, 1) and piece * beyond >= PIECE * columns


def walk_windows(x, kernels, groups, margin, stride, dilation, channels_last):
    """Go through the windows of images with a margin of zeros, as many at a time as fit in a cache.

    With stride 1, the windows that begin at the last pixels of a row may count too, and go on in
    the next row.  They mean nothing, but with them, what an entry of a kernel sees in all windows
    of an image lies in memory in one piece, and is copied as such.  With channels as the last
    axis, a piece is what a row of a kernel sees in all channels.

    Args:
        kernels: the shape of the kernels, (O, C / groups, height, width).

    Yields:
        place: the index of these windows in an array (N, …, rows, columns).
        seen: (images, C, height, width, rows, columns or more), or, with `channels_last`,
            (images, rows, columns, height, width, C).
    """
    xp, (n, c, *size), (out, _, *kernel_size) = namespace(x), x.shape, kernels
    (top, _), (left, _) = margin
    full = add_margin(size, margin)
    rows, columns = count_windows(full, kernel_size, stride, dilation)
    entries, pixels = c * math.prod(kernel_size), c * math.prod(full)
    whole_rows = stride == (1, 1) and entries > out and not channels_last
    beyond = full[1] - columns if whole_rows else 0
    line = entries * (columns + beyond)
    small = SMALL // (line * out // groups**2)
    images, lines = divide_windows(xp, x.itemsize * line, x.itemsize * pixels, n, rows, small)

    memory = xp.zeros(images * pixels + beyond, dtype=x.dtype)
    axes = (*full, c) if channels_last else (c, *full)
    padded = memory[: images * pixels].reshape(images, *axes)
    padded = xp.moveaxis(padded, -1, 1) if channels_last else padded
    for first in range(0, n, images):
        some = x[first : first + images]
        if channels_last or beyond or full != tuple(size):
            padded[: len(some), :, top : top + size[0], left : left + size[1]] = some
            some = padded[: len(some)]
        image, channel, down, across = some.strides
        seen = xp.library.lib.stride_tricks.as_strided(
            some,
            (len(some), c, *kernel_size, rows, columns + beyond),
            (
                *(image, channel, down * dilation[0], across * dilation[1]),
                *(down * stride[0], across * stride[1]),
            ),
        )
        for above in range(0, rows, lines):
            place = (slice(first, first + images), ..., slice(above, above + lines), slice(None))
            part = seen[..., above : above + lines, :]
            yield place, xp.moveaxis(part, (1, 2, 3), (5, 3, 4)) if channels_last else part


def divide_windows(xp, line, image, n, rows, small):
    """Of how many images, and of how many rows of windows, the windows fit into a cache.

    Args:
        line: the bytes of a row of windows.
        image: the bytes of an image.
        n, rows: how many images there are, and how many rows of windows on each.
        small: how many rows make a small product.
    """
    on_gpu = xp.name == "cupy"
    cache = GPU if on_gpu else CACHE
    lines = min(rows, max(1, cache // line), small if small > 1 and not on_gpu else rows)
    lines = math.ceil(rows / math.ceil(rows / lines))  # parts of nearly the same length
    return max(1, min(n, cache // (lines * line + image))), lines


# -- arguments -------------------------------------------------------------------------------------


def as_pair(name, value, minimum=1, maximum=None):
    """(vertical, horizontal): two whole numbers, or one for both."""
    if not isinstance(value, (tuple, list)):
        value = (value, value)
    if len(value) != 2:
        raise ArgumentError(
            f"{name} must be one whole number or two, (vertical, horizontal), got {value!r}.",
            argument=name,
        )
    return tuple(check_count(name, n, minimum=minimum, maximum=maximum) for n in value)


def check_images(x):
    """Raise an error if `x` is not a batch of images."""
    if x.ndim != 4 or 0 in x.shape[1:]:
        raise ArgumentError(
            f"images must be (N, C, H, W) with C, H and W at least 1, got shape {x.shape}. "
            f"A single image needs the axis of the batch: x[None]."
        )


def check_sliding(size, kernel_size, stride, dilation):
    """Return the three as pairs, or raise an error if no window fits into images of this size."""
    kernel_size = as_pair("kernel_size", kernel_size)
    stride, dilation = as_pair("stride", stride), as_pair("dilation", dilation)
    if min(count_windows(size, kernel_size, stride, dilation)) < 1:
        reach = tuple(d * (k - 1) + 1 for k, d in zip(kernel_size, dilation))
        raise ArgumentError(
            f"a kernel of size {kernel_size} with dilation {dilation} covers {reach} pixels "
            f"and does not fit into images of size {size} (padding included)."
        )
    return kernel_size, stride, dilation
