"""sgd: a step of gradient descent with momentum and weight decay."""

import numpy as np

from ... import optim
from ...gradcheck import Floats
from ..checks import Values
from ..exercise import Exercise
from ..steps import Steps


def sgd(w, gradient, b, lr, momentum, weight_decay):
    g = gradient + weight_decay * w
    b = momentum * b + g
    return w - lr * b, b


FIRST = {
    "w": np.array([1.0]),
    "gradient": np.array([2.0]),
    "b": np.array([10.0]),
    "lr": 0.1,
    "momentum": 0.5,
    "weight_decay": 1.0,
}
DRAWN = {**FIRST, "w": Floats("N"), "gradient": Floats("N"), "b": Floats("N"), "momentum": 0.9}

EXERCISE = Exercise(
    title="A step of SGD",
    statement="""
Gradient descent moves the weights a small step against the gradient. Momentum
remembers earlier gradients, and weight decay pulls the weights towards 0:

    g      =  gradient + weight_decay * w
    new b  =  momentum * b + g
    new w  =  w - lr * new b

    w, gradient (N,)       weights and dL/dw
    b (N,)                 the remembered momentum, 0 before the first step
    lr                     the learning rate, a number such as 0.1
    momentum               a number such as 0.9; 0 is plain gradient descent
    weight_decay           a number such as 0.01

Return the new w and the new b, as new arrays. The next step gets them.
""",
    stub='''
def sgd(w, gradient, b, lr, momentum, weight_decay):
    """Return the new w and the new b."""
    return ..., ...  # replace this line
''',
    checks=(
        Values(sgd, FIRST, DRAWN, {**DRAWN, "momentum": 0.0}, {**DRAWN, "weight_decay": 0.0}),
        Steps(
            "sgd",
            1,
            lambda t: (0.1, 0.9, 0.5),
            lambda params: optim.SGD(params, lr=0.1, momentum=0.9, weight_decay=0.5),
        ),
    ),
    hints=(
        "Compute it by hand for w = 1, gradient = 2, b = 10, lr = 0.1, momentum = 0.5 and "
        "weight_decay = 1: what are g, new b, and new w?",
        "g = 3, new b = 8, new w = 0.2. Each line of the statement is a line of code.",
        "The decay is part of g, so it enters the momentum as well. The step uses the new b, not "
        "the old one.",
        "b = momentum * b + g makes a new array; b *= momentum would change the caller's. Return "
        "w - lr * b, b.",
    ),
)
