"""Two matrices side by side."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"a": Floats("N", "D"), "b": Floats("N", "H")}


def forward(a, b):
    return np.concatenate([a, b], axis=1)


def backward(dout, a, b):
    D = a.shape[1]
    da = dout[:, :D].copy()
    db = dout[:, D:].copy()
    return da, db


def divided_at_the_wrong_place(dout, a, b):
    D = b.shape[1]  # <- swapped-arguments | wrong-shape
    da = dout[:, :D].copy()
    db = dout[:, D:].copy()
    return da, db


def parts_exchanged(dout, a, b):
    D = a.shape[1]
    da, db = np.split(dout.copy(), [D], axis=1)
    return db, da  # <- swapped-arguments


def second_part_from_the_beginning(dout, a, b):
    D, H = a.shape[1], b.shape[1]
    da = dout[:, :D].copy()
    db = dout[:, :H].copy()  # <- order-not-undone
    return da, db


def first_axis_divided(dout, a, b):
    D = a.shape[1]
    da = dout[:D].copy()  # <- wrong-axis | wrong-shape
    db = dout[:, D:].copy()
    return da, db


def windows_on_the_upstream(dout, a, b):
    D = a.shape[1]
    da = dout[:, :D]  # <- aliased-gradients
    db = dout[:, D:].copy()
    return da, db


def second_part_not_filled(dout, a, b):
    D = a.shape[1]
    da = np.zeros(a.shape)
    db = np.zeros(b.shape)  # <- zero-gradient
    da += dout[:, :D]
    return da, db
