"""dropout: a random mask, used twice."""

from ... import ops
from ...gradcheck import Booleans, Floats
from ..checks import Gradient, Values
from ..exercise import Exercise
from ..markers import Random
from ..statistics import Sampler


def dropout(x, mask, p):
    return mask * x / (1 - p)


INPUTS = {"x": Floats("N", "D"), "mask": Booleans("N", "D"), "p": 0.3}

EXERCISE = Exercise(
    title="Inverted dropout",
    statement="""
In training, dropout sets each entry of x to 0 with probability p, and divides
the others by 1 - p, so that the mean stays the same:

    y = mask * x / (1 - p)     x, mask, y of one shape; 0 <= p < 1

The mask is drawn once. Its entries are independent: True (kept) with
probability 1 - p, False (dropped) with probability p. The backward pass uses
the same mask.

Write three functions. random is a NumPy generator: random.random(shape) draws
uniform numbers between 0 and 1. upstream is dL/dy.
""",
    stub='''
def dropout_mask(shape, p, random):
    """Return an array of True (kept) and False (dropped) of this shape."""
    return ...  # replace this line


def dropout(x, mask, p):
    """Return y."""
    return ...  # replace this line


def dropout_backward(upstream, x, mask, p):
    """Return dL/dx."""
    return ...  # replace this line
''',
    checks=(
        Sampler(
            "dropout_mask",
            {"shape": (30, 20), "p": 0.3, "random": Random(0)},
            shape=(30, 20),
            probability=0.7,
        ),
        Values(dropout, INPUTS, {**INPUTS, "p": 0.0}),
        Gradient(dropout, INPUTS, {**INPUTS, "p": 0.0}, own=ops.dropout),
    ),
    hints=(
        "A uniform number between 0 and 1 is less than p with probability p. Which comparison is "
        "True with probability 1 - p?",
        "For a given mask, y is x times a constant: 1 / (1 - p) where the entry was kept, and 0 "
        "elsewhere. What is the derivative?",
        "The same constant multiplies the upstream gradient. Nothing is drawn in the backward "
        "pass.",
    ),
)
