"""mlp: the loss of a network with two layers and the gradients of all its parameters."""

import numpy as np

from ... import ops
from ...gradcheck import Floats, Integers
from ..checks import Gradient, Values
from ..exercise import Exercise


def mlp(x, labels, w1, b1, w2, b2):
    scores = np.maximum(x @ w1 + b1, 0) @ w2 + b2
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(labels)), labels].mean()


def own(x, labels, w1, b1, w2, b2):
    hidden = ops.relu(ops.matmul(x, w1) + b1)
    return ops.cross_entropy(ops.matmul(hidden, w2) + b2, labels)


INPUTS = {
    "x": Floats("N", "D"),
    "labels": Integers("N", below="C"),
    "w1": Floats("D", "H"),
    "b1": Floats("H"),
    "w2": Floats("H", "C"),
    "b2": Floats("C"),
}

EXERCISE = Exercise(
    title="A network with two layers",
    statement="""
This network turns N examples of D numbers into scores for C classes. Between
its two linear layers is a ReLU:

    h = x @ w1 + b1
    a = max(h, 0)
    scores = a @ w2 + b2
    loss = softmax cross-entropy of scores and labels, the mean over N

    x (N, D)                  an example in each row
    labels (N,)               whole numbers from 0 to C - 1
    w1 (D, H), b1 (H,)        the first layer
    w2 (H, C), b2 (C,)        the second layer
    h, a (N, H); scores (N, C)

Return the loss, a number, and the gradients of all parameters in a dictionary
with the names "w1", "b1", "w2" and "b2". Each gradient has the shape of its
parameter. You have written all the parts before: go backwards through them.
""",
    stub='''
def mlp(x, labels, w1, b1, w2, b2):
    """Return the loss and a dictionary with the gradients."""
    loss = ...  # replace this line
    dw1, db1, dw2, db2 = ..., ..., ..., ...  # replace this line
    return loss, {"w1": dw1, "b1": db1, "w2": dw2, "b2": db2}
''',
    checks=(
        Values(mlp, INPUTS, part=0),
        Gradient(mlp, INPUTS, own=own, part=1, gradients_of=("w1", "b1", "w2", "b2")),
    ),
    hints=(
        "Write the forward pass first, and keep h, a and scores: the backward pass needs them. "
        "Which gradient do you know at the end, dloss/dscores?",
        "It is softmax(scores), minus 1 at the labels, divided by N. It is the upstream gradient "
        "of the second linear layer, whose input is a.",
        "That layer gives the gradients of w2, b2 and a. Then ReLU: the gradient of h is that of a "
        "where h > 0, and 0 elsewhere. Then the first layer, whose input is x.",
        "w2: a.T @ dscores. b2: dscores.sum(axis=0). dh = (dscores @ w2.T) * (h > 0). "
        "w1: x.T @ dh. b1: dh.sum(axis=0).",
    ),
)
