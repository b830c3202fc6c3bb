"""Layer normalisation of each row, without scale and shift."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D")}


def forward(x):
    d = x - x.mean(1, keepdims=True)
    s = np.sqrt((d**2).mean(1, keepdims=True) + 1e-4)
    y = d / s
    return y, {"x": x, "y": y, "s": s}


def backward(dy, cache):
    y, s = cache["y"], cache["s"]
    return (dy - dy.mean(1, keepdims=True) - y * (dy * y).mean(1, keepdims=True)) / s


def wrong_key(dy, cache):
    y, s = cache["y"], cache["std"]  # <- raised
    return (dy - dy.mean(1, keepdims=True) - y * (dy * y).mean(1, keepdims=True)) / s


def batch_statistics(dy, cache):
    y, s = cache["y"], cache["s"]
    return (dy - dy.mean(0) - y * (dy * y).mean(1, keepdims=True)) / s  # <- wrong-axis


def x_for_normalised_x(dy, cache):
    x, s = cache["x"], cache["s"]
    y = x  # <- output-for-input
    return (dy - dy.mean(1, keepdims=True) - y * (dy * y).mean(1, keepdims=True)) / s


def projection_added(dy, cache):
    y, s = cache["y"], cache["s"]
    dx = dy - dy.mean(1, keepdims=True)
    dx += y * (dy * y).mean(1, keepdims=True)  # <- sign-flipped
    return dx / s


def std_left_out(dy, cache):
    y = cache["y"]
    proj = y * (dy * y).mean(1, keepdims=True)
    dx = dy - dy.mean(1, keepdims=True) - proj  # <- missing-chain-factor
    return dx
