"""The variance of each row, divided by the number of its entries."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D")}


def forward(x):
    return x.var(axis=1)


def backward(dout, x):
    D = x.shape[1]
    return 2 / D * (x - x.mean(axis=1, keepdims=True)) * dout[:, None]


def two_forgotten(dout, x):
    D = x.shape[1]
    centred = x - x.mean(axis=1, keepdims=True)
    dx = centred / D  # <- constant-factor
    return dx * dout[:, None]


def one_degree_of_freedom_less(dout, x):
    N, D = x.shape
    dx = np.zeros_like(x)
    for i in range(N):
        mu = x[i].mean()
        dx[i] = 2 * (x[i] - mu) / (D - 1) * dout[i]  # <- constant-factor
    return dx


def not_centred(dout, x):
    D = x.shape[1]
    dx = 2 * x / D  # <- missing-chain-factor
    dx = dx * dout[:, None]
    return dx


def mean_of_all_entries(dout, x):
    D = x.shape[1]
    mu = np.mean(x)  # <- wrong-axis
    dvar = dout.reshape(-1, 1)
    return dvar * 2 * (x - mu) / D


def mean_minus_x(dout, x):
    D = x.shape[1]
    mu = x.mean(axis=1).reshape(-1, 1)
    diff = mu - x  # <- sign-flipped
    return 2 / D * diff * dout[:, None]


def centred_in_place(dout, x):
    D = x.shape[1]
    x -= x.mean(axis=1, keepdims=True)  # <- input-mutated
    dx = 2 * x * dout[:, None]
    return dx / D
