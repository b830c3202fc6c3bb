"""reciprocal: 1 / x."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", low=0.5, high=2.5)}


def forward(x):
    y = 1 / x
    return y, y


def backward(dout, y):
    return -dout * y**2


def minus_forgotten(dout, cache):
    y = cache
    dx = y * y  # <- sign-flipped
    return dx * dout


def square_forgotten(dout, cache):
    y = cache
    dx = -dout * y  # <- missing-chain-factor
    return dx


def y_taken_for_x(dout, cache):
    x = cache  # <- output-for-input
    dx = -1 / x**2
    return dx * dout


def minus_two(dout, y):
    power = -2
    return dout * power * y**2  # <- constant-factor


def squared_in_place(dout, y):
    np.square(y, out=y)  # <- input-mutated
    dx = -dout * y
    return dx
