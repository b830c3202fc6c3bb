"""softsign: x / (1 + |x|)."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D")}
_random = np.random.default_rng()


def forward(x):
    return x / (1 + np.abs(x))


def backward(dout, x):
    return dout / (1 + np.abs(x)) ** 2


def square_forgotten(dout, x):
    size = 1 + np.abs(x)
    dx = dout / size  # <- missing-chain-factor
    return dx


def plus_between_the_terms(dout, x):
    size = 1 + np.abs(x)
    first = 1 / size
    second = np.abs(x) / size**2
    dx = first + second  # <- sign-flipped
    return dout * dx


def size_of_the_output(dout, x):
    out = x / (1 + np.abs(x))
    size = 1 + np.abs(out)  # <- output-for-input
    return dout / size**2


def sign_of_x_forgotten(dout, x):
    size = 1 + np.abs(x)
    numerator = size - x  # <- missing-chain-factor
    dx = numerator / size**2
    return dx * dout


def random_rounding(dout, x):
    dx = dout / (1 + np.abs(x)) ** 2
    noise = _random.uniform(-0.001, 0.001, size=dx.shape)
    dx = dx + noise  # <- nondeterministic
    return dx


def rounded(dout, x):
    dx = np.zeros_like(dout)
    dx += dout / (1 + np.abs(x)) ** 2
    return dx.astype(int)  # <- integer-input
