"""The maximum of each row; among equal entries the first one counts."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D")}


def forward(x):
    return x.max(axis=1)


def backward(dout, x):
    dx = np.zeros_like(x)
    dx[np.arange(len(x)), x.argmax(axis=1)] = dout
    return dx


def to_all_entries(dout, x):
    N, D = x.shape
    dx = np.zeros((N, D))
    dx += dout.reshape(N, 1)  # <- max-not-routed
    return dx


def shared_evenly(dout, x):
    D = x.shape[1]
    dx = np.ones_like(x) * dout[:, np.newaxis]
    dx = dx / D  # <- max-not-routed
    return dx


def place_of_the_minimum(dout, x):
    dx = np.zeros_like(x)
    for i in range(x.shape[0]):
        j = np.argmin(x[i])  # <- max-not-routed
        dx[i, j] = dout[i]
    return dx


def largest_of_the_whole_array(dout, x):
    mask = x == x.max()  # <- wrong-axis | max-not-routed
    return mask * dout[:, None]


def all_ties(dout, x):
    """Wrong only where the maximum of a row occurs more than once."""
    m = np.max(x, axis=1, keepdims=True)
    dx = np.zeros_like(x)
    dx += (x == m) * dout[:, None]  # <- max-not-routed
    return dx


def times_the_maximum(dout, x):
    rows = np.arange(x.shape[0])
    best = np.argmax(x, axis=1)
    dx = np.zeros_like(x)
    dx[rows, best] = dout * x[rows, best]  # <- missing-chain-factor
    return dx


def place_of_the_first_row(dout, x):
    N, D = x.shape
    dx = np.zeros((N, D))
    index = x.argmax(axis=1)[0]  # <- max-not-routed
    dx[:, index] = dout
    return dx
