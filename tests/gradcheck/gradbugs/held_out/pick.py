"""The entry of each row at its index: x[n, index[n]]."""

import numpy as np

from minireg.gradcheck import Floats, Integers

INPUTS = {"x": Floats("N", "C"), "index": Integers("N", below="C")}


def forward(x, index):
    return x[np.arange(len(x)), index]


def backward(g, x, index):
    dx = np.zeros_like(x)
    dx[np.arange(len(x)), index] = g
    return dx


def shifted_by_one(g, x, index):
    dx = np.zeros_like(x)
    dx[np.arange(len(x)), index - 1] = g  # <- labels-shifted
    return dx


def all_entries_of_the_row(g, x, index):
    dx = np.repeat(g[:, None], x.shape[1], axis=1)  # <- mask-missing
    return dx


def first_row_only(g, x, index):
    dx = np.zeros_like(x)
    dx[0, index] = g  # <- one-hot-missing | overwritten-not-accumulated
    return dx


def nothing_written(g, x, index):
    dx = np.zeros_like(x)
    dx[np.arange(len(x))][:, index] = g  # <- zero-gradient
    return dx


def ones_at_the_index(g, x, index):
    return np.eye(x.shape[1])[index]  # <- upstream-ignored
