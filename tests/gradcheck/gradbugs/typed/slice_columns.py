"""The columns 1 and 2 of x."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D")}


def forward(x):
    return x[:, 1:3].copy()


def backward(dout, x):
    dx = np.zeros(x.shape)
    dx[:, 1:3] = dout
    return dx


def only_the_slice(dout, x):
    dx = dout.copy()  # <- wrong-shape
    return dx


def counted_from_one(dout, x):
    dx = np.zeros(x.shape)
    dx[:, 0:2] = dout  # <- order-not-undone
    return dx


def background_of_ones(dout, x):
    dx = np.ones(x.shape)  # <- mask-missing
    dx[:, 1:3] = dout
    return dx


def array_of_the_type_of_x(dout, x):
    dx = np.zeros_like(x)  # <- integer-input
    dx[:, 1:3] = dout
    return dx


def one_column_missing(dout, x):
    dx = np.zeros(x.shape)
    dx[:, 1:2] = dout  # <- raised
    return dx


def last_column_only(dout, x):
    dx = np.zeros(x.shape)
    for j in range(2):
        dx[:, 1] = dout[:, j]  # <- overwritten-not-accumulated | order-not-undone
    return dx
