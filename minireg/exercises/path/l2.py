"""l2: a penalty on weights, in the three scalings in use."""

import numpy as np

from ... import ops
from ...gradcheck import Floats
from ..checks import Gradient, Values
from ..exercise import Exercise


def l2(w, b, strength, scale, m):
    factors = {"sum": strength, "half": strength / 2, "half_mean": strength / (2 * m)}
    return factors[scale] * np.sum(w**2)


def own(w, b, strength, scale, m):
    factors = {"sum": strength, "half": strength / 2, "half_mean": strength / (2 * m)}
    return factors[scale] * ops.sum(ops.square(w)) + 0 * ops.sum(b)


SCALES = ("sum", "half", "half_mean")
SMALL = {"w": np.array([[1.0, -2.0]]), "b": np.array([3.0, 4.0]), "strength": 0.2}
LARGE = {"w": Floats("D", "M"), "b": Floats("M"), "strength": 0.3}
EXAMPLES = [{**SMALL, "scale": scale, "m": 50} for scale in SCALES]
INPUTS = [{**LARGE, "scale": scale, "m": 50} for scale in SCALES]

EXERCISE = Exercise(
    title="L2 penalty",
    statement="""
An L2 penalty makes large weights expensive. It is added to the loss. Courses
and libraries scale it in three ways; S is the sum of all w ** 2:

    scale "sum"          penalty = strength * S
    scale "half"         penalty = strength / 2 * S
    scale "half_mean"    penalty = strength / (2 * m) * S

    w (D, M)      weights of a layer
    b (M,)        bias of the layer: it is not penalized
    strength      a positive number, often called lambda
    scale         "sum", "half" or "half_mean"
    m             the number of training examples, for "half_mean" only

Return the penalty, a number, and its gradients: dpenalty/dw, with the shape
of w, and dpenalty/db, with the shape of b.
""",
    stub='''
def l2(w, b, strength, scale, m):
    """Return the penalty and its gradients for w and b."""
    penalty = ...  # replace this line
    gradient_w = ...  # replace this line
    gradient_b = ...  # replace this line
    return penalty, (gradient_w, gradient_b)
''',
    checks=(Values(l2, *EXAMPLES, *INPUTS, part=0), Gradient(l2, *INPUTS, own=own, part=1)),
    hints=(
        "The three penalties are a number times S. Find that number first, with if and else. What "
        "is the derivative of S for one weight?",
        "The derivative of S for w[i, j] is 2 * w[i, j]. What becomes of the 2 in each scaling?",
        "The penalty does not change if b changes. Which gradient does b have? It has the shape "
        "of b.",
        "penalty = factor * (w**2).sum(), gradient_w = 2 * factor * w, "
        "gradient_b = np.zeros_like(b).",
    ),
)
