"""Each entry of x twice, one after the other: nearest-neighbour upsampling of a row."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D")}


def forward(x):
    return np.repeat(x, 2, axis=1)


def backward(dout, x):
    return dout[:, 0::2] + dout[:, 1::2]


def halves_added(dout, x):
    D = x.shape[1]
    dx = dout[:, :D] + dout[:, D:]  # <- order-not-undone
    return dx


def every_second_entry(dout, x):
    dx = dout[:, ::2].copy()  # <- not-summed-over-broadcast
    return dx


def averaged(dout, x):
    N, D = x.shape
    dx = dout.reshape(N, D, 2).mean(axis=-1)  # <- constant-factor
    return dx


def pairs_in_the_wrong_shape(dout, x):
    N, D = x.shape
    pairs = dout.reshape(N, 2, D)  # <- order-not-undone
    dx = pairs.sum(axis=1)
    return dx


def sum_over_the_wrong_one_of_three(dout, x):
    N, D = x.shape
    pairs = dout.reshape(N, D, 2)
    dx = pairs.sum(axis=1)  # <- wrong-axis
    return dx
