"""The columns of x from right to left."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D")}


def forward(x):
    return x[:, ::-1].copy()


def backward(dout, x):
    return dout[:, ::-1].copy()


def not_flipped_back(dout, x):
    dx = np.zeros_like(dout)
    dx += dout  # <- order-not-undone
    return dx


def upside_down(dout, x):
    dx = np.flip(dout, axis=0).copy()  # <- wrong-axis | order-not-undone
    return dx


def flipped_on_both_axes(dout, x):
    dx = np.flip(dout).copy()  # <- wrong-axis | order-not-undone
    return dx


def view_of_the_upstream(dout, x):
    dx = np.fliplr(dout)  # <- aliased-gradients
    return dx


def one_column_too_far(dout, x):
    N, D = x.shape
    dx = np.zeros((N, D))
    for j in range(D):
        dx[:, j] = dout[:, -j]  # <- order-not-undone
    return dx
