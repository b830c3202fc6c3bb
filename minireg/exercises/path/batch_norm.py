"""batch_norm: mean and variance depend on all examples."""

import numpy as np

from ... import ops
from ...gradcheck import Floats
from ..checks import Gradient, Values
from ..exercise import Exercise


def batch_norm(x, gamma, beta, eps):
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + beta


SMALL = {
    "x": np.array([[0.0, 4.0], [0.0, 4.0], [3.0, 4.0]]),
    "gamma": np.array([1.0, 2.0]),
    "beta": np.array([0.0, 5.0]),
    "eps": 0.01,
}
INPUTS = {"x": Floats("N", "D"), "gamma": Floats("D"), "beta": Floats("D"), "eps": 1e-5}

EXERCISE = Exercise(
    title="Batch normalization",
    statement="""
In training, batch norm brings each column of x to mean 0 and variance 1.
Then it scales by gamma and shifts by beta, which are learned:

    mean[j] = 1/N * sum over i of x[i, j]
    var[j]  = 1/N * sum over i of (x[i, j] - mean[j]) ** 2
    z       = (x - mean) / sqrt(var + eps)
    y       = gamma * z + beta

    x (N, D)                  N examples with D features
    gamma, beta (D,)
    eps                       a small number, inside the root
    mean, var (D,); z, y (N, D)

The variance divides by N, not by N - 1, as x.var(axis=0) does.

Write the forward pass, and the backward pass: upstream is dL/dy, of shape
(N, D). Return dL/dx, dL/dgamma and dL/dbeta. Each entry of x acts on y in
three ways: directly, through the mean, and through the variance.
""",
    stub='''
def batch_norm(x, gamma, beta, eps):
    """Return y."""
    return ...  # replace this line


def batch_norm_backward(upstream, x, gamma, beta, eps):
    """Return dL/dx, dL/dgamma and dL/dbeta."""
    return ..., ..., ...  # replace this line
''',
    checks=(
        Values(batch_norm, SMALL, INPUTS),
        Gradient(
            batch_norm,
            INPUTS,
            own=lambda x, gamma, beta, eps: ops.batch_norm(
                x, None, None, gamma, beta, training=True, eps=eps
            ),
        ),
    ),
    hints=(
        "Begin with gamma and beta: y = gamma * z + beta is a product and a sum with broadcasting. "
        "Which axis is summed?",
        "Let g = upstream * gamma be dL/dz, and s = sqrt(var + eps). If mean and variance were "
        "constants, dL/dx would be g / s. What changes all z of a column at once?",
        "The mean takes the mean of g away: g - g.mean(axis=0). For the variance, dvar/dx = "
        "2/N * (x - mean), and dz/dvar = -z / (2 * (var + eps)).",
        "Put together: dL/dx = (g - g.mean(axis=0) - z * (g * z).mean(axis=0)) / s. "
        "dL/dgamma is the sum of upstream * z over axis 0, dL/dbeta the sum of upstream.",
    ),
)
