"""sqrt: the square root."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D", low=0.5, high=4.0)}
_roots = {}


def forward(x):
    return np.sqrt(x)


def backward(upstream, x):
    return upstream / (2 * np.sqrt(x))


def half_forgotten(upstream, x):
    root = np.sqrt(x)
    return upstream / root  # <- constant-factor


def x_in_the_denominator(upstream, x):
    denominator = 2 * x  # <- output-for-input
    return upstream / denominator


def multiplied_by_the_root(upstream, x):
    y = np.sqrt(x)
    grad = 0.5 * y  # <- missing-chain-factor
    return upstream * grad


def root_of_the_first_call(upstream, x):
    if x.shape not in _roots:  # <- stateful
        _roots[x.shape] = np.sqrt(x)
    y = _roots[x.shape]
    return upstream * 0.5 / y


def exponent_with_wrong_sign(upstream, x):
    grad = -0.5 * x ** (-0.5)  # <- sign-flipped
    return upstream * grad
