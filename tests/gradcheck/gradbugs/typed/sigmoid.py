"""sigmoid: 1 / (1 + exp(-x)); forward saves its output."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D")}


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


def forward(x):
    s = _sigmoid(x)
    cache = (x, s)
    return s, cache


def backward(dout, cache):
    _, s = cache
    return dout * s * (1 - s)


def formula_of_x(dout, cache):
    x, _ = cache
    dx = dout * x * (1 - x)  # <- output-for-input
    return dx


def sigmoid_of_the_output(dout, cache):
    _, out = cache
    s = _sigmoid(out)  # <- output-for-input
    ds = s * (1 - s)
    return dout * ds


def one_minus_s_forgotten(dout, cache):
    _, s = cache
    local_grad = s  # <- missing-chain-factor
    return local_grad * dout


def quotient_rule_with_minus(dout, cache):
    x, _ = cache
    e = np.exp(-x)
    denominator = (1 + e) ** 2
    dx = -e / denominator  # <- sign-flipped
    dx = dx * dout
    return dx


def in_place(dout, cache):
    _, s = cache
    s *= 1 - s  # <- input-mutated
    dx = dout * s
    return dx
