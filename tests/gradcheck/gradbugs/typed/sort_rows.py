"""Each row of x in ascending order."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D")}


def forward(x):
    order = np.argsort(x, axis=1)
    y = np.take_along_axis(x, order, axis=1)
    return y, (x, order)


def backward(dy, cache):
    x, order = cache
    dx = np.zeros(x.shape)
    np.put_along_axis(dx, order, dy, axis=1)
    return dx


def sorted_once_more(dy, cache):
    x, order = cache
    dx = np.take_along_axis(dy, order, axis=1)  # <- order-not-undone
    return dx


def left_in_order(dy, cache):
    x, order = cache
    dx = np.zeros(x.shape)
    for i in range(len(x)):
        dx[i] = dy[i]  # <- order-not-undone
    return dx


def placed_down_the_columns(dy, cache):
    x, order = cache
    dx = np.zeros(x.shape)
    np.put_along_axis(dx, order, dy, axis=0)  # <- wrong-axis | raised
    return dx


def upstream_sorted(dy, cache):
    x, order = cache
    dx = np.zeros_like(dy)
    dy = np.sort(dy, axis=1)  # <- upstream-nonlinear
    np.put_along_axis(dx, order, dy, axis=1)
    return dx


def array_of_whole_numbers(dy, cache):
    x, order = cache
    dx = np.zeros_like(x)  # <- integer-input
    for i in range(x.shape[0]):
        dx[i, order[i]] = dy[i]
    return dx


def order_of_the_first_row(dy, cache):
    x, order = cache
    dx = np.zeros(x.shape)
    dx[:, order[0]] = dy  # <- order-not-undone
    return dx
