"""x + relu(x @ W): a residual block, in which x is used twice."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "W": Floats("D", "D")}


def forward(x, W):
    a = x @ W
    out = x + np.maximum(a, 0)
    return out, (x, W, a)


def backward(dout, cache):
    x, W, a = cache
    da = dout * (a > 0)
    dW = x.T @ da
    dx = dout + da @ W.T
    return dx, dW


def skip_connection_overwritten(dout, cache):
    x, W, a = cache
    dx = dout
    da = dout * (a > 0)
    dW = x.T @ da
    dx = da @ W.T  # <- overwritten-not-accumulated
    return dx, dW


def block_skipped(dout, cache):
    x, W, a = cache
    da = dout * (a > 0)
    dW = x.T @ da
    dx = dout.copy()  # <- overwritten-not-accumulated
    return dx, dW


def added_to_the_upstream(dout, cache):
    x, W, a = cache
    da = dout * (a > 0)
    dW = x.T @ da
    dx = dout
    dx += da @ W.T  # <- upstream-mutated | aliased-gradients
    return dx, dW


def brackets_around_the_sum(dout, cache):
    x, W, a = cache
    da = dout * (a > 0)
    dW = x.T @ da
    dx = (dout + da) @ W.T  # <- missing-chain-factor
    return dx, dW


def no_relu(dout, cache):
    x, W, a = cache
    dW = x.T @ dout  # <- mask-missing
    dx = dout + (dout * (a > 0)) @ W.T
    return dx, dW


def mask_of_the_input(dout, cache):
    x, W, a = cache
    da = dout * (x > 0)  # <- output-for-input | swapped-arguments
    dW = x.T @ da
    dx = dout + da @ W.T
    return dx, dW
