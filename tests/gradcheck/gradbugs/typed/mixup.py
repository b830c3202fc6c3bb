"""Mixup: each image is mixed with another one of the batch."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats(6, "D"), "partner": np.array([2, 0, 4, 1, 5, 3]), "lam": 0.7}


def forward(x, partner, lam):
    return lam * x + (1 - lam) * x[partner]


def backward(dout, x, partner, lam):
    dx = lam * dout
    dx[partner] += (1 - lam) * dout
    return dx


def partner_of_the_partner(dout, x, partner, lam):
    dx = lam * dout
    dx += (1 - lam) * dout[partner]  # <- order-not-undone
    return dx


def partner_is_a_constant(dout, x, partner, lam):
    dx = lam * dout  # <- overwritten-not-accumulated
    return dx


def same_share_twice(dout, x, partner, lam):
    dx = lam * dout
    dx[partner] += lam * dout  # <- constant-factor
    return dx


def partner_overwrites(dout, x, partner, lam):
    dx = lam * dout
    dx[partner] = (1 - lam) * dout  # <- overwritten-not-accumulated
    return dx


def shares_exchanged(dout, x, partner, lam):
    lam = 1 - lam  # <- constant-factor | swapped-arguments
    dx = lam * dout
    dx[partner] += (1 - lam) * dout
    return dx


def mixed_in_place(dout, x, partner, lam):
    rest = (1 - lam) * dout
    dout *= lam  # <- upstream-mutated | aliased-gradients
    dout[partner] += rest
    return dout
