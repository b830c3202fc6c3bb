"""relu: a kink."""

import numpy as np

from ... import ops
from ...gradcheck import Floats
from ..checks import Gradient, Values
from ..exercise import Exercise


def relu(x):
    return np.maximum(x, 0)


INPUTS = {"x": Floats("N", "D")}

EXERCISE = Exercise(
    title="ReLU",
    statement="""
ReLU keeps what is positive and sets the rest to 0, entry by entry:

    y = max(x, 0)         x and y have any shape, the same for both

Write the forward pass, and the backward pass: upstream is dL/dy and has the
shape of y. Return dL/dx.

At x = 0 there is a kink: the slope is 0 on the left and 1 on the right. Every
value from 0 to 1 is accepted there. Libraries take 0.
""",
    stub='''
def relu(x):
    """Return max(x, 0), entry by entry."""
    return ...  # replace this line


def relu_backward(upstream, x):
    """Return dL/dx."""
    return ...  # replace this line
''',
    checks=(
        Values(relu, INPUTS),
        Gradient(relu, INPUTS, own=ops.relu),
    ),
    hints=(
        "If x is negative and moves a little, does y move?",
        "The derivative of y is 1 where x > 0 and 0 where x < 0. The chain rule multiplies it by "
        "the upstream gradient.",
        "x > 0 is an array of True and False, and counts as 1 and 0 in a product.",
    ),
)
