"""clip to the range from low to high."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "low": -0.6, "high": 0.8}


def forward(x, low, high):
    return np.clip(x, low, high)


def backward(dout, x, low, high):
    return dout * ((x > low) & (x < high))


def only_one_side(dout, x, low, high):
    inside = x < high  # <- mask-missing
    return dout * inside


def both_sides_forgotten(dout, x, low, high):
    y = np.clip(x, low, high)
    dx = np.ones_like(y)  # <- mask-missing
    return dx * dout


def outside_kept(dout, x, low, high):
    dx = dout.copy()
    inside = (x > low) & (x < high)
    dx[inside] = 0  # <- mask-inverted
    return dx


def dout_clipped(dout, x, low, high):
    mask = (x >= low) * (x <= high)
    return np.clip(dout, low, high) * mask  # <- upstream-nonlinear


def range_of_dout(dout, x, low, high):
    dx = np.array(dout)
    dx[dout < low] = 0  # <- mask-from-upstream
    dx[x > high] = 0
    dx[x < low] = 0
    return dx


def outside_divided_away(dout, x, low, high):
    mask = np.where((x < low) | (x > high), 0.0, 1.0)
    with np.errstate(divide="ignore"):
        dx = dout / mask  # <- not-finite
    return dx
