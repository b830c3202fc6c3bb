"""From each row of x, the entry at its label."""

import numpy as np

from minireg.gradcheck import Floats, Integers

INPUTS = {"x": Floats("N", "C"), "labels": Integers("N", below="C")}


def forward(x, labels):
    N = x.shape[0]
    return x[np.arange(N), labels]


def backward(dout, x, labels):
    N = x.shape[0]
    dx = np.zeros(x.shape)
    dx[np.arange(N), labels] = dout
    return dx


def whole_columns(dout, x, labels):
    dx = np.zeros(x.shape)
    dx[:, labels] = dout[:, None]  # <- mask-missing | one-hot-missing
    return dx


def labels_start_at_one(dout, x, labels):
    N = x.shape[0]
    dx = np.zeros(x.shape)
    dx[np.arange(N), labels - 1] = dout  # <- labels-shifted
    return dx


def ones_at_the_labels(dout, x, labels):
    N, C = x.shape
    dx = np.zeros((N, C))
    for i in range(N):
        dx[i, labels[i]] = 1  # <- upstream-ignored
    return dx


def every_entry_of_the_row(dout, x, labels):
    N, C = x.shape
    dx = np.tile(dout[:, None], (1, C))  # <- mask-missing
    return dx


def everything_but_the_label(dout, x, labels):
    N, C = x.shape
    onehot = np.eye(C)[labels]
    dx = (1 - onehot) * dout[:, None]  # <- mask-inverted
    return dx


def zeros_like_x(dout, x, labels):
    N = len(labels)
    dx = np.zeros_like(x)  # <- integer-input
    dx[np.arange(N), labels] = dout
    return dx
