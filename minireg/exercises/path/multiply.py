"""multiply: the gradient of a product, with broadcasting."""

from ... import ops
from ...gradcheck import Floats
from ..checks import Gradient
from ..exercise import Exercise


def multiply(a, b):
    return a * b


EXERCISE = Exercise(
    title="A product with broadcasting",
    statement="""
The forward pass multiplies entry by entry:

    y = a * b

NumPy stretches a and b to a common shape, as in the exercise add:

    a (5, 7), b (5, 7)    y (5, 7)    nothing is stretched
    a (5, 7), b (7,)      y (5, 7)    each row is multiplied by b
    a (5, 1), b (1, 7)    y (5, 7)    both are stretched
    a (5, 7), b ()        y (5, 7)    b is a single number

Write the backward pass for all such shapes. upstream is dL/dy and has the
shape of y. Return dL/da with the shape of a, and dL/db with the shape of b.

You may copy a function, such as sum_to, from your file add.py.
""",
    stub='''
def multiply_backward(upstream, a, b):
    """Return dL/da and dL/db."""
    return ..., ...  # replace this line
''',
    checks=(
        Gradient(
            multiply,
            {"a": Floats("N", "D"), "b": Floats("N", "D")},
            {"a": Floats("N", 1), "b": Floats("K", 1, "D")},
            {"a": Floats(), "b": Floats("N", "D")},
            own=ops.multiply,
        ),
    ),
    hints=(
        "If a single entry of a grows by 0.001, by how much does y grow there?",
        "The slope of a * b along a is b. The chain rule multiplies it by the upstream gradient.",
        "With broadcasting, compute the gradient with the shape of y first. Then sum it over the "
        "stretched axes, as in the exercise add.",
        "return sum_to(upstream * b, a.shape), and the same with a and b exchanged.",
    ),
)
