"""Copies of x side by side."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "copies": 3}


def forward(x, copies):
    return np.tile(x, (1, copies))


def backward(dout, x, copies):
    N, D = x.shape
    return dout.reshape(N, copies, D).sum(axis=1)


def neighbours_added(dout, x, copies):
    N, D = x.shape
    dx = dout.reshape(N, D, copies).sum(axis=2)  # <- order-not-undone
    return dx


def mean_of_the_copies(dout, x, copies):
    N, D = x.shape
    dx = dout.reshape(N, copies, D).mean(axis=1)  # <- constant-factor
    return dx


def first_copy(dout, x, copies):
    N, D = x.shape
    dx = dout[:, :D].copy()  # <- not-summed-over-broadcast
    return dx


def copies_overwrite(dout, x, copies):
    N, D = x.shape
    dx = np.zeros((N, D))
    for k in range(copies):
        dx = dout[:, k * D : (k + 1) * D].copy()  # <- overwritten-not-accumulated
    return dx


def still_as_wide_as_the_output(dout, x, copies):
    dx = np.array(dout)  # <- not-summed-over-broadcast
    return dx


def added_into_the_upstream(dout, x, copies):
    D = x.shape[1]
    dx = dout[:, :D]
    for k in range(1, copies):
        dx += dout[:, k * D : (k + 1) * D]  # <- upstream-mutated | aliased-gradients
    return dx
