"""The largest entry of each column."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D")}


def forward(x):
    return x.max(axis=0)


def backward(g, x):
    dx = np.zeros_like(x)
    dx[x.argmax(axis=0), np.arange(x.shape[1])] = g
    return dx


def to_all_rows(g, x):
    return np.ones_like(x) * g  # <- max-not-routed


def to_the_smallest(g, x):
    dx = np.zeros_like(x)
    for j in range(x.shape[1]):
        dx[np.argmin(x[:, j]), j] = g[j]  # <- max-not-routed
    return dx


def to_all_columns(g, x):
    dx = np.zeros_like(x)
    dx[x.argmax(axis=0)] = g  # <- max-not-routed | overwritten-not-accumulated
    return dx


def compared_with_the_overall_maximum(g, x):
    return g * (x == x.max())  # <- wrong-axis | max-not-routed


def where_the_gradient_is_largest(g, x):
    dx = np.zeros_like(x)
    dx[np.argmax(np.tile(g, (len(x), 1)) * x, axis=0), range(len(g))] = g  # <- mask-from-upstream
    return dx


def one_for_the_maximum(g, x):
    return (x == x.max(axis=0)) * 1.0  # <- upstream-ignored
