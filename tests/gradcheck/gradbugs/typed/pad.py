"""Images with a border of zeros."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats(2, "H", "W"), "p": 1}


def forward(x, p):
    return np.pad(x, ((0, 0), (p, p), (p, p)))


def backward(dout, x, p):
    N, H, W = x.shape
    return dout[:, p : p + H, p : p + W].copy()


def border_left_on(dout, x, p):
    dx = dout.copy()  # <- wrong-shape
    return dx


def upper_left_corner(dout, x, p):
    N, H, W = x.shape
    dx = dout[:, :H, :W].copy()  # <- order-not-undone
    return dx


def border_of_the_rows_only(dout, x, p):
    dx = dout[:, p:-p].copy()  # <- wrong-shape
    return dx


def window_on_the_upstream(dout, x, p):
    dx = dout[:, p:-p, p:-p]  # <- aliased-gradients
    return dx


def heights_and_widths_exchanged(dout, x, p):
    N, W, H = x.shape  # <- swapped-arguments | transposed
    dx = dout[:, p : p + H, p : p + W].copy()
    return dx
