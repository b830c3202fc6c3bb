"""sum_axis: what is added up gets the same gradient everywhere."""

from ... import ops
from ...gradcheck import Floats
from ..checks import Gradient
from ..exercise import Exercise


def sum_axis(x, axis):
    return x.sum(axis=axis)


EXERCISE = Exercise(
    title="Sum over an axis",
    statement="""
The forward pass adds up the entries along one axis, which then is gone:

    y = x.sum(axis=axis)

    x (5, 7), axis 0         y (7,)       sums of the columns
    x (5, 7), axis 1         y (5,)       sums of the rows
    x (5, 7), axis -1        y (5,)       -1 is the last axis
    x (5, 7, 2), axis 1      y (5, 2)

Write the backward pass for all such shapes. upstream is dL/dy and has the
shape of y. Return dL/dx as a new array with the shape of x.
""",
    stub='''
def sum_axis_backward(upstream, x, axis):
    """Return dL/dx."""
    return ...  # replace this line
''',
    checks=(
        Gradient(
            sum_axis,
            {"x": Floats("N", "D"), "axis": 0},
            {"x": Floats("N", "D"), "axis": -1},
            {"x": Floats("N", "D", 2), "axis": 1},
            own=lambda x, axis: ops.sum(x, axis=axis),
        ),
    ),
    hints=(
        "If one entry of x grows by 1, which entry of y changes, and by how much?",
        "All entries of a column act on the same entry of y, with slope 1. So they all get the "
        "same gradient: upstream is copied along the axis.",
        "np.expand_dims(upstream, axis) puts the axis back, with length 1. Broadcasting can then "
        "stretch it to the shape of x.",
        "return np.expand_dims(upstream, axis) * np.ones_like(x)",
    ),
)
