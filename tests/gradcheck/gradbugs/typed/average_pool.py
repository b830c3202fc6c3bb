"""Mean over windows of 2 × 2 that do not overlap."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats(2, 3, 4, 6)}


def forward(x):
    N, C, H, W = x.shape
    windows = x.reshape(N, C, H // 2, 2, W // 2, 2)
    return windows.mean(axis=(3, 5))


def backward(dout, x):
    dx = np.repeat(dout, 2, axis=2)
    dx = np.repeat(dx, 2, axis=3)
    return dx / 4


def quarter_forgotten(dout, x):
    dx = np.repeat(dout, 2, axis=2)
    dx = np.repeat(dx, 2, axis=3)  # <- constant-factor
    return dx


def half_for_a_quarter(dout, x):
    N, C, H, W = x.shape
    size = 2
    dx = np.zeros(x.shape)
    for i in range(H):
        for j in range(W):
            dx[:, :, i, j] = dout[:, :, i // size, j // size] / size  # <- constant-factor
    return dx


def tiled(dout, x):
    dx = np.tile(dout, (1, 1, 2, 2)) / 4  # <- order-not-undone
    return dx


def one_entry_of_each_window(dout, x):
    dx = np.zeros(x.shape)
    dx[:, :, ::2, ::2] = dout / 4  # <- zero-gradient
    return dx


def rows_repeated_twice(dout, x):
    dx = np.repeat(dout, 2, axis=2)
    dx = np.repeat(dx, 2, axis=2)  # <- wrong-axis
    return dx / 4
