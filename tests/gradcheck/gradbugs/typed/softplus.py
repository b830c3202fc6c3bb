"""softplus: log(1 + exp(x))."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D")}
_total = {}


def forward(x):
    return np.log(1 + np.exp(x))


def backward(dout, x):
    return dout / (1 + np.exp(-x))


def inner_derivative_forgotten(dout, x):
    inside = 1 + np.exp(x)
    dinside = 1 / inside
    dx = dout * dinside  # <- missing-chain-factor
    return dx


def derivative_of_sigmoid(dout, x):
    s = 1 / (1 + np.exp(-x))
    return dout * s * (1 - s)  # <- missing-chain-factor


def sigmoid_of_the_output(dout, x):
    y = np.log(1 + np.exp(x))
    s = 1 / (1 + np.exp(-y))  # <- output-for-input
    return s * dout


def total_is_never_cleared(dout, x):
    s = 1 / (1 + np.exp(-x))
    if x.shape not in _total:
        _total[x.shape] = np.zeros_like(dout)
    _total[x.shape] += dout * s  # <- stateful
    return _total[x.shape].copy()


def normalised_upstream(dout, x):
    s = 1 / (1 + np.exp(-x))
    dout = dout / np.linalg.norm(dout)  # <- upstream-nonlinear
    return dout * s


def whole_numbers(dout, x):
    N, D = x.shape
    dx = np.array([[0] * D] * N)  # <- integer-input
    for i in range(N):
        for j in range(D):
            dx[i, j] = dout[i, j] / (1 + np.exp(-x[i, j]))
    return dx
