"""The mean of each column."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D")}


def forward(x):
    return x.mean(axis=0)


def backward(upstream, x):
    N = x.shape[0]
    return np.tile(upstream / N, (N, 1))


def length_of_the_wrong_axis(upstream, x):
    N, D = x.shape
    dx = np.zeros((N, D))
    for i in range(N):
        dx[i] = upstream / D  # <- constant-factor
    return dx


def divided_by_all_entries(upstream, x):
    dx = np.ones_like(x) * upstream
    dx /= x.size  # <- constant-factor
    return dx


def times_x(upstream, x):
    N = x.shape[0]
    dx = upstream * x / N  # <- missing-chain-factor
    return dx


def mean_of_the_upstream(upstream, x):
    N = x.shape[0]
    g = upstream.mean()  # <- wrong-axis
    dx = np.full(x.shape, g / N)
    return dx


def divided_in_place(upstream, x):
    N = x.shape[0]
    upstream /= N  # <- upstream-mutated
    dx = np.ones_like(x) * upstream
    return dx


def first_row_only(upstream, x):
    N = x.shape[0]
    dx = np.zeros_like(x)
    dx[0] = upstream / N  # <- zero-gradient
    return dx
