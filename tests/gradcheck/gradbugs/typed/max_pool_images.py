"""Maximum over windows of 2 × 2 that do not overlap."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats(2, 2, 4, 6)}


def forward(x):
    N, C, H, W = x.shape
    windows = x.reshape(N, C, H // 2, 2, W // 2, 2)
    out = windows.max(axis=5).max(axis=3)
    return out, (x, out)


def backward(dout, cache):
    x, out = cache
    N, C, H, W = x.shape
    dx = np.zeros(x.shape)
    for n in range(N):
        for c in range(C):
            for i in range(H // 2):
                for j in range(W // 2):
                    window = x[n, c, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
                    a, b = np.unravel_index(np.argmax(window), (2, 2))
                    dx[n, c, 2 * i + a, 2 * j + b] = dout[n, c, i, j]
    return dx


def spread_over_the_window(dout, cache):
    x, out = cache
    dx = np.repeat(np.repeat(dout, 2, axis=2), 2, axis=3)  # <- max-not-routed
    return dx


def quarter_for_everyone(dout, cache):
    x, out = cache
    N, C, H, W = x.shape
    dx = np.zeros(x.shape)
    for i in range(H // 2):
        for j in range(W // 2):
            d = dout[:, :, i, j][:, :, None, None]
            dx[:, :, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2] = d / 4  # <- max-not-routed
    return dx


def always_the_upper_left(dout, cache):
    x, out = cache
    dx = np.zeros(x.shape)
    dx[:, :, ::2, ::2] = dout  # <- max-not-routed
    return dx


def mask_the_wrong_way(dout, cache):
    x, out = cache
    largest = out.repeat(2, axis=2).repeat(2, axis=3)
    d = dout.repeat(2, axis=2).repeat(2, axis=3)
    mask = x < largest  # <- mask-inverted | max-not-routed
    return d * mask


def window_of_whole_numbers(dout, cache):
    x, out = cache
    N, C, H, W = x.shape
    dx = np.zeros_like(x)  # <- integer-input
    for n in range(N):
        for c in range(C):
            for i in range(H // 2):
                for j in range(W // 2):
                    window = x[n, c, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
                    a, b = np.unravel_index(np.argmax(window), (2, 2))
                    dx[n, c, 2 * i + a, 2 * j + b] = dout[n, c, i, j]
    return dx


def row_and_column_exchanged(dout, cache):
    x, out = cache
    N, C, H, W = x.shape
    dx = np.zeros(x.shape)
    for n in range(N):
        for c in range(C):
            for i in range(H // 2):
                for j in range(W // 2):
                    window = x[n, c, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
                    col, row = divmod(np.argmax(window), 2)  # <- swapped-arguments | max-not-routed
                    dx[n, c, 2 * i + row, 2 * j + col] = dout[n, c, i, j]
    return dx
