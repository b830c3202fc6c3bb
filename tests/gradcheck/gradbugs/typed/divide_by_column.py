"""x / c: each row is divided by its own number."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "c": Floats("N", 1, low=0.5)}


def forward(x, c):
    return x / c


def backward(g, x, c):
    gx = g / c
    gc = -(g * x).sum(axis=1, keepdims=True) / c**2
    return gx, gc


def minus_forgotten(g, x, c):
    gx = g / c
    gc = np.sum(g * x / c**2, axis=1, keepdims=True)  # <- sign-flipped
    return gx, gc


def square_forgotten(g, x, c):
    gx = g / c
    gc = -np.sum(g * x / c, axis=1, keepdims=True)  # <- missing-chain-factor
    return gx, gc


def multiplied_back(g, x, c):
    gx = g * c  # <- missing-chain-factor
    gc = -np.sum(g * x, axis=1, keepdims=True) / c**2
    return gx, gc


def summed_down_the_column(g, x, c):
    gx = g / c
    gc = -np.sum(g * x / c**2, axis=0)  # <- wrong-axis
    return gx, gc


def quotient_twice(g, x, c):
    q = x / c
    gx = g / c
    gc = -np.sum(g * q / c**2, axis=1, keepdims=True)  # <- output-for-input
    return gx, gc
