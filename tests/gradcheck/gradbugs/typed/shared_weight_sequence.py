"""x @ W for sequences: the same weights at each place of each sequence."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats(2, "T", "D"), "W": Floats("D", "H")}


def forward(x, W):
    out = x @ W
    return out, (x, W)


def backward(dout, cache):
    x, W = cache
    B, T, D = x.shape
    dx = dout @ W.T
    dW = x.reshape(B * T, D).T @ dout.reshape(B * T, -1)
    return dx, dW


def weights_for_each_sequence(dout, cache):
    x, W = cache
    dx = dout @ W.T
    dW = x.transpose(0, 2, 1) @ dout  # <- not-summed-over-broadcast
    return dx, dW


def only_the_last_sequence(dout, cache):
    x, W = cache
    dx = dout @ W.T
    dW = np.zeros(W.shape)
    for i in range(len(x)):
        dW = x[i].T @ dout[i]  # <- overwritten-not-accumulated
    return dx, dW


def mean_over_sequences(dout, cache):
    x, W = cache
    dx = dout @ W.T
    per_sequence = np.einsum("btd,bth->bdh", x, dout)
    dW = per_sequence.mean(axis=0)  # <- constant-factor
    return dx, dW


def reshaped_in_another_order(dout, cache):
    x, W = cache
    B, T, D = x.shape
    dx = dout @ W.T
    rows = x.transpose(1, 0, 2).reshape(B * T, D)  # <- order-not-undone
    dW = rows.T @ dout.reshape(B * T, -1)
    return dx, dW


def flat_gradient(dout, cache):
    x, W = cache
    B, T, D = x.shape
    flat = dout.reshape(B * T, -1)
    dW = x.reshape(B * T, D).T @ flat
    dx = flat @ W.T  # <- wrong-shape | order-not-undone
    return dx, dW
