"""square, as the product x · x."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D")}


def forward(x):
    return x * x


def backward(dout, x):
    return dout * x + dout * x


def two_forgotten(dout, x):
    dx = x * dout  # <- constant-factor | overwritten-not-accumulated
    return dx


def second_path_overwrites(dout, x):
    a, b = x, x
    dx = np.zeros_like(dout)
    dx += dout * b
    dx = dout * a  # <- overwritten-not-accumulated | constant-factor
    return dx


def exponent_kept(dout, x):
    dx = 2 * x**2  # <- missing-chain-factor | output-for-input
    dx = dx * dout
    return dx


def x_forgotten(dout, x):
    dx = 2 * np.ones_like(dout)  # <- missing-chain-factor
    return dx * dout


def upstream_squared(dout, x):
    d = dout**2  # <- upstream-nonlinear
    return 2 * x * d


def in_place(dout, x):
    x *= 2  # <- input-mutated
    return x * dout
