"""Every row of x, divided by its length."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D")}


def forward(x):
    norm = np.sqrt(np.sum(x**2, axis=1, keepdims=True) + 1e-6)
    y = x / norm
    return y, (x, y, norm)


def backward(dy, cache):
    x, y, norm = cache
    along = np.sum(dy * y, axis=1, keepdims=True)
    return (dy - y * along) / norm


def length_is_a_constant(dy, cache):
    x, y, norm = cache
    dx = dy / norm  # <- statistics-held-constant
    return dx


def projected_on_columns(dy, cache):
    x, y, norm = cache
    along = np.sum(dy * y, axis=0, keepdims=True)  # <- wrong-axis
    dx = (dy - y * along) / norm
    return dx


def x_in_the_projection(dy, cache):
    x, y, norm = cache
    along = np.sum(dy * x, axis=1, keepdims=True)  # <- output-for-input
    dx = (dy - y * along) / norm
    return dx


def own_entry_only(dy, cache):
    x, y, norm = cache
    dx = dy * (1 - y**2) / norm  # <- jacobian-diagonal-only
    return dx


def projection_added(dy, cache):
    x, y, norm = cache
    dx = np.zeros(x.shape)
    for i in range(len(x)):
        dx[i] = (dy[i] + y[i] * np.dot(dy[i], y[i])) / norm[i]  # <- sign-flipped
    return dx


def length_forgotten(dy, cache):
    x, y, norm = cache
    dx = dy - y * np.sum(dy * y, axis=1, keepdims=True)  # <- missing-chain-factor
    return dx
