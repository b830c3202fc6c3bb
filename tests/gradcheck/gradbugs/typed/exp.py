"""exp."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D")}


def forward(x):
    return np.exp(x)


def backward(dout, x):
    return dout * np.exp(x)


def times_x(dout, x):
    dx = np.zeros_like(dout)
    dx += dout * x  # <- output-for-input
    return dx


def power_rule(dout, x):
    de = x * np.exp(x - 1)  # <- missing-chain-factor
    return dout * de


def passed_through(dout, x):
    N, D = x.shape
    dx = np.zeros((N, D))
    for i in range(N):
        for j in range(D):
            dx[i, j] = dout[i, j]  # <- missing-chain-factor
    return dx


def filled_with_whole_zeros(dout, x):
    y = np.exp(x)
    dx = np.full(x.shape, 0)  # <- integer-input
    for i in range(len(x)):
        dx[i] = dout[i] * y[i]
    return dx


def exponentiated_twice(dout, x):
    out = np.exp(x)
    return dout * np.exp(out)  # <- output-for-input
