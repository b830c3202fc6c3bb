"""max_pool: the largest entry of each window."""

import numpy as np

from ... import ops
from ...gradcheck import Floats
from ..checks import Gradient, Values
from ..exercise import Exercise


def max_pool(x):
    n, c, height, width = x.shape
    return x.reshape(n, c, height // 2, 2, width // 2, 2).max(axis=(3, 5))


INPUTS = {"x": Floats(2, 2, 4, 6)}
TIES = {"x": np.array([[[[0.0, 0.0, 5.0, 1.0], [0.0, 0.0, 2.0, 5.0]]]])}

EXERCISE = Exercise(
    title="Max pooling",
    statement="""
Max pooling makes images smaller. It divides each one into windows of 2 x 2
pixels that do not overlap, and keeps the largest entry of each:

    y[n, c, i, j] = the largest of x[n, c, 2i, 2j],     x[n, c, 2i, 2j + 1],
                                   x[n, c, 2i + 1, 2j], x[n, c, 2i + 1, 2j + 1]

    x (N, C, H, W)         H and W are even
    y (N, C, H/2, W/2)

Write the forward pass, and the backward pass: upstream is dL/dy and has the
shape of y. Return dL/dx, with the shape of x.

If several entries of a window are equal and the largest (a tie), they share
the upstream gradient: the parts add up to it. Any shares from 0 to 1 are
accepted. minireg gives each the same share, PyTorch all to the first.
""",
    stub='''
def max_pool(x):
    """Return y."""
    return ...  # replace this line


def max_pool_backward(upstream, x):
    """Return dL/dx."""
    return ...  # replace this line
''',
    checks=(
        Values(max_pool, INPUTS, TIES),
        Gradient(max_pool, INPUTS, TIES, own=lambda x: ops.max_pool2d(x, 2), gradients_of=("x",)),
    ),
    hints=(
        "This is a maximum again, now over the 4 entries of a window. Which entries of x get a "
        "gradient?",
        "x.reshape(N, C, H // 2, 2, W // 2, 2) makes two new axes of length 2: axes 3 and 5 are "
        "the rows and the columns inside a window. Loops over i and j are fine, too.",
        "In each window, the largest entry gets the upstream gradient, and the others get 0. With "
        "windows = x.reshape(...), largest = windows == windows.max(axis=(3, 5), keepdims=True).",
        "share = largest / largest.sum(axis=(3, 5), keepdims=True). Multiply it by "
        "upstream[:, :, :, None, :, None], and reshape the product to x.shape.",
    ),
)
