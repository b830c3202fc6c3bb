"""A moving average over three places with stride one."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "T")}


def forward(x):
    return (x[:, :-2] + x[:, 1:-1] + x[:, 2:]) / 3


def backward(g, x):
    dx = np.zeros_like(x)
    for t in range(g.shape[1]):
        dx[:, t : t + 3] += g[:, t : t + 1] / 3
    return dx


def windows_overwrite(g, x):
    dx = np.zeros_like(x)
    for t in range(g.shape[1]):
        dx[:, t : t + 3] = g[:, t : t + 1] / 3  # <- overwritten-not-accumulated
    return dx


def window_not_divided(g, x):
    dx = np.zeros_like(x)
    dx[:, :-2] += g
    dx[:, 1:-1] += g
    dx[:, 2:] += g
    return dx  # <- constant-factor


def middle_place_only(g, x):
    dx = np.zeros_like(x)
    dx[:, 1:-1] = g / 3  # <- jacobian-diagonal-only | overwritten-not-accumulated
    return dx


def without_padding(g, x):
    padded = np.pad(g, ((0, 0), (1, 1)))
    return (padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:]) / 3  # <- wrong-shape
