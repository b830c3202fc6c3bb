"""The cosine between the rows of a and a vector v."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"a": Floats("N", "D"), "v": Floats("D")}


def forward(a, v):
    lengths = np.linalg.norm(a, axis=1)
    y = a @ v / (lengths * np.linalg.norm(v))
    return y, (a, v, y)


def backward(dout, cache):
    a, v, y = cache
    A = np.linalg.norm(a, axis=1)[:, None]
    V = np.linalg.norm(v)
    d, c = dout[:, None], y[:, None]
    da = d * (v / (A * V) - c * a / A**2)
    dv = (d * (a / (A * V) - c * v / V**2)).sum(axis=0)
    return da, dv


def lengths_of_a_held_constant(dout, cache):
    a, v, y = cache
    A = np.linalg.norm(a, axis=1, keepdims=True)
    V = np.linalg.norm(v)
    d = dout.reshape(-1, 1)
    da = d * v / (A * V)  # <- statistics-held-constant
    dv = np.sum(d * a / (A * V), axis=0) - (dout * y).sum() * v / V**2
    return da, dv


def length_not_squared(dout, cache):
    a, v, y = cache
    N, D = a.shape
    V = np.sqrt(v @ v)
    da = np.zeros((N, D))
    dv = np.zeros(D)
    for i in range(N):
        A = np.sqrt(a[i] @ a[i])
        da[i] = dout[i] * (v / (A * V) - y[i] * a[i] / A)  # <- missing-chain-factor
        dv += dout[i] * (a[i] / (A * V) - y[i] * v / V**2)
    return da, dv


def last_row_only(dout, cache):
    a, v, y = cache
    V = np.linalg.norm(v)
    da = np.empty_like(a)
    for i, row in enumerate(a):
        A = np.linalg.norm(row)
        da[i] = dout[i] * (v / (A * V) - y[i] * row / A**2)
        dv = dout[i] * (row / (A * V) - y[i] * v / V**2)  # <- overwritten-not-accumulated
    return da, dv


def length_of_the_whole_array(dout, cache):
    a, v, y = cache
    A = np.linalg.norm(a, axis=1)[:, None]
    V = np.linalg.norm(v)
    d, c = dout[:, None], y[:, None]
    size = np.linalg.norm(a)  # <- wrong-axis
    da = d * (v / (A * V) - c * a / size**2)
    dv = (d * (a / (A * V) - c * v / V**2)).sum(axis=0)
    return da, dv


def vector_not_summed(dout, cache):
    a, v, y = cache
    A = np.linalg.norm(a, axis=1)[:, None]
    V = np.linalg.norm(v)
    d, c = dout[:, None], y[:, None]
    da = d * (v / (A * V) - c * a / A**2)
    dv = d * (a / (A * V) - c * v / V**2)  # <- not-summed-over-broadcast
    return da, dv
