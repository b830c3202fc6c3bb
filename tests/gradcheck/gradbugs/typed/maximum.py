"""The larger of two entries; of two equal ones the first counts."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"a": Floats("N", "D"), "b": Floats("N", "D")}


def forward(a, b):
    return np.maximum(a, b)


def backward(dout, a, b):
    first = a >= b
    return dout * first, dout * ~first


def both_get_everything(dout, a, b):
    da = np.array(dout)  # <- max-not-routed | mask-missing
    db = np.where(b > a, dout, 0)
    return da, db


def half_and_half(dout, a, b):
    da = 0.5 * dout  # <- max-not-routed
    db = dout - da
    return da, db


def to_the_smaller(dout, a, b):
    mask = a < b  # <- mask-inverted | max-not-routed | swapped-arguments
    da = dout * mask
    db = dout * (1 - mask)
    return da, db


def compared_with_zero(dout, a, b):
    N, D = a.shape
    da = np.zeros((N, D))
    db = np.zeros((N, D))
    for i in range(N):
        for j in range(D):
            if a[i, j] > 0:  # <- max-not-routed | missing-chain-factor
                da[i, j] = dout[i, j]
            else:
                db[i, j] = dout[i, j]
    return da, db


def second_argument_forgotten(dout, a, b):
    da = np.zeros_like(dout)
    da[a >= b] = dout[a >= b]
    db = np.zeros_like(dout)
    return da, db  # <- zero-gradient


def both_for_ties(dout, a, b):
    """Wrong only where both entries are equal."""
    y = np.maximum(a, b)
    da = dout * (a == y)
    db = dout * (b == y)  # <- max-not-routed
    return da, db
