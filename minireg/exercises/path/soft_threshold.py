"""soft_threshold: the proximal step of L1, which gives exact zeros."""

import numpy as np

from ...gradcheck import Floats
from ..checks import Property, Values
from ..exercise import Exercise
from ..student import Student, describe, is_number


def soft_threshold(w, t):
    return np.sign(w) * np.maximum(np.abs(w) - t, 0)


def no_other_u_has_a_lower_cost(student: Student) -> str:
    def cost(u, w):
        return (u - w) ** 2 / 2 + t * np.abs(u)

    weights, t = np.array([2.0, -2.0, 0.3, -0.3, 0.5, 0.0]), 0.5
    found = student.call("soft_threshold", weights, t)
    if not is_number(found) or np.shape(found) != weights.shape:
        return f"the result is {describe(found)}. Expected is an array of shape {weights.shape}."
    others = np.linspace(-3, 3, 61)
    for u, w in zip(found, weights):
        best = others[cost(others, w).argmin()]
        if not cost(u, w) <= cost(best, w) + 1e-9:
            return (
                f"for w = {w:g} and t = {t:g} yours is u = {u:g}, with the cost {cost(u, w):.4g}. "
                f"But u = {best:g} has the cost {cost(best, w):.4g}."
            )
    return ""


INPUTS = (
    {"w": Floats("D", "M"), "t": 0.5},
    {"w": np.array([[1.0, -1.0], [0.0, 0.5]]), "t": 0.0},
)

EXERCISE = Exercise(
    title="Soft threshold",
    statement="""
Steps along the gradient of an L1 penalty come near 0, but rarely hit it. The
proximal step does: for each weight w it looks for the number u that is close
to w and small at the same time. It returns the u with the lowest cost:

    cost(u) = 1/2 * (u - w) ** 2 + t * |u|

    w     weights of any shape; each entry is treated by itself
    t     a number, 0 or greater: step size times strength of the penalty

Return the best u for each entry of w, as an array of the shape of w. With
t = 0.5, a weight of 2 becomes 1.5, and a weight of 0.3 becomes 0, exactly.
""",
    stub='''
def soft_threshold(w, t):
    """Return the u with the lowest cost for each entry of w."""
    return ...  # replace this line
''',
    checks=(
        Property(no_other_u_has_a_lower_cost),
        Values(soft_threshold, *INPUTS),
    ),
    hints=(
        "Let u be positive. What is the derivative of the cost? For which u is it 0?",
        "It is u - w + t, and it is 0 at u = w - t. That is positive only if w > t. What is the "
        "same for negative u?",
        "If w is between -t and t, the cost grows on both sides of u = 0: the best u is 0. So the "
        "size |w| shrinks by t, but not below 0, and the sign stays.",
        "np.maximum(np.abs(w) - t, 0) is the size, np.sign(w) is the sign.",
    ),
)
