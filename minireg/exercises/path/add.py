"""add: the gradient of a sum, with broadcasting."""

from ... import ops
from ...gradcheck import Floats
from ..checks import Gradient
from ..exercise import Exercise


def add(a, b):
    return a + b


EXERCISE = Exercise(
    title="A sum with broadcasting",
    statement="""
The forward pass is

    y = a + b

where NumPy stretches a and b to a common shape. Examples:

    a (5, 7), b (5, 7)    y (5, 7)    nothing is stretched
    a (5, 7), b (7,)      y (5, 7)    b is added to each row
    a (5, 1), b (1, 7)    y (5, 7)    both are stretched
    a (5, 7), b ()        y (5, 7)    b is a single number

Write the backward pass for all such shapes. upstream is dL/dy, for some loss
L, and has the shape of y. Return dL/da and dL/db as new arrays, dL/da with the
shape of a and dL/db with the shape of b.
""",
    stub='''
def add_backward(upstream, a, b):
    """Return dL/da and dL/db."""
    return ..., ...  # replace this line
''',
    checks=(
        Gradient(
            add,
            {"a": Floats("N", "D"), "b": Floats("D")},
            {"a": Floats("N", 1), "b": Floats("K", 1, "D")},
            {"a": Floats(), "b": Floats("N", "D")},
            own=ops.add,
        ),
    ),
    hints=(
        "If a grows by 1 everywhere, by how much does each entry of y grow?",
        "An entry of b that was copied to 5 rows acts in 5 places. Its gradient is the sum of "
        "the 5 upstream gradients there.",
        "Axes of two kinds are summed: those that the input does not have (the first ones), and "
        "those where it has length 1 (with keepdims=True). A function sum_to(gradient, shape) "
        "can do this for both inputs.",
        "gradient.sum(axis=tuple(range(gradient.ndim - len(shape)))) removes the first axes. Then "
        "sum over each axis i with shape[i] == 1 and keepdims=True. For the same shapes nothing is "
        "summed: return gradient.copy().",
    ),
)
