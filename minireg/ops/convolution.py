"""Convolution: a kernel slides over an image, and is multiplied with every window it covers."""

from __future__ import annotations

from ..autograd import composed
from ..checks import check_count
from ..errors import ArgumentError
from .linear_algebra import matmul
from .shapes import reshape
from .windows import as_pair, check_images, check_sliding, pad_images, windows

__all__ = ["conv2d"]


@composed
def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Slide kernels over images: y is b + Σ w · (window) over all channels and entries of a window.

        y[n, o, p, q] = b[o] + Σ_cij w[o, c, i, j] · windows(x)[n, c, i, j, p, q]

    The kernels are not flipped; mathematicians call this a correlation.  With the windows of an
    image as the columns of a matrix X, y = W X + b is a matrix product: dL/dW = g Xᵀ, dL/dX = Wᵀ g,
    and `overlap_add` takes dL/dX back to the image.  X needs memory: it has (with stride 1)
    height · width times as many entries as x.

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
    kernel_size = weight.shape[2:]
    x = pad_images(x, resolve_padding(padding, kernel_size, stride, dilation))
    seen = windows(x, *check_sliding(x, kernel_size, stride, dilation))

    n, c, height, width, rows, columns = seen.shape
    out = weight.shape[0]
    w = reshape(weight, (groups, out // groups, c // groups * height * width))
    seen = reshape(seen, (n, groups, c // groups * height * width, rows * columns))
    y = reshape(matmul(w, seen), (n, out, rows, columns))
    return y if bias is None else y + reshape(bias, (out, 1, 1))


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
