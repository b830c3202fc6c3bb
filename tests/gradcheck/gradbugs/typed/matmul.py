"""a @ b: the product of two matrices."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"a": Floats("N", "D"), "b": Floats("D", "H")}


def forward(a, b):
    return a @ b


def backward(dout, a, b):
    da = dout @ b.T
    db = a.T @ dout
    return da, db


def right_factor_not_transposed(dout, a, b):
    da = dout.dot(b)  # <- raised | transposed
    db = a.T.dot(dout)
    return da, db


def order_exchanged(dout, a, b):
    da = dout @ b.T
    db = dout @ a.T  # <- raised | swapped-arguments
    return da, db


def result_transposed(dout, a, b):
    da = dout @ b.T
    db = np.dot(dout.T, a)  # <- transposed
    return da, db


def returned_in_the_wrong_order(dout, a, b):
    db = a.T @ dout
    da = dout @ b.T
    return db, da  # <- swapped-arguments


def ones_as_upstream(dout, a, b):
    N, H = dout.shape
    ones = np.ones((N, H))
    da = ones @ b.T  # <- upstream-ignored
    db = a.T @ dout
    return da, db


def rows_overwrite(dout, a, b):
    N = a.shape[0]
    da = np.zeros(a.shape)
    db = np.zeros(b.shape)
    for i in range(N):
        da[i] = b @ dout[i]
        db = np.outer(a[i], dout[i])  # <- overwritten-not-accumulated
    return da, db
