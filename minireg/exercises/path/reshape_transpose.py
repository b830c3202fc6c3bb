"""reshape_transpose: steps are undone in the reverse order."""

from ... import ops
from ...gradcheck import Floats
from ..checks import Gradient
from ..exercise import Exercise


def reshape_transpose(x, shape, axes):
    return x.reshape(shape).transpose(axes)


EXERCISE = Exercise(
    title="Reshape and transpose",
    statement="""
The forward pass only moves entries to other places, in two steps:

    y = x.reshape(shape).transpose(axes)

Axis i of y is axis axes[i] of the reshaped array. Examples:

    x (4, 6),     shape (8, 3),       axes (1, 0)        y (3, 8)
    x (5, 12),    shape (5, 3, 4),    axes (1, 2, 0)     y (3, 4, 5)
    x (3, 5, 4),  shape (-1, 2),      axes (1, 0)        y (2, 30)

Write the backward pass. upstream is dL/dy and has the shape of y. Return
dL/dx as a new array with the shape of x.
""",
    stub='''
def reshape_transpose_backward(upstream, x, shape, axes):
    """Return dL/dx."""
    return ...  # replace this line
''',
    checks=(
        Gradient(
            reshape_transpose,
            {"x": Floats(4, 6), "shape": (8, 3), "axes": (1, 0)},
            {"x": Floats(5, 12), "shape": (5, 3, 4), "axes": (1, 2, 0)},
            {"x": Floats(3, 5, 4), "shape": (-1, 2), "axes": (1, 0)},
            own=lambda x, shape, axes: ops.permute_dims(ops.reshape(x, shape), axes),
        ),
    ),
    hints=(
        "Each entry of y is one entry of x. So dL/dx has the entries of upstream, in other places.",
        "The gradient goes the way back. Which of the two steps must be undone first?",
        "transpose(axes) is undone by the transposition with the inverse order. For axes (1, 2, 0) "
        "it is (2, 0, 1): axis 0 of x is now at place 2, axis 1 at place 0, axis 2 at place 1.",
        "np.argsort(axes) gives the inverse order. First transpose, then reshape to x.shape, and "
        "return a copy: upstream.transpose(...).reshape(...).copy()",
    ),
)
