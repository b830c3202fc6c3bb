"""The columns of x, two places further right; those at the end come back at the beginning."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "shift": 2}


def forward(x, shift):
    return np.roll(x, shift, axis=1)


def backward(dout, x, shift):
    return np.roll(dout, -shift, axis=1)


def rolled_further(dout, x, shift):
    return np.roll(dout, shift, axis=1)  # <- order-not-undone


def rolled_down(dout, x, shift):
    return np.roll(dout, -shift, axis=0)  # <- wrong-axis | order-not-undone


def axis_forgotten(dout, x, shift):
    return np.roll(dout, -shift)  # <- wrong-axis | order-not-undone


def columns_pushed_out(dout, x, shift):
    dx = np.zeros_like(dout)
    dx[:, :-shift] = dout[:, shift:]  # <- zero-gradient
    return dx


def assembled_the_wrong_way(dout, x, shift):
    first = dout[:, :shift]
    rest = dout[:, shift:]
    dx = np.concatenate([first, rest], axis=1)  # <- order-not-undone
    return dx
