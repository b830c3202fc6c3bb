"""A signal and a kernel of three weights: cross-correlation without padding."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats(4, "T"), "w": Floats(3), "b": Floats(1)}


def forward(x, w, b):
    T = x.shape[1]
    out = np.zeros((x.shape[0], T - 2))
    for t in range(T - 2):
        out[:, t] = x[:, t : t + 3] @ w + b
    return out, (x, w)


def backward(dout, cache):
    x, w = cache
    dx = np.zeros(x.shape)
    dw = np.zeros(w.shape)
    for t in range(dout.shape[1]):
        dx[:, t : t + 3] += np.outer(dout[:, t], w)
        dw += dout[:, t] @ x[:, t : t + 3]
    db = np.array([dout.sum()])
    return dx, dw, db


def overlap_overwritten(dout, cache):
    x, w = cache
    dx = np.zeros(x.shape)
    dw = np.zeros(w.shape)
    for t in range(dout.shape[1]):
        dx[:, t : t + 3] = np.outer(dout[:, t], w)  # <- overwritten-not-accumulated
        dw += dout[:, t] @ x[:, t : t + 3]
    db = np.array([dout.sum()])
    return dx, dw, db


def kernel_flipped(dout, cache):
    x, w = cache
    dx = np.zeros(x.shape)
    dw = np.zeros(w.shape)
    for t in range(dout.shape[1]):
        dx[:, t : t + 3] += np.outer(dout[:, t], w[::-1])  # <- order-not-undone
        dw += dout[:, t] @ x[:, t : t + 3]
    db = np.array([dout.sum()])
    return dx, dw, db


def last_place_only(dout, cache):
    x, w = cache
    dx = np.zeros(x.shape)
    for t in range(dout.shape[1]):
        dx[:, t : t + 3] += np.outer(dout[:, t], w)
        dw = dout[:, t] @ x[:, t : t + 3]  # <- overwritten-not-accumulated
    db = np.array([dout.sum()])
    return dx, dw, db


def mean_for_the_bias(dout, cache):
    x, w = cache
    dx = np.zeros(x.shape)
    dw = np.zeros(w.shape)
    for t in range(dout.shape[1]):
        dx[:, t : t + 3] += np.outer(dout[:, t], w)
        dw += dout[:, t] @ x[:, t : t + 3]
    db = np.array([dout.mean()])  # <- constant-factor
    return dx, dw, db


def bias_for_each_place(dout, cache):
    x, w = cache
    dx = np.zeros(x.shape)
    dw = np.zeros(w.shape)
    for t in range(dout.shape[1]):
        dx[:, t : t + 3] += np.outer(dout[:, t], w)
        dw += dout[:, t] @ x[:, t : t + 3]
    db = np.sum(dout, axis=0)  # <- not-summed-over-broadcast | wrong-shape
    return dx, dw, db


def same_window_for_all(dout, cache):
    x, w = cache
    dx = np.zeros(x.shape)
    dw = np.zeros(w.shape)
    for t in range(dout.shape[1]):
        dx[:, t : t + 3] += np.outer(dout[:, t], w)
        dw += dout[:, t] @ x[:, 0:3]  # <- order-not-undone | missing-chain-factor
    db = np.array([dout.sum()])
    return dx, dw, db
