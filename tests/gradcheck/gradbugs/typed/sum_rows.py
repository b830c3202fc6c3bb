"""The sum of each row."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D")}


def forward(x):
    return x.sum(axis=1)


def backward(dout, x):
    return dout[:, None] * np.ones_like(x)


def axis_forgotten(dout, x):
    dx = np.ones_like(x)
    dx = dx * dout  # <- raised
    return dx


def divided_by_the_length(dout, x):
    N, D = x.shape
    dx = np.zeros_like(x)
    for i in range(N):
        dx[i, :] = dout[i] / D  # <- constant-factor
    return dx


def tiled_the_other_way(dout, x):
    N, D = x.shape
    dx = np.tile(dout, D)
    return dx.reshape(N, D)  # <- order-not-undone | wrong-axis


def sum_of_everything(dout, x):
    dx = np.ones_like(x)
    return dx * dout.sum()  # <- wrong-axis


def one_column(dout, x):
    N = x.shape[0]
    dx = dout.reshape(N, 1) * 1.0  # <- wrong-shape
    return dx


def ones(dout, x):
    dx = np.ones(x.shape)  # <- upstream-ignored
    return dx
