"""l1: a penalty with a kink at 0."""

import numpy as np

from ... import ops
from ...gradcheck import Floats
from ..checks import Gradient, Property, Values
from ..comparing import compare
from ..exercise import Exercise
from ..student import Student


def l1(w, strength):
    return strength * np.abs(w).sum()


def gradient_is_0_where_w_is_0(student: Student) -> str:
    gradient = student.as_function("l1", part=1)(*ZEROS.values())
    return compare(gradient, np.zeros(2), ZEROS, "the gradient: ")


SMALL = {"w": np.array([1.0, 0.0, -2.0]), "strength": 0.5}
ZEROS = {"w": np.zeros(2), "strength": 0.5}
INPUTS = {"w": Floats("D", "M"), "strength": 0.3}

EXERCISE = Exercise(
    title="L1 penalty",
    statement="""
An L1 penalty adds up the absolute values of the weights:

    penalty = strength * sum of |w|

    w             weights of any shape
    strength      a positive number, often called lambda

Return the penalty, a number, and its gradient, with the shape of w.

At w = 0 there is a kink: the slope is -strength on the left and strength on
the right. Every value between the two is a subgradient. Take 0 there, as
libraries do: a weight that is 0 is not pushed away.
""",
    stub='''
def l1(w, strength):
    """Return the penalty and its gradient for w."""
    penalty = ...  # replace this line
    gradient = ...  # replace this line
    return penalty, gradient
''',
    checks=(
        Values(l1, SMALL, INPUTS, part=0),
        Gradient(l1, INPUTS, own=lambda w, strength: strength * ops.sum(ops.abs(w)), part=1),
        Property(gradient_is_0_where_w_is_0),
    ),
    hints=(
        "A weight of 3 grows by 0.001. How much does |w| grow? And if the weight is -3?",
        "The slope of |w| is 1 for every positive weight and -1 for every negative one. Its size "
        "does not depend on w.",
        "NumPy has a function for it: np.sign(w) is 1, -1, or 0 at 0. The gradient is strength "
        "times it.",
    ),
)
