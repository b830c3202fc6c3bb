"""softmax_cross_entropy: the loss of a classifier and its gradient."""

import numpy as np

from ... import ops
from ...gradcheck import Floats, Integers
from ..checks import Gradient, Values
from ..exercise import Exercise


def softmax_cross_entropy(scores, labels):
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(labels)), labels].mean()


INPUTS = {"scores": Floats("N", "C"), "labels": Integers("N", below="C")}
SMALL = {"scores": np.array([[0.0, 1.0, 2.0], [1.0, 1.0, 1.0]]), "labels": np.array([2, 0])}
HUGE = {"scores": np.array([[1000.0, 0.0, -1000.0]] * 2), "labels": np.array([0, 2])}

EXERCISE = Exercise(
    title="Softmax cross-entropy",
    statement="""
A classifier gives each of N examples a score for each of C classes. Softmax
turns the scores of an example into probabilities, and the loss is the mean of
-log(probability of the right class):

    p[i, k] = exp(scores[i, k]) / sum over j of exp(scores[i, j])
    loss    = -1/N * sum over i of log(p[i, labels[i]])

    scores (N, C)     any numbers, also large ones such as 1000
    labels (N,)       whole numbers from 0 to C - 1

Return the loss, a number, and its gradient dloss/dscores, of shape (N, C).
""",
    stub='''
def softmax_cross_entropy(scores, labels):
    """Return the loss and its gradient for the scores."""
    loss = ...  # replace this line
    gradient = ...  # replace this line
    return loss, gradient
''',
    checks=(
        Values(softmax_cross_entropy, SMALL, INPUTS, HUGE, part=0),
        Gradient(softmax_cross_entropy, INPUTS, own=ops.cross_entropy, part=1),
    ),
    hints=(
        "Softmax does not change if a number is subtracted from all scores of a row. Which number "
        "makes the largest exponent 0? And what is log(p), written without p?",
        "With z = scores minus the largest score of the row, log(p) = z - log(sum of exp(z)). Do "
        "not compute log of p itself: p can be rounded to 0.",
        "Write the loss of one row as log(sum of exp(scores)) - scores[label]. What is the "
        "derivative of each of the two terms?",
        "The derivative of log(sum of exp) is p. So the gradient of a row is p, minus 1 at the "
        "label. And the loss is a mean over the N rows.",
        "gradient = p.copy(); gradient[np.arange(N), labels] -= 1; gradient /= N",
    ),
)
