"""max_axis: only the largest entry acts on the output."""

import numpy as np

from ... import ops
from ...gradcheck import Floats
from ..checks import Gradient
from ..exercise import Exercise


def max_axis(x, axis):
    return x.max(axis=axis)


TIES = {"x": np.array([[1.0, 4.0, 4.0, 0.0], [2.0, 2.0, 2.0, -3.0], [0.0, 0.0, 5.0, 6.0]])}


EXERCISE = Exercise(
    title="Maximum over an axis",
    statement="""
The forward pass takes the largest entry along one axis:

    y = x.max(axis=axis)

    x (5, 7), axis 0         y (7,)       the largest entry of each column
    x (5, 7), axis 1         y (5,)       the largest entry of each row
    x (5, 7), axis -1        y (5,)       -1 is the last axis

Write the backward pass for all such shapes. upstream is dL/dy and has the
shape of y. Return dL/dx, with the shape of x.

If several entries are equal and the largest (a tie), they share the upstream
gradient: each gets a part, and the parts add up to it. Any shares from 0 to 1
are accepted. minireg gives each the same share.
""",
    stub='''
def max_axis_backward(upstream, x, axis):
    """Return dL/dx."""
    return ...  # replace this line
''',
    checks=(
        Gradient(
            max_axis,
            {"x": Floats("N", "D"), "axis": -1},
            {"x": Floats("N", "D"), "axis": 0},
            {**TIES, "axis": 1},
            own=lambda x, axis: ops.max(x, axis=axis),
            gradients_of=("x",),
        ),
    ),
    hints=(
        "If an entry that is not the largest grows by 0.001, does y change? And the largest one?",
        "The slope is 1 for the largest entry, and 0 for the others. So the gradient of the "
        "largest entry is upstream, and that of the others is 0.",
        "largest = x == x.max(axis=axis, keepdims=True) is True at the largest entries. At a tie "
        "there are several in a row: largest.sum(axis=axis, keepdims=True) counts them.",
        "share = largest / largest.sum(axis=axis, keepdims=True). Multiply it by "
        "np.expand_dims(upstream, axis).",
    ),
)
