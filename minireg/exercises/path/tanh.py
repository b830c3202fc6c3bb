"""tanh: another derivative made of the output."""

import numpy as np

from ... import ops
from ...gradcheck import Floats
from ..checks import Gradient
from ..exercise import Exercise


def tanh(x):
    return np.tanh(x)


INPUTS = {"x": Floats("N", "D")}
HUGE = {"x": np.array([-1000.0, -30.0, 0.0, 30.0, 1000.0])}

EXERCISE = Exercise(
    title="Hyperbolic tangent",
    statement="""
The hyperbolic tangent maps every number to one between -1 and 1:

    y = (exp(x) - exp(-x)) / (exp(x) + exp(-x))

x and y have any shape, the same for both. NumPy has this function: np.tanh.

Write the backward pass: upstream is dL/dy and has the shape of y. Return
dL/dx. x may be large, such as 1000 or -1000. Results must be numbers, not nan.
""",
    stub='''
def tanh_backward(upstream, x):
    """Return dL/dx."""
    return ...  # replace this line
''',
    checks=(Gradient(tanh, INPUTS, HUGE, own=ops.tanh, gradients_of=("x",)),),
    hints=(
        "The curve is steepest at x = 0, with slope 1. Where is it flat, and what is y there?",
        "y is a quotient of s = exp(x) - exp(-x) and c = exp(x) + exp(-x). What are the "
        "derivatives of s and c?",
        "The quotient rule gives (c * c - s * s) / c ** 2. Write it with y = s / c.",
        "The derivative is 1 - y ** 2, with y = np.tanh(x). The chain rule multiplies it by the "
        "upstream gradient.",
    ),
)
