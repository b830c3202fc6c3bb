"""a @ b for square matrices, whose shapes hide a forgotten transpose."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"a": Floats("N", "N"), "b": Floats("N", "N")}


def forward(a, b):
    y = np.dot(a, b)
    return y, (a, b)


def backward(dy, cache):
    a, b = cache
    da = np.dot(dy, b.T)
    db = np.dot(a.T, dy)
    return da, db


def no_transpose(dy, cache):
    a, b = cache
    da = np.dot(dy, b)  # <- transposed
    db = np.dot(a.T, dy)
    return da, db


def gradients_exchanged(dy, cache):
    a, b = cache
    da = np.dot(dy, b.T)
    db = np.dot(a.T, dy)
    return db, da  # <- swapped-arguments


def factors_exchanged(dy, cache):
    a, b = cache
    da = np.dot(b.T, dy)  # <- swapped-arguments
    db = np.dot(a.T, dy)
    return da, db


def entry_by_entry(dy, cache):
    a, b = cache
    da = dy * b.T  # <- missing-chain-factor | jacobian-diagonal-only
    db = np.dot(a.T, dy)
    return da, db


def other_matrix(dy, cache):
    a, b = cache
    da = np.dot(dy, b.T)
    db = np.dot(b.T, dy)  # <- swapped-arguments
    return da, db


def transposed_at_the_end(dy, cache):
    a, b = cache
    da = np.dot(dy, b.T)
    db = np.dot(a.T, dy)
    return da, db.T  # <- transposed
