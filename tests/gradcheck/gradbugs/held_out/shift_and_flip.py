"""The time axis flipped and then shifted by two places, as a circle."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "T")}


def forward(x):
    return np.roll(x[:, ::-1], 2, axis=1)


def backward(dout, x):
    return np.roll(dout, -2, axis=1)[:, ::-1].copy()


def shift_not_undone(dout, x):
    return np.roll(dout, 2, axis=1)[:, ::-1].copy()  # <- order-not-undone


def flip_not_undone(dout, x):
    return np.roll(dout, -2, axis=1)  # <- order-not-undone


def flipped_first(dout, x):
    dx = np.flip(dout, axis=1)  # <- order-not-undone
    return np.roll(dx, -2, axis=1)


def rows_shifted(dout, x):
    dx = np.roll(dout, -2, axis=0)  # <- wrong-axis
    return np.flip(dx, axis=1).copy()


def everything_flipped(dout, x):
    dx = np.roll(dout, -2, axis=1)
    return np.flip(dx).copy()  # <- wrong-axis | order-not-undone
