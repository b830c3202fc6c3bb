"""Rows of length 1: each row divided by its length."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D")}


def forward(x):
    norm = np.linalg.norm(x, axis=1, keepdims=True)
    y = x / norm
    return y, (x, y, norm)


def backward(dout, cache):
    _, y, norm = cache
    return (dout - y * (dout * y).sum(axis=1, keepdims=True)) / norm


def norm_held_constant(dout, cache):
    _, _, norm = cache
    dx = dout / norm  # <- statistics-held-constant
    return dx


def without_the_other_entries(dout, cache):
    _, y, norm = cache
    diagonal = (1 - y**2) / norm  # <- jacobian-diagonal-only
    dx = dout * diagonal
    return dx


def projected_over_the_batch(dout, cache):
    _, y, norm = cache
    along = np.sum(dout * y, axis=0)  # <- wrong-axis
    return (dout - y * along) / norm


def projected_with_x(dout, cache):
    x, y, norm = cache
    dx = np.zeros_like(dout)
    for i in range(len(x)):
        along = dout[i] @ x[i]  # <- output-for-input
        dx[i] = (dout[i] - y[i] * along) / norm[i]
    return dx


def projection_added(dout, cache):
    _, y, norm = cache
    along = (y * dout).sum(axis=1, keepdims=True)
    dx = (dout + along * y) / norm  # <- sign-flipped
    return dx


def only_through_the_norm(dout, cache):
    x, _, norm = cache
    dnorm = -(dout * x).sum(axis=1, keepdims=True) / norm**2
    dx = dout / norm
    dx = dnorm * x / norm  # <- overwritten-not-accumulated
    return dx
