"""Hard sigmoid: x / 6 + 1/2, clipped to [0, 1]."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D", low=-6.0, high=6.0)}


def forward(x):
    y = np.clip(x / 6 + 0.5, 0, 1)
    return y, (x, y)


def backward(dy, cache):
    _, y = cache
    return dy * ((y > 0) & (y < 1)) / 6


def sixth_forgotten(dy, cache):
    _, y = cache
    return dy * ((y > 0) & (y < 1))  # <- constant-factor


def one_sided(dy, cache):
    x, _ = cache
    keep = x > -3  # <- mask-missing
    return dy * keep / 6


def limits_of_y_for_x(dy, cache):
    x, _ = cache
    inside = (x > 0) & (x < 1)  # <- output-for-input
    return dy * inside / 6


def outside(dy, cache):
    x, _ = cache
    dx = dy / 6
    dx[np.abs(x) < 3] = 0.0  # <- mask-inverted
    return dx


def smooth_sigmoid(dy, cache):
    _, y = cache
    return dy * y * (1 - y)  # <- missing-chain-factor


def no_limits(dy, cache):
    return dy / 6  # <- mask-missing
