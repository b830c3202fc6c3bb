"""The axes of x are exchanged, then all but the first are flattened."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats(3, "T", "D")}


def forward(x):
    N = x.shape[0]
    moved = x.transpose(0, 2, 1)
    return moved.reshape(N, -1), (x.shape,)


def backward(dout, cache):
    (shape,) = cache
    N, T, D = shape
    moved = dout.reshape(N, D, T)
    return moved.transpose(0, 2, 1).copy()


def permutation_forgotten(dout, cache):
    (shape,) = cache
    dx = dout.copy().reshape(shape)  # <- order-not-undone
    return dx


def transposed_before_it_is_reshaped(dout, cache):
    (shape,) = cache
    dx = dout.copy().reshape(shape)
    dx = dx.transpose(0, 2, 1).reshape(shape)  # <- order-not-undone
    return dx


def fortran_order(dout, cache):
    (shape,) = cache
    N, T, D = shape
    moved = dout.reshape((N, D, T), order="F")  # <- order-not-undone
    dx = moved.transpose(0, 2, 1).copy()
    return dx


def not_moved_back(dout, cache):
    N, T, D = cache[0]
    dx = np.zeros((N, D, T))
    for n in range(N):
        dx[n] = dout[n].reshape(D, T)  # <- transposed | order-not-undone
    return dx


def all_of_it_flat(dout, cache):
    dx = dout.flatten()  # <- wrong-shape | order-not-undone
    return dx
