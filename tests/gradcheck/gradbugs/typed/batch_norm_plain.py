"""Every column of x is normalised with its own mean and variance."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "eps": 1e-3}

_running_std = {}


def forward(x, eps):
    mean = x.mean(axis=0)
    std = np.sqrt(x.var(axis=0) + eps)
    return (x - mean) / std


def backward(dout, x, eps):
    std = np.sqrt(x.var(axis=0) + eps)
    xhat = (x - x.mean(axis=0)) / std
    return (dout - dout.mean(axis=0) - xhat * (dout * xhat).mean(axis=0)) / std


def only_divided_by_std(dout, x, eps):
    std = np.sqrt(x.var(axis=0) + eps)
    dx = dout / std  # <- statistics-held-constant
    return dx


def column_by_column(dout, x, eps):
    N, D = x.shape
    dx = np.zeros(x.shape)
    for j in range(D):
        std = np.sqrt(np.var(x[:, j]) + eps)
        xhat = (x[:, j] - np.mean(x[:, j])) / std
        g = dout[:, j]
        dx[:, j] = (g - g.sum() - xhat * np.mean(g * xhat)) / std  # <- constant-factor
    return dx


def centred_in_place(dout, x, eps):
    std = np.sqrt(x.var(axis=0) + eps)
    mean = x.mean(axis=0)
    x[:] = (x - mean) / std  # <- input-mutated
    dx = (dout - dout.mean(axis=0) - x * (dout * x).mean(axis=0)) / std
    return dx


def running_statistics(dout, x, eps):
    N, D = x.shape
    std = np.sqrt(x.var(axis=0) + eps)
    xhat = (x - x.mean(axis=0)) / std
    std = 0.9 * _running_std.get(D, std) + 0.1 * std  # <- stateful
    _running_std[D] = std
    return (dout - dout.mean(axis=0) - xhat * (dout * xhat).mean(axis=0)) / std


def x_not_normalised(dout, x, eps):
    std = np.sqrt(x.var(axis=0) + eps)
    xmu = x - x.mean(axis=0)
    dx = dout - dout.mean(axis=0) - xmu * (dout * xmu).mean(axis=0)  # <- missing-chain-factor
    return dx / std


def mean_of_the_rows(dout, x, eps):
    std = np.sqrt(x.var(axis=0) + eps)
    xhat = (x - x.mean(axis=0)) / std
    g_mean = np.mean(dout, axis=1, keepdims=True)  # <- wrong-axis
    dx = dout - g_mean - xhat * (dout * xhat).mean(axis=0)
    return dx / std
