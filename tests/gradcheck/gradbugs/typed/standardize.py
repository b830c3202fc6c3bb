"""Columns with mean 0 and variance 1: (x - mean) / sqrt(variance + eps)."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "eps": 0.01}


def forward(x, eps):
    centred = x - x.mean(axis=0)
    std = np.sqrt((centred**2).mean(axis=0) + eps)
    xhat = centred / std
    return xhat, (xhat, centred, std)


def backward(dout, cache):
    xhat, _, std = cache
    return (dout - dout.mean(axis=0) - xhat * (dout * xhat).mean(axis=0)) / std


def only_divided(dout, cache):
    _, _, std = cache
    dx = dout / std  # <- statistics-held-constant
    return dx


def mean_held_constant(dout, cache):
    _, centred, std = cache
    N = dout.shape[0]
    dstd = -(dout * centred).sum(axis=0) / std**2
    dcentred = dout / std
    dcentred += dstd * centred / (N * std)
    dx = dcentred  # <- statistics-held-constant
    return dx


def standard_deviation_held_constant(dout, cache):
    _, _, std = cache
    dcentred = dout / std  # <- statistics-held-constant
    dmean = -dcentred.mean(axis=0)
    return dcentred + dmean


def means_over_rows(dout, cache):
    xhat, _, std = cache
    a = dout.mean(axis=1, keepdims=True)  # <- wrong-axis
    b = (dout * xhat).mean(axis=0, keepdims=True)
    dx = dout - a - xhat * b
    return dx / std


def sums_for_means(dout, cache):
    xhat, _, std = cache
    N = len(dout)
    s1 = np.sum(dout, axis=0) / N
    s2 = np.sum(dout * xhat, axis=0)  # <- constant-factor
    return (dout - s1 - xhat * s2) / std


def plus_in_the_last_term(dout, cache):
    xhat, _, std = cache
    d_mean = dout.mean(axis=0)
    d_std = (dout * xhat).mean(axis=0)
    dx = dout - d_mean + xhat * d_std  # <- sign-flipped
    dx = dx / std
    return dx
