"""a + b: the sum of two matrices of the same shape."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"a": Floats("N", "D"), "b": Floats("N", "D")}


def forward(a, b):
    return a + b


def backward(dout, a, b):
    return dout.copy(), dout.copy()


def one_array_for_both(dout, a, b):
    da = dout.copy()
    return da, da  # <- aliased-gradients


def upstream_twice(dout, a, b):
    return dout, dout  # <- aliased-gradients


def ones(dout, a, b):
    da = np.ones(a.shape)  # <- upstream-ignored
    db = dout.copy()
    return da, db


def half_for_each(dout, a, b):
    da = dout / 2  # <- constant-factor
    db = dout.copy()
    return da, db


def second_negative(dout, a, b):
    da = dout.copy()
    db = -dout  # <- sign-flipped
    return da, db
