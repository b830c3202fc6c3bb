"""sigmoid: 1 / (1 + exp(-x)), with the cache (x, y)."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D")}


def forward(x):
    y = 1 / (1 + np.exp(-x))
    return y, (x, y)


def backward(dout, cache):
    _, y = cache
    return dout * y * (1 - y)


def one_minus_forgotten(dout, cache):
    _, y = cache
    dx = dout * y  # <- missing-chain-factor
    return dx


def formula_with_x(dout, cache):
    x, _ = cache
    dx = dout * x * (1 - x)  # <- output-for-input
    return dx


def inner_minus_lost(dout, cache):
    # y = u^-1 with u = 1 + e^-x, so dy/du = -1/u^2
    x, _ = cache
    u = 1 + np.exp(-x)
    du = -dout / u**2
    return du * np.exp(-x)  # <- sign-flipped


def cached_y_changed(dout, cache):
    _, y = cache
    y *= 1 - y  # <- input-mutated
    return dout * y
