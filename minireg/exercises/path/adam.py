"""adam: steps of about equal size for all weights."""

import numpy as np

from ... import optim
from ...gradcheck import Floats
from ..checks import Values
from ..exercise import Exercise
from ..steps import Steps


def adam(w, gradient, m, v, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    mean, square = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * mean / (np.sqrt(square) + eps), m, v


FIRST = {
    "w": np.array([1.0, 1.0]),
    "gradient": np.array([3.0, 0.0]),
    "m": np.zeros(2),
    "v": np.zeros(2),
    "t": 1,
    "lr": 0.1,
    "beta1": 0.9,
    "beta2": 0.99,
    "eps": 0.001,
}
DRAWN = {
    **FIRST,
    "w": Floats("N"),
    "gradient": Floats("N"),
    "m": Floats("N"),
    "v": Floats("N", low=0.0),
    "t": 5,
}

EXERCISE = Exercise(
    title="A step of Adam",
    statement="""
Adam remembers two running means for each weight: m of the gradients and v of
their squares. It divides one by the root of the other, so that all weights
take steps of about the size lr:

    new m   =  beta1 * m + (1 - beta1) * gradient
    new v   =  beta2 * v + (1 - beta2) * gradient**2
    m_hat   =  new m / (1 - beta1**t)
    v_hat   =  new v / (1 - beta2**t)
    new w   =  w - lr * m_hat / (sqrt(v_hat) + eps)

    w, gradient (N,)     weights and dL/dw
    m, v (N,)            the running means, 0 before the first step
    t                    the number of this step: 1, 2, 3, ...
    lr                   the learning rate, a number
    beta1, beta2         numbers such as 0.9 and 0.999
    eps                  a small number, added outside the root

m and v begin at 0, so they are too small at first: m_hat and v_hat correct
this. Return the new w, the new m and the new v (not m_hat and v_hat), as new
arrays. The next step gets them.
""",
    stub='''
def adam(w, gradient, m, v, t, lr, beta1, beta2, eps):
    """Return the new w, the new m and the new v."""
    return ..., ..., ...  # replace this line
''',
    checks=(
        Values(adam, FIRST, DRAWN),
        Steps(
            "adam",
            2,
            lambda t: (t, 0.1, 0.9, 0.99, 0.01),
            lambda params: optim.Adam(params, lr=0.1, betas=(0.9, 0.99), eps=0.01),
        ),
    ),
    hints=(
        "Compute the first step by hand for a gradient of 3: what are new m, m_hat, new v and "
        "v_hat? How large is the step?",
        "In the first step m_hat = gradient and v_hat = gradient**2, so that the step is lr, up to "
        "eps and the sign. Without the correction m would be 0.1 * gradient.",
        "Each line of the statement is a line of code. beta1**t is beta1 to the power t.",
        "Keep m and v as they are, and give the corrected ones other names: m_hat = m / (1 - "
        "beta1**t). Return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v.",
    ),
)
