"""adamw: a weight decay that is not divided by the size of the gradients."""

import numpy as np

from ... import optim
from ..checks import Values
from ..exercise import Exercise
from ..steps import Steps
from .adam import DRAWN, FIRST


def adamw(w, gradient, m, v, t, lr, beta1, beta2, eps, weight_decay):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    mean, square = m / (1 - beta1**t), v / (1 - beta2**t)
    w = w - lr * weight_decay * w
    return w - lr * mean / (np.sqrt(square) + eps), m, v


NO_GRADIENT = {
    **FIRST,
    "w": np.array([1.0, -2.0]),
    "gradient": np.zeros(2),
    "weight_decay": 0.5,
}

EXERCISE = Exercise(
    title="A step of AdamW: decoupled weight decay",
    statement="""
Weight decay pulls all weights towards 0. If weight_decay * w is added to the
gradient, Adam divides it by the size of the gradients, too: weights with large
gradients hardly decay. AdamW keeps the decay out of the gradient. It shrinks
the weights first, all by the same factor:

    w  =  w - lr * weight_decay * w

Then follows the step of Adam, from these weights and with the gradient alone:

    new m   =  beta1 * m + (1 - beta1) * gradient
    new v   =  beta2 * v + (1 - beta2) * gradient**2
    m_hat   =  new m / (1 - beta1**t)
    v_hat   =  new v / (1 - beta2**t)
    new w   =  w - lr * m_hat / (sqrt(v_hat) + eps)

w, gradient, m, v (N,), and the numbers t, lr, beta1, beta2 and eps are those
of the exercise adam; weight_decay is a number such as 0.01. Return the new w,
the new m and the new v, as new arrays.
""",
    stub='''
def adamw(w, gradient, m, v, t, lr, beta1, beta2, eps, weight_decay):
    """Return the new w, the new m and the new v."""
    return ..., ..., ...  # replace this line
''',
    checks=(
        Values(adamw, NO_GRADIENT, {**DRAWN, "weight_decay": 0.5}),
        Steps(
            "adamw",
            2,
            lambda t: (t, 0.1, 0.9, 0.99, 0.01, 0.5),
            lambda params: optim.AdamW(
                params, lr=0.1, betas=(0.9, 0.99), eps=0.01, weight_decay=0.5
            ),
        ),
    ),
    hints=(
        "If the gradient is 0, what does the step of Adam do? And what should be left of w = 1, "
        "with lr = 0.1 and weight_decay = 0.5?",
        "w = 0.95: the decay alone acts, and it is multiplied by lr.",
        "m and v are computed from the gradient alone. The decay does not appear in them.",
        "Begin with your answer of adam, and subtract lr * weight_decay * w from the new w, with "
        "the old w in it.",
    ),
)
