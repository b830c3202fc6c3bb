"""A linear layer: x @ w + b."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "w": Floats("D", "M"), "b": Floats("M")}


def forward(x, w, b):
    return x @ w + b, (x, w, b)


def backward(dout, cache):
    x, w, _ = cache
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)


def forgot_to_transpose_w(dout, cache):
    x, w, _ = cache
    dx = dout @ w  # <- transposed | raised
    dw = x.T @ dout
    db = dout.sum(axis=0)
    return dx, dw, db


def like_nn_linear(dout, cache):
    # PyTorch stores weights as (out, in)
    x, w, _ = cache
    grad_input = dout @ w.T
    grad_weight = dout.T @ x  # <- transposed
    grad_bias = dout.sum(0)
    return grad_input, grad_weight, grad_bias


def bias_averaged(dout, cache):
    x, w, _ = cache
    dx = np.dot(dout, w.T)
    dw = np.dot(x.T, dout)
    db = np.mean(dout, axis=0)  # <- constant-factor
    return dx, dw, db


def bias_of_the_first_row(dout, cache):
    x, w, _ = cache
    return dout @ w.T, x.T @ dout, dout[0].copy()  # <- not-summed-over-broadcast


def weights_averaged(dout, cache):
    x, w, _ = cache
    n = x.shape[0]
    dw = x.T @ dout / n  # <- constant-factor
    return dout @ w.T, dw, dout.sum(axis=0)


def bias_with_two_axes(dout, cache):
    x, w, _ = cache
    db = np.sum(dout, axis=0, keepdims=True)  # <- wrong-shape
    return dout @ w.T, x.T @ dout, db


def order_of_the_outputs(dout, cache):
    x, w, _ = cache
    dx = dout @ w.T
    dw = x.T @ dout
    db = dout.sum(axis=0)
    return dw, dx, db  # <- swapped-arguments


def bias_is_one(dout, cache):
    x, w, b = cache
    return dout @ w.T, x.T @ dout, np.ones_like(b) * len(x)  # <- upstream-ignored
