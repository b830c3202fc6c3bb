"""The transpose of x, times a vector of weights."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "w": Floats("N")}


def forward(x, w):
    return x.T * w


def backward(g, x, w):
    gx = (g * w).T
    gw = (g * x.T).sum(axis=0)
    return gx, gw


def not_transposed_back(g, x, w):
    gx = g * w  # <- transposed | order-not-undone
    gw = (g * x.T).sum(axis=0)
    return gx, gw


def reshaped_instead(g, x, w):
    gx = (g * w).reshape(x.shape)  # <- order-not-undone
    gw = (g * x.T).sum(axis=0)
    return gx, gw


def transposed_upstream(g, x, w):
    gx = (g * w).T
    gw = (g.T * x).sum(axis=0)  # <- wrong-axis | transposed
    return gx, gw


def product_of_unequal_shapes(g, x, w):
    gx = (g * w).T
    gw = np.sum(g * x, axis=0)  # <- raised | transposed
    return gx, gw


def weights_on_the_wrong_axis(g, x, w):
    gx = g.T * w  # <- raised | wrong-axis
    gw = (g * x.T).sum(axis=0)
    return gx, gw
