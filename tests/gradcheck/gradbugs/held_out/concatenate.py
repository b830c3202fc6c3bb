"""Two arrays side by side: [a, b] along the columns."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"a": Floats("N", "D"), "b": Floats("N", "E")}


def forward(a, b):
    return np.concatenate([a, b], axis=1)


def backward(dy, a, b):
    k = a.shape[1]
    return dy[:, :k].copy(), dy[:, k:].copy()


def split_at_the_width_of_b(dy, a, b):
    k = b.shape[1]  # <- swapped-arguments | wrong-shape
    return dy[:, :k].copy(), dy[:, k:].copy()


def b_first(dy, a, b):
    d = b.shape[1]
    da = dy[:, d:].copy()  # <- order-not-undone | swapped-arguments
    db = dy[:, -d:].copy()
    return da, db


def one_column_too_far(dy, a, b):
    k = a.shape[1]
    da = dy[:, 1 : k + 1].copy()  # <- order-not-undone
    db = dy[:, k:].copy()
    return da, db


def views(dy, a, b):
    k = a.shape[1]
    return dy[:, :k], dy[:, k:]  # <- aliased-gradients


def split_along_the_rows(dy, a, b):
    k = a.shape[1]
    return dy[:k].copy(), dy[:, k:].copy()  # <- wrong-axis
