"""absolute value."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D")}


def forward(x):
    return np.abs(x)


def backward(dout, x):
    return dout * np.sign(x)


def sign_forgotten(dout, x):
    dx = np.ones_like(dout)  # <- missing-chain-factor
    dx = dx * dout
    return dx


def step_for_sign(dout, x):
    positive = (x > 0).astype(float)  # <- missing-chain-factor | zero-gradient
    return dout * positive


def x_over_abs(dout, x):
    """Wrong only at exact zeros."""
    y = np.abs(x)
    sign = x / y  # <- not-finite
    return dout * sign


def sign_of_the_upstream(dout, x):
    s = np.ones_like(dout)
    s[dout < 0] = -1  # <- mask-from-upstream | upstream-nonlinear
    dx = dout * s
    return dx


def flipped_in_place(dout, x):
    negative = x < 0
    dout[negative] = -dout[negative]  # <- upstream-mutated
    return dout.copy()


def sign_the_other_way(dout, x):
    sign = np.ones_like(dout)
    sign[x > 0] = -1  # <- sign-flipped
    return dout * sign


def asks_the_whole_array(dout, x):
    dx = dout.copy()
    if x < 0:  # <- raised
        dx = -dx
    return dx
