"""softmax: each input of a row acts on all outputs of the row."""

import numpy as np

from ... import ops
from ...gradcheck import Floats
from ..checks import Gradient, Values
from ..exercise import Exercise


def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


INPUTS = {"x": Floats("N", "C")}
HUGE = {"x": np.array([[1000.0, 0.0, -1000.0], [-1000.0, -1001.0, -999.0]])}

EXERCISE = Exercise(
    title="Softmax",
    statement="""
Softmax turns each row of numbers into probabilities: they are positive, and
the sum of each row is 1.

    y[i, k] = exp(x[i, k]) / sum over j of exp(x[i, j])

    x (N, C)      any numbers, also large ones such as 1000
    y (N, C)

Write the forward pass, and the backward pass: upstream is dL/dy, of shape
(N, C). Return dL/dx.

Each x[i, j] acts on all entries y[i, k] of its row, not only on y[i, j]. Their
derivatives form a matrix for each row, the Jacobian:

    dy[k]/dx[j] = y[k] * ((1 if j == k else 0) - y[j])

exp(1000) is inf, and inf / inf is nan. Results must be numbers, not nan.
""",
    stub='''
def softmax(x):
    """Return y."""
    return ...  # replace this line


def softmax_backward(upstream, x):
    """Return dL/dx."""
    return ...  # replace this line
''',
    checks=(
        Values(softmax, INPUTS, HUGE),
        Gradient(softmax, INPUTS, HUGE, own=lambda x: ops.softmax(x, axis=1), gradients_of=("x",)),
    ),
    hints=(
        "Softmax does not change if a number is subtracted from all entries of a row. Which number "
        "makes the largest exponent 0?",
        "dL/dx[j] is a sum over all outputs of the row: sum over k of upstream[k] * dy[k]/dx[j]. "
        "Put the Jacobian in. You get a difference of two terms.",
        "The first term is upstream[j] * y[j]. In the second, y[j] does not depend on k: it is "
        "y[j] times one number for the row, the sum over k of upstream[k] * y[k].",
        "s = (upstream * y).sum(axis=1, keepdims=True), and dL/dx = y * (upstream - s).",
    ),
)
