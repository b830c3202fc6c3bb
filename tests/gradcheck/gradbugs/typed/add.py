"""The sum of two arrays of one shape."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"a": Floats("N", "D"), "b": Floats("N", "D")}


def forward(a, b):
    return a + b


def backward(dout, a, b):
    return dout.copy(), dout.copy()


def same_array_twice(dout, a, b):
    dx = 1.0 * dout
    return dx, dx  # <- aliased-gradients


def upstream_itself(dout, a, b):
    da = dout  # <- aliased-gradients
    db = dout.copy()
    return da, db


def view_of_the_first(dout, a, b):
    da = dout.copy()
    db = da[:]  # <- aliased-gradients
    return da, db


def half_for_each(dout, a, b):
    half = dout / 2  # <- constant-factor
    return half.copy(), half.copy()


def subtracted(dout, a, b):
    da = dout.copy()
    db = np.negative(dout)  # <- sign-flipped
    return da, db


def multiplication_rule(dout, a, b):
    da = dout * b  # <- missing-chain-factor | swapped-arguments
    db = dout.copy()
    return da, db
