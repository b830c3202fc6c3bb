"""leaky relu: x where x is positive, slope · x elsewhere."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "slope": 0.1}


def forward(x, slope):
    return np.where(x > 0, x, slope * x)


def backward(dout, x, slope):
    return np.where(x > 0, dout, slope * dout)


def slope_dropped(dout, x, slope):
    dx = np.array(dout)
    dx[x <= 0] = 0  # <- zero-gradient | missing-chain-factor
    return dx


def no_mask(dout, x, slope):
    dx = 1.0 * dout
    return dx  # <- mask-missing | missing-chain-factor


def wrong_half(dout, x, slope):
    mask = x > 0
    dx = dout.copy()
    dx[mask] *= slope  # <- mask-inverted
    return dx


def mask_of_dout(dout, x, slope):
    dx = dout.copy()
    dx[dout < 0] *= slope  # <- mask-from-upstream
    return dx


def slope_without_dout(dout, x, slope):
    dx = np.zeros_like(dout)
    N, D = x.shape
    for i in range(N):
        for j in range(D):
            if x[i, j] > 0:
                dx[i, j] = dout[i, j]
            else:
                dx[i, j] = slope  # <- upstream-ignored
    return dx


def slope_on_both_sides(dout, x, slope):
    dx = dout * slope  # <- missing-chain-factor
    return dx
