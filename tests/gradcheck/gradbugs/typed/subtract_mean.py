"""x - mean(x): every column is centred."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D")}

_running = {}


def forward(x):
    return x - x.mean(axis=0)


def backward(dout, x):
    return dout - dout.mean(axis=0)


def mean_is_a_constant(dout, x):
    dx = dout.copy()  # <- statistics-held-constant
    return dx


def mean_over_the_row(dout, x):
    dmu = -np.mean(dout, axis=1, keepdims=True)  # <- wrong-axis
    return dout + dmu


def one_over_n_forgotten(dout, x):
    dmu = -np.sum(dout, axis=0)
    dx = dout + dmu  # <- constant-factor
    return dx


def divided_by_features(dout, x):
    N, D = x.shape
    dmu = -np.sum(dout, axis=0)
    dx = dout + dmu / D  # <- constant-factor
    return dx


def sign_of_the_mean(dout, x):
    N = x.shape[0]
    dmu = dout.sum(axis=0)  # <- sign-flipped
    dx = dout + dmu / N
    return dx


def running_mean(dout, x):
    D = x.shape[1]
    mean = dout.mean(axis=0)
    mean = 0.9 * _running.get(D, mean) + 0.1 * mean  # <- stateful
    _running[D] = mean
    return dout - mean
