"""The length of each row: the square root of the sum of its squares."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D")}


def forward(x):
    return np.sqrt((x**2).sum(axis=1))


def backward(dout, x):
    return x * (dout / np.sqrt((x**2).sum(axis=1)))[:, None]


def not_divided_by_the_norm(dout, x):
    dsquares = dout.reshape(-1, 1)
    dx = dsquares * x  # <- missing-chain-factor
    return dx


def two_of_the_square_kept(dout, x):
    norm = np.linalg.norm(x, axis=1)
    dx = np.zeros_like(x)
    for i in range(x.shape[0]):
        dx[i] = 2 * x[i] / norm[i]  # <- constant-factor
        dx[i] *= dout[i]
    return dx


def norm_of_the_whole_matrix(dout, x):
    norm = np.linalg.norm(x)  # <- wrong-axis
    return x / norm * dout[:, None]


def direction_forgotten(dout, x):
    norm = np.sqrt(np.sum(x * x, axis=1, keepdims=True))
    grad = np.ones_like(x) / norm  # <- missing-chain-factor
    return grad * dout[:, None]


def absolute_upstream(dout, x):
    norm = np.linalg.norm(x, axis=1, keepdims=True)
    scale = np.sqrt(dout**2)[:, None]  # <- upstream-nonlinear
    return scale * x / norm
