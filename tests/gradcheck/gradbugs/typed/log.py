"""log: the natural logarithm."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", low=0.5, high=3.0)}


def forward(x):
    return np.log(x)


def backward(dout, x):
    return dout / x


def divided_by_the_output(dout, x):
    y = np.log(x)
    dx = dout / y  # <- output-for-input
    return dx


def multiplied(dout, x):
    dx = dout * x  # <- missing-chain-factor
    return dx


def without_dout(dout, x):
    dx = np.zeros_like(dout)
    for i in range(x.shape[0]):
        dx[i] = 1.0 / x[i]  # <- upstream-ignored
    return dx


def logarithm_to_base_ten(dout, x):
    base = np.log(10)
    dx = dout / (x * base)  # <- constant-factor
    return dx


def derivative_of_one_over_x(dout, x):
    d = -1 / x**2  # <- missing-chain-factor
    return d * dout


def upstream_of_ones_added(dout, x):
    local = 1 / x
    dx = local * (1 + dout)  # <- upstream-nonlinear
    return dx
