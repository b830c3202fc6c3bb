"""mse: the loss of a regression and its gradient."""

import numpy as np

from ... import ops
from ...gradcheck import Floats
from ..checks import Gradient, Values
from ..exercise import Exercise


def mse(prediction, target):
    return ((prediction - target) ** 2).mean()


SMALL = {"prediction": np.array([[3.0, 2.0]]), "target": np.array([[1.0, 2.0]])}
INPUTS = {"prediction": Floats("N", "D"), "target": Floats("N", "D")}
VECTORS = {"prediction": Floats("N"), "target": Floats("N")}

EXERCISE = Exercise(
    title="Mean squared error",
    statement="""
A model predicts numbers, and target holds the true ones. The loss is the mean
of the squared errors over all entries:

    loss = mean of (prediction - target) ** 2

    prediction, target     one shape for both: (N, D), or (N,)

The mean of an array (N, D) divides by N * D. There is no factor 1/2.

Return the loss, a number, and its gradient dloss/dprediction, with the shape
of prediction. A loss is the last step of the forward pass, so there is no
upstream gradient.
""",
    stub='''
def mse(prediction, target):
    """Return the loss and its gradient for the prediction."""
    loss = ...  # replace this line
    gradient = ...  # replace this line
    return loss, gradient
''',
    checks=(
        Values(mse, SMALL, INPUTS, VECTORS, part=0),
        Gradient(mse, INPUTS, VECTORS, own=ops.mse_loss, part=1, gradients_of=("prediction",)),
    ),
    hints=(
        "The mean is a sum divided by the number of entries. How does one entry of prediction act "
        "on the loss?",
        "Only its own square depends on it. What is the derivative of (prediction - target) ** 2 "
        "for prediction?",
        "It is 2 * (prediction - target). The mean divides it by prediction.size, the number of "
        "all entries.",
    ),
)
