"""Correlation of sequences (N, C, 6) with filters (F, C, 3), without padding, and a bias."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "C", 6), "w": Floats("F", "C", 3), "b": Floats("F")}


def forward(x, w, b):
    out = np.zeros((x.shape[0], w.shape[0], 4))
    for t in range(4):
        out[:, :, t] = np.tensordot(x[:, :, t : t + 3], w, axes=([1, 2], [1, 2])) + b
    return out


def backward(dout, x, w, b):
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for t in range(4):
        d = dout[:, :, t]
        dx[:, :, t : t + 3] += np.tensordot(d, w, axes=(1, 0))
        dw += np.tensordot(d, x[:, :, t : t + 3], axes=(0, 0))
    return dx, dw, dout.sum(axis=(0, 2))


def windows_overwrite(dout, x, w, b):
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for t in range(4):
        d = dout[:, :, t]
        dx[:, :, t : t + 3] = np.tensordot(d, w, axes=(1, 0))  # <- overwritten-not-accumulated
        dw += np.tensordot(d, x[:, :, t : t + 3], axes=(0, 0))
    return dx, dw, dout.sum(axis=(0, 2))


def last_window_wins(dout, x, w, b):
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for t in range(4):
        d = dout[:, :, t]
        dx[:, :, t : t + 3] += np.tensordot(d, w, axes=(1, 0))
        dw = np.tensordot(d, x[:, :, t : t + 3], axes=(0, 0))  # <- overwritten-not-accumulated
    return dx, dw, dout.sum(axis=(0, 2))


def bias_of_each_place(dout, x, w, b):
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    db = dout.sum(axis=0)  # <- not-summed-over-broadcast
    for t in range(4):
        dx[:, :, t : t + 3] += np.einsum("nf,fck->nck", dout[:, :, t], w)
        dw += np.einsum("nf,nck->fck", dout[:, :, t], x[:, :, t : t + 3])
    return dx, dw, db


def filter_flipped(dout, x, w, b):
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for t in range(4):
        d = dout[:, :, t]
        dx[:, :, t : t + 3] += np.einsum("nf,fck->nck", d, w[:, :, ::-1])  # <- order-not-undone
        dw += np.einsum("nf,nck->fck", dout[:, :, t], x[:, :, t : t + 3])
    return dx, dw, dout.sum(axis=(0, 2))


def filters_averaged_over_the_batch(dout, x, w, b):
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for t in range(4):
        dx[:, :, t : t + 3] += np.einsum("nf,fck->nck", dout[:, :, t], w)
        dw += np.einsum("nf,nck->fck", dout[:, :, t], x[:, :, t : t + 3])
    dw /= len(x)  # <- constant-factor
    return dx, dw, dout.sum(axis=(0, 2))
