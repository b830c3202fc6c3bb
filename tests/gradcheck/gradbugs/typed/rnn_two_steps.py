"""Two steps of a recurrent network with the same weights, from a state of zeros."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {
    "x1": Floats("N", "D"),
    "x2": Floats("N", "D"),
    "U": Floats("D", "H"),
    "W": Floats("H", "H"),
}

_dU = {}


def forward(x1, x2, U, W):
    h1 = np.tanh(x1 @ U)
    h2 = np.tanh(x2 @ U + h1 @ W)
    return h2, (x1, x2, U, W, h1, h2)


def backward(dh2, cache):
    x1, x2, U, W, h1, h2 = cache
    da2 = dh2 * (1 - h2**2)
    dx2 = da2 @ U.T
    dU = x2.T @ da2
    dW = h1.T @ da2
    dh1 = da2 @ W.T
    da1 = dh1 * (1 - h1**2)
    dx1 = da1 @ U.T
    dU += x1.T @ da1
    return dx1, dx2, dU, dW


def first_step_overwrites(dh2, cache):
    x1, x2, U, W, h1, h2 = cache
    da2 = dh2 * (1 - h2**2)
    dx2 = da2 @ U.T
    dU = x2.T @ da2
    dW = h1.T @ da2
    dh1 = da2 @ W.T
    da1 = dh1 * (1 - h1**2)
    dx1 = da1 @ U.T
    dU = x1.T @ da1  # <- overwritten-not-accumulated
    return dx1, dx2, dU, dW


def cut_off_after_one_step(dh2, cache):
    x1, x2, U, W, h1, h2 = cache
    da2 = dh2 * (1 - h2**2)
    dx2 = da2 @ U.T
    dU = x2.T @ da2
    dW = h1.T @ da2
    dh1 = np.zeros(h1.shape)  # <- zero-gradient
    da1 = dh1 * (1 - h1**2)
    dx1 = da1 @ U.T
    dU += x1.T @ da1
    return dx1, dx2, dU, dW


def slope_of_the_second_step_twice(dh2, cache):
    x1, x2, U, W, h1, h2 = cache
    da2 = dh2 * (1 - h2**2)
    dx2 = da2 @ U.T
    dU = x2.T @ da2
    dW = h1.T @ da2
    dh1 = da2 @ W.T
    da1 = dh1 * (1 - h2**2)  # <- swapped-arguments | output-for-input
    dx1 = da1 @ U.T
    dU += x1.T @ da1
    return dx1, dx2, dU, dW


def added_to_the_last_batch(dh2, cache):
    x1, x2, U, W, h1, h2 = cache
    dU = _dU.setdefault(U.shape, np.zeros(U.shape))  # <- stateful
    da2 = dh2 * (1 - h2**2)
    dx2 = da2 @ U.T
    dU += x2.T @ da2
    dW = h1.T @ da2
    da1 = (da2 @ W.T) * (1 - h1**2)
    dx1 = da1 @ U.T
    dU += x1.T @ da1
    return dx1, dx2, dU.copy(), dW


def inputs_exchanged(dh2, cache):
    x1, x2, U, W, h1, h2 = cache
    da2 = dh2 * (1 - h2**2)
    dx2 = da2 @ U.T
    dU = x1.T @ da2  # <- swapped-arguments
    dW = h1.T @ da2
    da1 = (da2 @ W.T) * (1 - h1**2)
    dx1 = da1 @ U.T
    dU += x1.T @ da1
    return dx1, dx2, dU, dW


def slope_of_the_first_step_forgotten(dh2, cache):
    x1, x2, U, W, h1, h2 = cache
    da2 = dh2 * (1 - h2**2)
    dx2 = da2 @ U.T
    dU = x2.T @ da2
    dW = h1.T @ da2
    da1 = da2 @ W.T  # <- missing-chain-factor
    dx1 = da1 @ U.T
    dU += x1.T @ da1
    return dx1, dx2, dU, dW
