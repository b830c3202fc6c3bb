"""sigmoid: a derivative made of the output, and large numbers."""

import numpy as np

from ... import ops
from ...gradcheck import Floats
from ..checks import Gradient, Values
from ..exercise import Exercise


def sigmoid(x):
    small = np.exp(-np.abs(x))  # never more than 1
    return np.where(x >= 0, 1, small) / (1 + small)


INPUTS = {"x": Floats("N", "D")}
HUGE = {"x": np.array([-1000.0, -30.0, 0.0, 30.0, 1000.0])}

EXERCISE = Exercise(
    title="Sigmoid",
    statement="""
The sigmoid function maps every number to one between 0 and 1:

    y = 1 / (1 + exp(-x))      x and y have any shape, the same for both

Write the forward pass, and the backward pass: upstream is dL/dy and has the
shape of y. Return dL/dx.

x may be large, such as 1000 or -1000. exp(1000) is inf, and inf / inf is nan.
Results must be numbers, not nan.
""",
    stub='''
def sigmoid(x):
    """Return 1 / (1 + exp(-x)), entry by entry."""
    return ...  # replace this line


def sigmoid_backward(upstream, x):
    """Return dL/dx."""
    return ...  # replace this line
''',
    checks=(
        Values(sigmoid, INPUTS, HUGE),
        Gradient(sigmoid, INPUTS, HUGE, own=ops.sigmoid, gradients_of=("x",)),
    ),
    hints=(
        "What is y for x = 0? And for very large and very small x? How steep is the curve there?",
        "Write y as (1 + e) ** -1 with e = exp(-x). What is the derivative of e?",
        "dy/dx = e / (1 + e) ** 2. One factor 1 / (1 + e) is y. Write the other one, "
        "e / (1 + e), with y.",
        "e / (1 + e) is 1 - y. Compute y with your forward pass, and return "
        "upstream * y * (1 - y).",
    ),
)
