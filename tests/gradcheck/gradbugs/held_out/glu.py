"""Gated linear unit: the first half of the columns times the sigmoid of the second half."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", 6)}


def forward(x):
    a, b = np.split(x, 2, axis=1)
    return a / (1 + np.exp(-b))


def backward(dout, x):
    a, b = np.split(x, 2, axis=1)
    s = 1 / (1 + np.exp(-b))
    return np.hstack([dout * s, dout * a * s * (1 - s)])


def halves_exchanged(dout, x):
    a, b = np.split(x, 2, axis=1)
    s = 1 / (1 + np.exp(-b))
    da = dout * s
    db = dout * a * s * (1 - s)
    return np.hstack([db, da])  # <- swapped-arguments | order-not-undone


def gate_is_a_mask(dout, x):
    a, b = np.split(x, 2, axis=1)
    s = 1 / (1 + np.exp(-b))
    dx = np.zeros_like(x)
    dx[:, : a.shape[1]] = dout * s
    return dx  # <- zero-gradient


def value_left_out_of_the_gate(dout, x):
    _, b = np.split(x, 2, axis=1)
    s = 1 / (1 + np.exp(-b))
    ds = dout  # <- missing-chain-factor
    return np.concatenate([dout * s, ds * s * (1 - s)], axis=1)


def every_second_column(dout, x):
    a, b = np.split(x, 2, axis=1)
    s = 1 / (1 + np.exp(-b))
    halves = np.stack([dout * s, dout * a * s * (1 - s)], axis=2)
    dx = halves.reshape(x.shape)  # <- order-not-undone
    return dx


def stacked_below(dout, x):
    a, b = np.split(x, 2, axis=1)
    s = 1 / (1 + np.exp(-b))
    return np.vstack([dout * s, dout * a * s * (1 - s)])  # <- wrong-axis
