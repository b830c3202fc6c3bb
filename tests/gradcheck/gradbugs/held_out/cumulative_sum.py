"""The cumulative sum along the rows."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "T")}


def forward(x):
    return np.cumsum(x, axis=1)


def backward(g, x):
    return np.cumsum(g[:, ::-1], axis=1)[:, ::-1].copy()


def summed_from_the_start(g, x):
    return np.cumsum(g, axis=1)  # <- order-not-undone | transposed


def left_reversed(g, x):
    return np.cumsum(g[:, ::-1], axis=1)  # <- order-not-undone


def down_the_columns(g, x):
    return np.cumsum(g[::-1], axis=0)[::-1].copy()  # <- wrong-axis


def only_its_own_place(g, x):
    dx = np.zeros_like(x)
    for t in range(x.shape[1]):
        dx[:, t] = g[:, t]  # <- jacobian-diagonal-only
    return dx


def later_places_overwrite(g, x):
    dx = np.zeros_like(x)
    for t in range(x.shape[1]):
        dx[:, : t + 1] = g[:, t : t + 1]  # <- overwritten-not-accumulated
    return dx
