"""power: a constant exponent."""

from ... import ops
from ...gradcheck import Floats
from ..checks import Gradient
from ..exercise import Exercise


def power(x, n):
    return x**n


POSITIVE = Floats("N", "D", low=0.5, high=2.0)

EXERCISE = Exercise(
    title="A power with a constant exponent",
    statement="""
The forward pass is

    y = x ** n            entry by entry; x and y have any shape

The exponent n is a constant number, not 0. It needs no gradient. Examples:

    n = 2       y = x * x
    n = 0.5     y = sqrt(x), for positive x
    n = -1      y = 1 / x

Write the backward pass: upstream is dL/dy and has the shape of y. Return
dL/dx.
""",
    stub='''
def power_backward(upstream, x, n):
    """Return dL/dx."""
    return ...  # replace this line
''',
    checks=(
        Gradient(
            power,
            {"x": Floats("N", "D"), "n": 3},
            {"x": Floats("N", "D"), "n": 2},
            {"x": POSITIVE, "n": 0.5},
            {"x": POSITIVE, "n": -1},
            own=ops.power,
        ),
    ),
    hints=(
        "What is the derivative of x ** 3? And of x ** 2?",
        "The exponent comes down as a factor, and is 1 smaller above. This rule holds for "
        "every n, also for 0.5 and -1.",
        "The derivative is n * x ** (n - 1). The chain rule multiplies it by the upstream "
        "gradient.",
    ),
)
