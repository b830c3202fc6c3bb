"""mixup: two examples become one, and so do their losses."""

import numpy as np

from ... import ops
from ...gradcheck import Floats, Integers
from ..checks import Gradient, Values
from ..exercise import Exercise


def mixup(x, partner, mix):
    share = mix[:, None]
    return share * x + (1 - share) * x[partner]


def mixup_loss(scores, labels, partner, mix):
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(labels))
    first, second = -log_p[rows, labels], -log_p[rows, labels[partner]]
    return (mix * first + (1 - mix) * second).mean()


def own_loss(scores, labels, partner, mix):
    one_hot = np.eye(scores.shape[1])[labels]
    targets = mix[:, None] * one_hot + (1 - mix[:, None]) * one_hot[partner]
    return ops.cross_entropy(scores, targets)


PAIRS = {"partner": Integers("N", below="N"), "mix": Floats("N", low=0.0, high=1.0)}
SMALL = {
    "x": np.array([[0.0], [10.0], [100.0]]),
    "partner": np.array([1, 2, 0]),
    "mix": np.array([0.9, 0.5, 1.0]),
}
LOSS = {"scores": Floats("N", "C"), "labels": Integers("N", below="C"), **PAIRS}

EXERCISE = Exercise(
    title="Mixup",
    statement="""
Mixup trains with mixtures of two examples. Example i is mixed with another
one of the batch, partner[i]:

    mixed[i]  =  mix[i] * x[i]  +  (1 - mix[i]) * x[partner[i]]

    x (N, D)          the examples, one in each row
    partner (N,)      whole numbers from 0 to N - 1
    mix (N,)          numbers from 0 to 1: the share of the first example
    mixed (N, D)

The loss is mixed in the same way, with both labels. p is the softmax of the
scores of the mixed examples:

    loss  =  1/N * sum over i of    - mix[i] * log(p[i, labels[i]])
                           - (1 - mix[i]) * log(p[i, labels[partner[i]]])

    scores (N, C)     for N mixed examples and C classes
    labels (N,)       those of the examples before mixing, from 0 to C - 1

Write mixup, which returns mixed, and mixup_loss, which returns the loss and
its gradient dloss/dscores.
""",
    stub='''
def mixup(x, partner, mix):
    """Return the mixed examples."""
    return ...  # replace this line


def mixup_loss(scores, labels, partner, mix):
    """Return the loss and its gradient for the scores."""
    loss = ...  # replace this line
    gradient = ...  # replace this line
    return loss, gradient
''',
    checks=(
        Values(mixup, SMALL, {"x": Floats("N", "D"), **PAIRS}),
        Values(mixup_loss, LOSS, part=0),
        Gradient(mixup_loss, LOSS, own=own_loss, part=1, gradients_of=("scores",)),
    ),
    hints=(
        "x[partner] is an array of the partners, in the order of the examples. Which shape must "
        "mix have, so that each row of x is multiplied by one number?",
        "mix[:, None] has the shape (N, 1). For the loss, compute log(p) as in "
        "softmax_cross_entropy, and pick two entries of each row.",
        "The loss is a sum of two cross-entropies with fixed shares. So is its gradient: p minus "
        "the one-hot rows of the labels, mixed by the shares, divided by N.",
        "one_hot = np.eye(C)[labels]. q = mix[:, None] * one_hot + (1 - mix[:, None]) * "
        "one_hot[partner]. loss = -(q * log_p).sum() / N, gradient = (p - q) / N.",
    ),
)
