"""The outer product of two vectors."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"a": Floats("N"), "b": Floats("M")}


def forward(a, b):
    return np.outer(a, b)


def backward(dout, a, b):
    da = dout @ b
    db = dout.T @ a
    return da, db


def vector_exchanged(dout, a, b):
    da = dout @ a  # <- raised | swapped-arguments
    db = dout.T @ a
    return da, db


def only_the_sum(dout, a, b):
    da = dout.sum(axis=1)  # <- missing-chain-factor
    db = dout.T @ a
    return da, db


def upstream_only_ones(dout, a, b):
    da = dout @ b
    db = np.full(b.shape, a.sum())  # <- upstream-ignored
    return da, db


def gradient_of_a_for_b(dout, a, b):
    da = dout @ b
    db = a @ dout
    return db, da  # <- swapped-arguments


def not_summed(dout, a, b):
    da = np.sum(dout * b, axis=1)
    db = dout * a[:, None]  # <- not-summed-over-broadcast
    return da, db


def two_loops(dout, a, b):
    da = np.zeros(len(a))
    db = np.zeros(len(b))
    for i in range(len(a)):
        for j in range(len(b)):
            da[i] = dout[i, j] * b[j]  # <- overwritten-not-accumulated
            db[j] += dout[i, j] * a[i]
    return da, db
