"""x + c: a column c is added to every column of x."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "c": Floats("N", 1)}


def forward(x, c):
    return x + c


def backward(dy, x, c):
    return dy.copy(), dy.sum(axis=1, keepdims=True)


def keepdims_forgotten(dy, x, c):
    dx = dy.copy()
    dc = np.sum(dy, axis=1)  # <- wrong-shape
    return dx, dc


def first_axis(dy, x, c):
    dx = dy.copy()
    dc = np.sum(dy, axis=0, keepdims=True)  # <- wrong-axis
    return dx, dc


def every_column_kept(dy, x, c):
    dx = dy.copy()
    dc = np.ones_like(x) * dy  # <- not-summed-over-broadcast
    return dx, dc


def column_never_filled(dy, x, c):
    dx = dy.copy()
    dc = np.zeros((x.shape[0], 1))  # <- zero-gradient
    return dx, dc


def everything_in_one_number(dy, x, c):
    dx = dy.copy()
    dc = np.ones(c.shape) * dy.sum()  # <- wrong-axis
    return dx, dc
