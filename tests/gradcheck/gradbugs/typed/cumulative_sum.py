"""The sum of each entry and all entries to its left."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "T")}


def forward(x):
    return np.cumsum(x, axis=1)


def backward(dout, x):
    T = x.shape[1]
    dx = np.zeros(dout.shape)
    running = np.zeros(x.shape[0])
    for t in reversed(range(T)):
        running = running + dout[:, t]
        dx[:, t] = running
    return dx


def from_the_left_again(dout, x):
    dx = np.cumsum(dout, axis=1)  # <- transposed | order-not-undone
    return dx


def not_flipped_back(dout, x):
    reverse = dout[:, ::-1]
    dx = np.cumsum(reverse, axis=1)  # <- order-not-undone
    return dx


def down_the_columns(dout, x):
    dx = np.flip(np.cumsum(np.flip(dout, 0), axis=0), 0)  # <- wrong-axis
    return dx


def each_entry_for_itself(dout, x):
    N, T = x.shape
    dx = np.zeros((N, T))
    for t in range(T):
        dx[:, t] = dout[:, t]  # <- jacobian-diagonal-only
    return dx


def one_place_only(dout, x):
    N, T = x.shape
    dx = np.zeros((N, T))
    for t in range(T):
        for s in range(t, T):
            dx[:, t] = dout[:, s]  # <- overwritten-not-accumulated
    return dx


def number_of_later_entries(dout, x):
    N, T = x.shape
    later = np.arange(T, 0, -1)
    dx = np.ones((N, 1)) * later  # <- upstream-ignored
    return dx
