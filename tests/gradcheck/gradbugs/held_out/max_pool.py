"""2 x 2 max pooling of images (N, 4, 6)."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", 4, 6)}


def forward(x):
    return x.reshape(len(x), 2, 2, 3, 2).max(axis=(2, 4))


def backward(dout, x):
    dx = np.zeros_like(x)
    for n, i, j in np.ndindex(dout.shape):
        window = x[n, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
        a, b = np.unravel_index(np.argmax(window), window.shape)
        dx[n, 2 * i + a, 2 * j + b] += dout[n, i, j]
    return dx


def a_quarter_for_everyone(dout, x):
    return np.repeat(np.repeat(dout, 2, axis=1), 2, axis=2) / 4  # <- max-not-routed


def upper_left_corner(dout, x):
    dx = np.zeros_like(x)
    dx[:, ::2, ::2] = dout  # <- max-not-routed
    return dx


def flat_index_as_column(dout, x):
    dx = np.zeros_like(x)
    for n in range(dout.shape[0]):
        for i in range(dout.shape[1]):
            for j in range(dout.shape[2]):
                window = x[n, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
                k = np.argmax(window)
                dx[n, 2 * i, 2 * j + k % 2] = dout[n, i, j]  # <- max-not-routed
    return dx


def kron_with_mask_inverted(dout, x):
    big = np.kron(dout, np.ones((1, 2, 2)))
    top = np.kron(forward(x), np.ones((1, 2, 2)))
    return big * (x < top)  # <- mask-inverted | max-not-routed


def multiplied_with_the_maximum(dout, x):
    top = forward(x).repeat(2, axis=1).repeat(2, axis=2)
    dx = dout.repeat(2, axis=1).repeat(2, axis=2) * (x == top)
    return dx * top  # <- missing-chain-factor
