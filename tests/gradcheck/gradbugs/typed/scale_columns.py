"""x * s: each column of x has a scale of its own."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "s": Floats("D")}


def forward(x, s):
    y = x * s
    cache = (x, s)
    return y, cache


def backward(dout, cache):
    x, s = cache
    dx = dout * s
    ds = (dout * x).sum(axis=0)
    return dx, ds


def input_left_out(dout, cache):
    x, s = cache
    dx = dout * s
    ds = dout.sum(axis=0)  # <- missing-chain-factor
    return dx, ds


def wrong_factor(dout, cache):
    x, s = cache
    dx = dout * x  # <- swapped-arguments
    ds = (dout * x).sum(axis=0)
    return dx, ds


def scale_times_output(dout, cache):
    x, s = cache
    y = x * s
    dx = dout * s
    ds = np.sum(dout * y, axis=0)  # <- output-for-input
    return dx, ds


def scale_not_summed(dout, cache):
    x, s = cache
    dx = dout * s
    ds = dout * x  # <- not-summed-over-broadcast
    return dx, ds


def summed_one_after_the_other(dout, cache):
    x, s = cache
    dx = dout * s
    ds = np.sum(dout, axis=0) * np.sum(x, axis=0)  # <- missing-chain-factor
    return dx, ds


def scaled_in_place(dout, cache):
    x, s = cache
    ds = np.sum(dout * x, axis=0)
    dout *= s  # <- upstream-mutated | aliased-gradients
    return dout, ds
