"""The quadratic form x·A x of each row x."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "a": Floats("D", "D")}


def forward(x, a):
    return np.sum(x @ a * x, axis=1)


def backward(g, x, a):
    gx = g[:, None] * x
    return gx @ a + gx @ a.T, x.T @ gx


def as_if_symmetric(g, x, a):
    dx = 2 * g[:, None] * (x @ a)  # <- transposed
    da = x.T @ (g[:, None] * x)
    return dx, da


def one_of_two_uses(g, x, a):
    dx = np.empty_like(x)
    da = np.zeros_like(a)
    for i in range(len(x)):
        dx[i] = g[i] * (a @ x[i])  # <- overwritten-not-accumulated
        da += g[i] * np.outer(x[i], x[i])
    return dx, da


def matrix_of_the_last_row(g, x, a):
    dx = np.empty_like(x)
    for i in range(len(x)):
        dx[i] = g[i] * (a + a.T) @ x[i]
        da = g[i] * np.outer(x[i], x[i])  # <- overwritten-not-accumulated
    return dx, da


def one_matrix_for_each_row(g, x, a):
    dx = g[:, None] * (x @ (a + a.T))
    da = g[:, None, None] * x[:, :, None] * x[:, None, :]  # <- not-summed-over-broadcast
    return dx, da
