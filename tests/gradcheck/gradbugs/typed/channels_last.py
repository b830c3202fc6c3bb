"""Images with channels last: (N, C, H, W) to (N, H, W, C)."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats(2, "C", 4, 4)}


def forward(x):
    return x.transpose(0, 2, 3, 1).copy()


def backward(dout, x):
    return dout.transpose(0, 3, 1, 2).copy()


def transposed_the_same_way(dout, x):
    dx = dout.transpose(0, 2, 3, 1).copy()  # <- order-not-undone
    return dx


def rows_and_columns_exchanged(dout, x):
    dx = np.transpose(dout, (0, 3, 2, 1)).copy()  # <- order-not-undone | transposed
    return dx


def reshaped(dout, x):
    dx = dout.reshape(x.shape).copy()  # <- order-not-undone
    return dx


def left_as_it_is(dout, x):
    dx = np.array(dout)  # <- order-not-undone | wrong-shape
    return dx


def view_of_the_upstream(dout, x):
    return dout.transpose(0, 3, 1, 2)  # <- aliased-gradients
