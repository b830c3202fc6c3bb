"""conv2d: small kernels that slide over images."""

import numpy as np

from ... import ops
from ...gradcheck import Floats
from ..checks import Gradient, Values
from ..exercise import Exercise


def conv2d(x, kernels):
    windows = np.lib.stride_tricks.sliding_window_view(x, kernels.shape[2:], axis=(2, 3))
    return np.einsum("ncijab,mcab->nmij", windows, kernels)


INPUTS = {"x": Floats(3, 2, 3, 4), "kernels": Floats(4, 2, 2, 3)}
SINGLE = {
    "x": np.array([[[[1.0, 2.0], [3.0, 4.0]]]]),
    "kernels": np.array([[[[1.0, 10.0], [100.0, 1000.0]]]]),
}

EXERCISE = Exercise(
    title="Convolution",
    statement="""
A convolution layer slides M kernels over N images. At each place (i, j) it
multiplies the window of the image that begins there by a kernel, entry by
entry, and adds everything up, over all C channels:

    y[n, m, i, j] = sum over c, a, b of
                    x[n, c, i + a, j + b] * kernels[m, c, a, b]

    x (N, C, H, W)         N images of C channels, H rows and W columns
    kernels (M, C, A, B)   M kernels of A rows and B columns
    y (N, M, H - A + 1, W - B + 1)

There is no padding, and the kernels are not flipped. Loops are welcome: the
images are small.

Write the forward pass, and the backward pass: upstream is dL/dy and has the
shape of y. Return dL/dx and dL/dkernels.
""",
    stub='''
def conv2d(x, kernels):
    """Return y."""
    return ...  # replace this line


def conv2d_backward(upstream, x, kernels):
    """Return dL/dx and dL/dkernels."""
    return ..., ...  # replace this line
''',
    checks=(
        Values(conv2d, SINGLE, INPUTS),
        Gradient(conv2d, INPUTS, own=ops.conv2d),
    ),
    hints=(
        "Begin with one image and one kernel. How many windows are there in a row of the image, "
        "and which rows and columns belong to the window at (i, j)?",
        "Forward: loop over n, m, i and j. The window is x[n, :, i:i + A, j:j + B]; multiply it by "
        "kernels[m] and sum.",
        "Backward: the same loops. y[n, m, i, j] is a sum of products, as in a matrix product. So "
        "its upstream gradient g adds g * kernels[m] to the gradient of the window, and g * window "
        "to the gradient of kernels[m].",
        "dx = np.zeros_like(x); in the loops: dx[n, :, i:i + A, j:j + B] += g * kernels[m]. "
        "Windows overlap, so it must be += and not =. dkernels is done in the same way.",
    ),
)
