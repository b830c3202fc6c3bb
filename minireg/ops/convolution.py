"""Convolution: a kernel slides over an image, and is multiplied with every window it covers."""

from __future__ import annotations

import math

from ..autograd import primitive
from ..backend import namespace
from ..checks import check_count
from ..errors import ArgumentError
from .kernels import count_windows
from .linear_algebra import matmul
from .shapes import reshape
from .windows import (
    add_margin,
    as_pair,
    check_images,
    check_sliding,
    choose_channels_last,
    pad_images,
    walk_windows,
    windows,
)

__all__ = ["conv2d"]


def _plain_conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    out, kernel_size = weight.shape[0], weight.shape[2:]
    x = pad_images(x, resolve_padding(padding, kernel_size, stride, dilation))
    seen = windows(x, kernel_size, stride, dilation)
    n, c, height, width, rows, columns = seen.shape
    w = reshape(weight, (groups, out // groups, c // groups * height * width))
    seen = reshape(seen, (n, groups, c // groups * height * width, rows * columns))
    y = reshape(matmul(w, seen), (n, out, rows, columns))
    return y if bias is None else y + reshape(bias, (out, 1, 1))


@primitive(plain=_plain_conv2d)
def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Slide kernels over images: y is b + Σ w · (window) over all channels and entries of a window.

        y[n, o, p, q] = b[o] + Σ_cij w[o, c, i, j] · windows(x)[n, c, i, j, p, q]

    The kernels are not flipped; mathematicians call this a correlation.  With the windows of x as
    the columns of a matrix X, y = W X + b is a matrix product.  X has (with stride 1)
    height · width times as many entries as x, so it is made for a few images at a time.

    dL/dW = g Xᵀ, with X made again.  With stride 1, dL/dx is the correlation of g with the flipped
    kernels; else `overlap_add` takes Wᵀ g, the gradient of the windows, back to x.

    Args:
        x: (N, C, H, W).
        weight: w, (O, C / groups, height, width).
        bias: b, (O,), or None.
        stride: the step from one window to the next: (down, across), or one number for both.
        padding: the width of the margin, which is read as 0: (top and bottom, left and right), or
            one number for both; "valid" is none; "same" makes the output as large as x (stride 1;
            for an odd total the larger part is at the bottom and on the right).
        dilation: the step from one entry of the kernel to the next, as `stride`.
        groups: the number of groups of the input channels, and of the output channels; each group
            of the output depends only on its own group of the input.

    Returns:
        (N, O, rows, columns) with
        rows = ⌊(H + 2·padding − dilation·(height − 1) − 1) / stride⌋ + 1, and columns likewise.

    Raises:
        ArgumentError: shapes that do not fit, or a kernel larger than the images with their margin.

    Chellapilla, Puri & Simard (2006), "High performance convolutional neural networks for document
    processing", section 3 (as a matrix product).  Dumoulin & Visin (2016), "A guide to convolution
    arithmetic for deep learning".

    >>> edge = mr.tensor([[[[1.0, -1.0]]]])
    >>> mr.conv2d(mr.tensor([[[[0.0, 0.0, 5.0, 5.0]]]]), edge).tolist()
    [[[[0.0, -5.0, 0.0]]]]
    """
    check_shapes(x, weight, bias, groups)
    margin = resolve_padding(padding, weight.shape[2:], stride, dilation)
    size = add_margin(x.shape[2:], margin)
    kernel_size, stride, dilation = check_sliding(size, weight.shape[2:], stride, dilation)

    def vjp_x(g):
        reach = [d * (k - 1) for k, d in zip(kernel_size, dilation)]
        rest = tuple((r - before, r - after) for r, (before, after) in zip(reach, margin))
        if stride == (1, 1) and min(map(min, rest)) >= 0:
            return correlate(g, flip_kernels(weight, groups), None, groups, rest, stride, dilation)
        w = weight.reshape(groups, len(weight) // groups, -1)
        seen = w.mT @ g.reshape(len(g), groups, w.shape[1], -1)
        seen = seen.reshape(len(g), -1, *kernel_size, *g.shape[2:])
        padded = namespace(g).overlap_add(seen, size, stride, dilation)
        (top, bottom), (left, right) = margin
        return padded[:, :, top : size[0] - bottom, left : size[1] - right]

    return correlate(x, weight, bias, groups, margin, stride, dilation), (
        vjp_x,
        lambda g: correlate_with_gradient(x, g, weight.shape, groups, margin, stride, dilation),
        lambda g: g.sum(axis=(0, 2, 3)),
    )


def correlate(x, weight, bias, groups, margin, stride, dilation):
    """y = W X + b, a few windows at a time."""
    xp, (out, _, *kernel_size) = namespace(x), weight.shape
    sliding = x, weight.shape, groups, margin, stride, dilation
    channels_last = choose_channels_last(*sliding)
    w = weight.reshape(groups, out // groups, -1)
    if channels_last:
        w = xp.moveaxis(weight, (0, 1), (-1, -2)).reshape(-1, out)
    counts = count_windows(add_margin(x.shape[2:], margin), kernel_size, stride, dilation)
    arrays = (x, weight) if bias is None else (x, weight, bias)
    y = xp.empty((len(x), out, *counts), dtype=xp.result_type(*arrays))
    for place, seen in walk_windows(*sliding, channels_last):
        if channels_last:
            part = (seen.reshape(len(seen), -1, len(w)) @ w).mT[:, None]
        else:
            part = w @ seen.reshape(len(seen), groups, w.shape[2], -1)
        part = part if bias is None else part + bias.reshape(groups, -1, 1)
        y[place] = part.reshape(len(seen), out, y[place].shape[2], -1)[..., : counts[1]]
    return y


def correlate_with_gradient(x, g, shape, groups, margin, stride, dilation):
    """dL/dW = g Xᵀ, or (X gᵀ)ᵀ: the large matrix is faster as it lies in memory."""
    xp, (out, c, *kernel_size), columns = namespace(g), shape, g.shape[3]
    sliding, entries = (x, shape, groups, margin, stride, dilation), math.prod(shape[1:])
    channels_last = choose_channels_last(*sliding)
    walk = walk_windows(*sliding, channels_last)
    if channels_last:
        total = xp.zeros((out, entries), dtype=g.dtype)
        for place, seen in walk:
            total += g[place].swapaxes(0, 1).reshape(out, -1) @ seen.reshape(-1, entries)
        return xp.moveaxis(total.reshape(out, *kernel_size, c), -1, 1)
    total = xp.zeros((groups, entries, out // groups), dtype=g.dtype)
    for place, seen in walk:
        part = g[place]
        if seen.shape[-1] > columns:  # windows that mean nothing have no gradient
            part = xp.zeros((len(seen), *seen.shape[4:], out), dtype=g.dtype)
            part[:, :, :columns] = xp.moveaxis(g[place], 1, -1)
            part = xp.moveaxis(part, -1, 1)
        part = part.reshape(len(seen), groups, out // groups, -1)
        total += (seen.reshape(len(seen), *total.shape[:2], -1) @ part.mT).sum(axis=0)
    return total.mT.reshape(shape)


def flip_kernels(weight, groups):
    """The kernels turned by 180°, with inputs and outputs exchanged: (C, O / groups, …)."""
    out, c, *kernel_size = weight.shape
    w = weight[:, :, ::-1, ::-1].reshape(groups, out // groups, c, *kernel_size)
    return w.swapaxes(1, 2).reshape(groups * c, out // groups, *kernel_size)


def resolve_padding(padding, kernel_size, stride, dilation):
    """((top, bottom), (left, right)) of `conv2d`'s padding."""
    if isinstance(padding, str) and padding not in ("valid", "same"):
        raise ArgumentError(
            f"padding must be one whole number or two, 'valid' or 'same', got {padding!r}.",
            argument="padding",
        )
    if padding == "valid":
        padding = 0
    if padding != "same":
        return tuple((side, side) for side in as_pair("padding", padding, minimum=0))
    if as_pair("stride", stride) != (1, 1):
        raise ArgumentError(
            f"padding='same' means an output as large as the input, so the stride must be 1, "
            f"got {stride}."
        )
    lost = [d * (k - 1) for k, d in zip(kernel_size, as_pair("dilation", dilation))]
    return tuple((width // 2, width - width // 2) for width in lost)


def check_shapes(x, weight, bias, groups):
    """Check the shapes of the arguments of `conv2d`."""
    check_images(x)
    check_count("groups", groups)
    if weight.ndim != 4:
        raise ArgumentError(
            f"weight must be (O, C / groups, height, width), got shape {weight.shape}."
        )
    out, c = weight.shape[0], x.shape[1]
    if c % groups or out % groups:
        raise ArgumentError(
            f"{c} input and {out} output channels cannot be divided into {groups} equal groups."
        )
    if weight.shape[1] != c // groups:
        raise ArgumentError(
            f"weight (O, C / groups, height, width) of shape {weight.shape} does not fit "
            f"x (N, C, H, W) of shape {x.shape} with groups={groups}: its second length must be "
            f"{c // groups}."
        )
    if bias is not None and bias.shape != (out,):
        raise ArgumentError(f"the bias must have shape {(out,)}, got {bias.shape}.")
