"""exp_log: two derivatives to know by heart."""

import numpy as np

from ... import ops
from ...gradcheck import Floats
from ..checks import Gradient
from ..exercise import Exercise


def exp(x):
    return np.exp(x)


def log(x):
    return np.log(x)


EXERCISE = Exercise(
    title="Exponential function and logarithm",
    statement="""
Two forward passes, entry by entry:

    y = exp(x)            any x
    y = log(x)            x > 0; the natural logarithm

x and y have any shape, the same for both. Write the two backward passes:
upstream is dL/dy and has the shape of y. Return dL/dx.
""",
    stub='''
def exp_backward(upstream, x):
    """Return dL/dx for y = exp(x)."""
    return ...  # replace this line


def log_backward(upstream, x):
    """Return dL/dx for y = log(x)."""
    return ...  # replace this line
''',
    checks=(
        Gradient(exp, {"x": Floats("N", "D", low=-30.0, high=10.0)}, {"x": Floats()}, own=ops.exp),
        Gradient(log, {"x": Floats("N", "D", low=0.1, high=50.0)}, own=ops.log),
    ),
    hints=(
        "Which function is its own derivative?",
        "The slope of log is steep near 0 and flat for large x. At x = 1 it is 1, at x = 2 it is "
        "1/2.",
        "The slope of exp(x) is exp(x), and that of log(x) is 1 / x. The chain rule multiplies "
        "both by the upstream gradient.",
    ),
)
