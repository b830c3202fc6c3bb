"""Scaling of the rows: x / s, with s of shape (N, 1)."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "s": Floats("N", 1, low=0.5, high=2.0)}


def forward(x, s):
    return x / s


def backward(g, x, s):
    return g / s, -(g * x).sum(axis=1, keepdims=True) / s**2


def scale_of_full_shape(g, x, s):
    gx = g / s
    gs = -g * x / s**2  # <- not-summed-over-broadcast
    return gx, gs


def sum_without_keepdims(g, x, s):
    gx = g / s
    gs = np.sum(-g * x / s**2, axis=1)  # <- wrong-shape
    return gx, gs


def quotient_without_square(g, x, s):
    gx = g / s
    gs = -np.sum(g * x / s, axis=1, keepdims=True)  # <- missing-chain-factor
    return gx, gs


def minus_forgotten(g, x, s):
    gx = g * (1 / s)
    gs = (g * x / s**2).sum(axis=1, keepdims=True)  # <- sign-flipped
    return gx, gs


def divided_in_place(g, x, s):
    gs = -(g * x).sum(axis=1, keepdims=True) / s**2
    g /= s  # <- upstream-mutated
    return g + 0.0, gs
