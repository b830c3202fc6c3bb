"""swish: x · sigmoid(x)."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D")}
_random = np.random.default_rng()


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


def forward(x):
    return x * _sigmoid(x)


def backward(dout, x):
    s = _sigmoid(x)
    return dout * (s + x * s * (1 - s))


def second_term_overwrites(dout, x):
    s = _sigmoid(x)
    dx = dout * s
    ds = dout * x
    dx = ds * s * (1 - s)  # <- overwritten-not-accumulated
    return dx


def only_the_first_factor(dout, x):
    s = _sigmoid(x)
    dx = dout * s  # <- missing-chain-factor | overwritten-not-accumulated
    return dx


def x_of_the_second_term_forgotten(dout, x):
    s = _sigmoid(x)
    derivative = s + s * (1 - s)  # <- missing-chain-factor
    return dout * derivative


def noise_added(dout, x):
    s = _sigmoid(x)
    dx = dout * (s + x * s * (1 - s))
    dx += _random.normal(0, 0.01, x.shape)  # <- nondeterministic
    return dx


def output_in_the_sigmoid(dout, x):
    y = x * _sigmoid(x)
    s = _sigmoid(y)  # <- output-for-input
    return dout * (s + x * s * (1 - s))


def two_branches_one_array(dout, x):
    s = _sigmoid(x)
    dx = dout
    dx *= s + x * s * (1 - s)  # <- upstream-mutated | aliased-gradients
    return dx
