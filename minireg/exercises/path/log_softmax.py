"""log_softmax: the logarithms of the probabilities, exact for large scores."""

import numpy as np

from ... import ops
from ...gradcheck import Floats
from ..checks import Gradient, Values
from ..exercise import Exercise


def log_softmax(x):
    shifted = x - x.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


INPUTS = {"x": Floats("N", "C")}
HUGE = {"x": np.array([[1000.0, 0.0, -1000.0], [-1000.0, -1001.0, -999.0]])}

EXERCISE = Exercise(
    title="Log-softmax",
    statement="""
Log-softmax is the logarithm of softmax, row by row:

    y[i, k] = log(exp(x[i, k]) / sum over j of exp(x[i, j]))
            = x[i, k] - log(sum over j of exp(x[i, j]))

    x (N, C)      any numbers, also large ones such as 1000
    y (N, C)      never positive

Write the forward pass, and the backward pass: upstream is dL/dy, of shape
(N, C). Return dL/dx.

Use the second formula: a probability may be rounded to 0, and log(0) is -inf.
exp(1000) is inf. Results must be numbers, not inf or nan.
""",
    stub='''
def log_softmax(x):
    """Return y."""
    return ...  # replace this line


def log_softmax_backward(upstream, x):
    """Return dL/dx."""
    return ...  # replace this line
''',
    checks=(
        Values(log_softmax, INPUTS, HUGE),
        Gradient(
            log_softmax,
            INPUTS,
            HUGE,
            own=lambda x: ops.log_softmax(x, axis=1),
            gradients_of=("x",),
        ),
    ),
    hints=(
        "Log-softmax does not change if a number is subtracted from all entries of a row. Which "
        "number makes the largest exponent 0?",
        "y is x minus one number for each row. x[j] acts on y[j] directly, and on all y of its row "
        "through that number.",
        "The derivative of log(sum of exp(x)) for x[j] is the softmax of x, p[j]. It acts on every "
        "y[k], with a minus sign.",
        "dL/dx = upstream - p * upstream.sum(axis=1, keepdims=True), with p = np.exp(y).",
    ),
)
