"""mean_axis: a sum with a factor."""

from ... import ops
from ...gradcheck import Floats
from ..checks import Gradient
from ..exercise import Exercise


def mean_axis(x, axis):
    return x.mean(axis=axis)


EXERCISE = Exercise(
    title="Mean over an axis",
    statement="""
The forward pass takes the mean of the entries along one axis:

    y = x.mean(axis=axis)

    x (5, 7), axis 0         y (7,)       means of 5 entries
    x (5, 7), axis 1         y (5,)       means of 7 entries
    x (5, 7), axis -1        y (5,)       -1 is the last axis
    x (5, 7), axis None      y ()         the mean of all 35 entries

Write the backward pass for all such shapes. upstream is dL/dy and has the
shape of y. Return dL/dx as a new array with the shape of x.
""",
    stub='''
def mean_axis_backward(upstream, x, axis):
    """Return dL/dx."""
    return ...  # replace this line
''',
    checks=(
        Gradient(
            mean_axis,
            {"x": Floats("N", "D"), "axis": 0},
            {"x": Floats("N", "D"), "axis": -1},
            {"x": Floats("N", "D"), "axis": None},
            own=lambda x, axis: ops.mean(x, axis=axis),
        ),
    ),
    hints=(
        "A mean is a sum times a constant. Which constant?",
        "Begin with the backward pass of the sum: upstream, copied along the axis. Then divide "
        "it by the number of entries in one mean.",
        "That number is x.shape[axis], or x.size if axis is None: then all entries are in one "
        "mean, and upstream is a single number.",
        "gradient = upstream if axis is None else np.expand_dims(upstream, axis). Multiply it by "
        "np.ones_like(x) and divide it by the number of entries.",
    ),
)
