"""x @ W + b: a fully connected layer."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "W": Floats("D", "M"), "b": Floats("M")}

_dW = {}


def forward(x, W, b):
    out = x.dot(W) + b
    cache = (x, W, b)
    return out, cache


def backward(dout, cache):
    x, W, b = cache
    dx = dout.dot(W.T)
    dW = x.T.dot(dout)
    db = dout.sum(axis=0)
    return dx, dW, db


def bias_over_axis_one(dout, cache):
    x, W, b = cache
    dx = dout.dot(W.T)
    dW = x.T.dot(dout)
    db = dout.sum(axis=1)  # <- wrong-axis
    return dx, dW, db


def weights_averaged(dout, cache):
    x, W, b = cache
    N = x.shape[0]
    dx = dout.dot(W.T)
    dW = x.T.dot(dout) / N  # <- constant-factor
    db = dout.sum(axis=0)
    return dx, dW, db


def weights_in_the_order_of_forward(dout, cache):
    x, W, b = cache
    dx = dout.dot(W)  # <- raised | transposed
    dW = x.T.dot(dout)
    db = dout.sum(axis=0)
    return dx, dW, db


def example_by_example(dout, cache):
    x, W, b = cache
    N = x.shape[0]
    dx = np.zeros(x.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    for n in range(N):
        dx[n] = W.dot(dout[n])
        dW = np.outer(x[n], dout[n])  # <- overwritten-not-accumulated
        db += dout[n]
    return dx, dW, db


def grown_from_call_to_call(dout, cache):
    x, W, b = cache
    _dW[W.shape] = _dW.get(W.shape, 0) + x.T.dot(dout)  # <- stateful
    dx = dout.dot(W.T)
    db = dout.sum(axis=0)
    return dx, _dW[W.shape].copy(), db


def example_by_example_in_whole_numbers(dout, cache):
    x, W, b = cache
    dx = np.zeros_like(x)  # <- integer-input
    for n in range(x.shape[0]):
        dx[n] = W.dot(dout[n])
    dW = x.T.dot(dout)
    db = dout.sum(axis=0)
    return dx, dW, db
