"""softmax(x xᵀ) v: attention of rows to each other, in which x is query and key."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "v": Floats("N", "H")}


def forward(x, v):
    scores = x @ x.T
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    a = e / e.sum(axis=1, keepdims=True)
    return a @ v, (x, v, a)


def backward(dout, cache):
    x, v, a = cache
    dv = a.T @ dout
    da = dout @ v.T
    ds = a * (da - np.sum(da * a, axis=1, keepdims=True))
    dx = ds @ x + ds.T @ x
    return dx, dv


def key_forgotten(dout, cache):
    x, v, a = cache
    dv = a.T @ dout
    da = dout @ v.T
    ds = a * (da - np.sum(da * a, axis=1, keepdims=True))
    dx = ds @ x  # <- overwritten-not-accumulated
    return dx, dv


def key_overwrites_query(dout, cache):
    x, v, a = cache
    dv = a.T @ dout
    da = dout @ v.T
    ds = a * (da - np.sum(da * a, axis=1, keepdims=True))
    dx = ds @ x
    dx = ds.T @ x  # <- overwritten-not-accumulated
    return dx, dv


def values_with_weights_as_in_forward(dout, cache):
    x, v, a = cache
    dv = a @ dout  # <- transposed
    da = dout @ v.T
    ds = a * (da - np.sum(da * a, axis=1, keepdims=True))
    dx = ds @ x + ds.T @ x
    return dx, dv


def weights_are_constants(dout, cache):
    x, v, a = cache
    dv = a.T @ dout
    dx = np.zeros(x.shape)  # <- zero-gradient
    return dx, dv


def softmax_along_the_columns(dout, cache):
    x, v, a = cache
    dv = a.T @ dout
    da = dout @ v.T
    ds = a * (da - np.sum(da * a, axis=0))  # <- wrong-axis
    dx = ds @ x + ds.T @ x
    return dx, dv


def weights_without_upstream(dout, cache):
    x, v, a = cache
    dv = a.T @ dout
    da = np.ones(dout.shape) @ v.T  # <- upstream-ignored
    ds = a * (da - np.sum(da * a, axis=1, keepdims=True))
    dx = (ds + ds.T) @ x
    return dx, dv
