"""The largest entry of each row."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D")}


def forward(x):
    return x.max(axis=1)


def backward(dout, x):
    dx = np.zeros(x.shape)
    dx[np.arange(len(x)), x.argmax(axis=1)] = dout
    return dx


def everyone_gets_it(dout, x):
    N, D = x.shape
    dx = np.repeat(dout[:, None], D, axis=1)  # <- max-not-routed
    return dx


def divided_among_all(dout, x):
    N, D = x.shape
    dx = np.ones((N, D)) / D * dout.reshape(N, 1)  # <- max-not-routed
    return dx


def smallest_entry(dout, x):
    N = x.shape[0]
    dx = np.zeros(x.shape)
    for i in range(N):
        dx[i, np.argmin(x[i])] = dout[i]  # <- max-not-routed
    return dx


def largest_of_the_column(dout, x):
    mask = x == x.max(axis=0)  # <- wrong-axis
    dx = mask * dout[:, None]
    return dx


def all_but_the_largest(dout, x):
    mask = x != x.max(axis=1, keepdims=True)  # <- mask-inverted | max-not-routed
    return dout[:, None] * mask


def one_at_the_largest(dout, x):
    N = x.shape[0]
    dx = np.zeros(x.shape)
    dx[np.arange(N), np.argmax(x, axis=1)] = 1.0  # <- upstream-ignored
    return dx
