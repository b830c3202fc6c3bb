"""Each row sorted, largest first, and weighted by its rank."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "w": Floats("D")}


def forward(x, w):
    order = np.argsort(-x, axis=1, kind="stable")
    y = np.take_along_axis(x, order, axis=1)
    return w * y, (order, y, w)


def backward(g, cache):
    order, y, w = cache
    dx = np.empty_like(y)
    np.put_along_axis(dx, order, g * w, axis=1)
    return dx, (g * y).sum(axis=0)


def left_in_sorted_order(g, cache):
    _, y, w = cache
    return g * w, (g * y).sum(axis=0)  # <- order-not-undone


def sorted_once_more(g, cache):
    order, y, w = cache
    dx = np.take_along_axis(g * w, order, axis=1)  # <- order-not-undone
    dw = (g * y).sum(axis=0)
    return dx, dw


def weights_after_unsorting(g, cache):
    order, y, w = cache
    dx = np.empty_like(y)
    np.put_along_axis(dx, order, g, axis=1)
    return dx * w, (g * y).sum(axis=0)  # <- order-not-undone
