"""elu: x where x is positive, alpha · (exp(x) - 1) elsewhere."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "alpha": 0.7}


def forward(x, alpha):
    y = np.where(x > 0, x, alpha * (np.exp(np.minimum(x, 0)) - 1))
    return y, (x, y, alpha)


def backward(dout, cache):
    x, _, alpha = cache
    return dout * np.where(x > 0, 1, alpha * np.exp(np.minimum(x, 0)))


def output_without_alpha_added(dout, cache):
    x, y, _ = cache
    dx = np.ones_like(dout)
    negative = x <= 0
    dx[negative] = y[negative]  # <- missing-chain-factor | output-for-input
    return dx * dout


def alpha_forgotten(dout, cache):
    x, _, _ = cache
    slope = np.where(x > 0, 1.0, np.exp(x))  # <- constant-factor
    return dout * slope


def branches_exchanged(dout, cache):
    x, _, alpha = cache
    slope = np.ones_like(dout)
    mask = x > 0
    slope[mask] = alpha * np.exp(x[mask])  # <- mask-inverted
    return dout * slope


def compared_as_one_number(dout, cache):
    x, y, alpha = cache
    if x > 0:  # <- raised
        return dout.copy()
    return dout * (y + alpha)


def negative_part_is_constant(dout, cache):
    x, _, _ = cache
    dx = np.zeros_like(dout)
    dx[x > 0] = dout[x > 0]
    return dx  # <- zero-gradient | missing-chain-factor


def exponential_of_the_output(dout, cache):
    x, out, alpha = cache
    mask = x > 0
    d = alpha * np.exp(out)  # <- output-for-input
    d[mask] = 1.0
    return d * dout
