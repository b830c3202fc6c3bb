"""layer_norm: each example is normalized by itself."""

import numpy as np

from ... import ops
from ...gradcheck import Floats
from ..checks import Gradient, Values
from ..exercise import Exercise


def layer_norm(x, gamma, beta, eps):
    centred = x - x.mean(axis=-1, keepdims=True)
    return gamma * centred / np.sqrt(x.var(axis=-1, keepdims=True) + eps) + beta


SMALL = {
    "x": np.array([[0.0, 0.0, 3.0], [4.0, 4.0, 4.0]]),
    "gamma": np.array([1.0, 2.0, 3.0]),
    "beta": np.array([0.0, 5.0, 0.0]),
    "eps": 0.01,
}
MATRIX = {"x": Floats("N", "D"), "gamma": Floats("D"), "beta": Floats("D"), "eps": 1e-5}
TEXTS = {**MATRIX, "x": Floats(2, 3, "D")}

EXERCISE = Exercise(
    title="Layer normalization",
    statement="""
Layer norm brings each row of x to mean 0 and variance 1. It looks at one
example at a time, so it needs no batch. Then it scales by gamma and shifts by
beta, as batch norm does:

    z = (x - mean) / sqrt(var + eps)      mean and var over the last axis
    y = gamma * z + beta

    x (N, D), or (N, T, D)    N examples, or N texts of T words
    gamma, beta (D,)          one number for each place on the last axis
    eps                       a small number, inside the root
    z, y                      the shape of x

The variance divides by D, as x.var(axis=-1) does.

Write the forward pass, and the backward pass: upstream is dL/dy and has the
shape of y. Return dL/dx, dL/dgamma and dL/dbeta, each with the shape of its
input.
""",
    stub='''
def layer_norm(x, gamma, beta, eps):
    """Return y."""
    return ...  # replace this line


def layer_norm_backward(upstream, x, gamma, beta, eps):
    """Return dL/dx, dL/dgamma and dL/dbeta."""
    return ..., ..., ...  # replace this line
''',
    checks=(
        Values(layer_norm, SMALL, MATRIX, TEXTS),
        Gradient(
            layer_norm,
            MATRIX,
            TEXTS,
            own=lambda x, gamma, beta, eps: ops.layer_norm(x, x.shape[-1], gamma, beta, eps),
        ),
    ),
    hints=(
        "Compare with batch norm. Which means are now taken over the last axis? And over which "
        "axes are gamma and beta stretched?",
        "keepdims=True keeps the axis of a mean, so that it fits to x again.",
        "The gradients of gamma and beta are summed over all axes but the last. "
        "array.reshape(-1, D).sum(axis=0) does that for x of any number of axes.",
        "With g = upstream * gamma, s = sqrt(var + eps) and means over the last axis: "
        "dL/dx = (g - mean of g - z * mean of (g * z)) / s.",
    ),
)
