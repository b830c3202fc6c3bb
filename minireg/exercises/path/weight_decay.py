"""weight_decay: what it means depends on the optimizer."""

import numpy as np

from ...gradcheck import Floats
from ..checks import Values
from ..exercise import Exercise


def sgd_step(w, gradient, learning_rate, decay):
    return w - learning_rate * (gradient + decay * w)


def adam_step(w, gradient, learning_rate, decay):
    g = gradient + decay * w
    return w - learning_rate * g / (np.abs(g) + 1e-8)


def adamw_step(w, gradient, learning_rate, decay):
    g = gradient
    return w - learning_rate * decay * w - learning_rate * g / (np.abs(g) + 1e-8)


EXAMPLE = {"w": np.array([1.0, 0.0]), "gradient": np.zeros(2), "learning_rate": 0.1, "decay": 0.5}
INPUTS = {
    "w": Floats("D", "M"),
    "gradient": Floats("D", "M"),
    "learning_rate": 0.1,
    "decay": 0.3,
}

EXERCISE = Exercise(
    title="Weight decay",
    statement="""
Weight decay makes all weights a little smaller in each step. There are two
forms, and they differ. Without decay, the first steps of two optimizers are

    SGD      w - learning_rate * gradient
    Adam     w - learning_rate * gradient / (|gradient| + 1e-8)

Adam divides by the size of the gradient: its first step moves each weight by
about learning_rate, whatever the gradient is. 1e-8 avoids 0 / 0.

Coupled decay (SGD, Adam) adds decay * w to the gradient first. Everything
else uses the sum: it is the gradient of an L2 penalty with the scale "half".

Decoupled decay (AdamW) leaves the gradient as it is. The step is Adam's, and
in addition learning_rate * decay * w is subtracted, where w is the old one.

    w, gradient               arrays of one shape
    learning_rate, decay      numbers

Return the new weights of each first step. With w = 1, gradient = 0,
learning_rate = 0.1 and decay = 0.5, SGD gives 0.95, Adam 0.90, AdamW 0.95.
""",
    stub='''
def sgd_step(w, gradient, learning_rate, decay):
    """Return w after a step of SGD with coupled decay."""
    return ...  # replace this line


def adam_step(w, gradient, learning_rate, decay):
    """Return w after the first step of Adam with coupled decay."""
    return ...  # replace this line


def adamw_step(w, gradient, learning_rate, decay):
    """Return w after the first step of AdamW: decoupled decay."""
    return ...  # replace this line
''',
    checks=tuple(Values(step, EXAMPLE, INPUTS) for step in (sgd_step, adam_step, adamw_step)),
    hints=(
        "Coupled: compute g = gradient + decay * w in the first line. Where does the formula "
        "without decay use the gradient?",
        "In Adam the gradient stands twice, above and below. With coupled decay both are g, so the "
        "division takes most of the decay away.",
        "In AdamW the decay is not divided by anything. Write three terms: the old w, minus the "
        "step of Adam, minus learning_rate * decay * w.",
        "The step of Adam is learning_rate * g / (np.abs(g) + 1e-8). Adam has "
        "g = gradient + decay * w, and AdamW has g = gradient.",
    ),
)
