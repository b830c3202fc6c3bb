"""x + b: a row b is added to every row of x."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "b": Floats("D")}


def forward(x, b):
    return x + b


def backward(dout, x, b):
    dx = dout.copy()
    db = dout.sum(axis=0)
    return dx, db


def bias_has_the_shape_of_the_output(dout, x, b):
    dx = dout.copy()
    db = dout.copy()  # <- not-summed-over-broadcast
    return dx, db


def mean_over_the_batch(dout, x, b):
    N = x.shape[0]
    dx = dout.copy()
    db = np.sum(dout, axis=0) / N  # <- constant-factor
    return dx, db


def keepdims_left_over(dout, x, b):
    dx = dout.copy()
    db = np.sum(dout, axis=0, keepdims=True)  # <- wrong-shape
    return dx, db


def sum_over_features(dout, x, b):
    dx = 1.0 * dout
    db = np.sum(dout, axis=1)  # <- wrong-axis
    return dx, db


def last_row_wins(dout, x, b):
    N, D = x.shape
    db = np.zeros(D)
    for i in range(N):
        db[:] = dout[i]  # <- overwritten-not-accumulated | not-summed-over-broadcast
    dx = dout.copy()
    return dx, db


def upstream_handed_on(dout, x, b):
    db = dout.sum(axis=0)
    dx = dout  # <- aliased-gradients
    return dx, db
