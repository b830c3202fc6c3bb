"""Huber loss of residuals: r²/2 if |r| <= delta, else delta (|r| - delta/2)."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"r": Floats("N", "D"), "delta": 0.8}


def forward(r, delta):
    size = np.abs(r)
    return np.where(size <= delta, r**2 / 2, delta * (size - delta / 2))


def backward(up, r, delta):
    return up * np.clip(r, -delta, delta)


def two_from_the_square(up, r, delta):
    inside = np.abs(r) <= delta
    return up * np.where(inside, 2 * r, delta * np.sign(r))  # <- constant-factor


def sign_outside_forgotten(up, r, delta):
    inside = np.abs(r) <= delta
    return up * np.where(inside, r, delta)  # <- sign-flipped | missing-chain-factor


def delta_outside_forgotten(up, r, delta):
    inside = np.abs(r) <= delta
    return up * np.where(inside, r, np.sign(r))  # <- constant-factor


def cases_exchanged(up, r, delta):
    outside = np.abs(r) > delta
    return up * np.where(outside, r, delta * np.sign(r))  # <- mask-inverted | swapped-arguments


def cut_after_the_product(up, r, delta):
    return np.clip(up * r, -delta, delta)  # <- upstream-nonlinear


def nothing_outside(up, r, delta):
    dr = np.zeros(r.shape)
    inside = np.abs(r) <= delta
    dr[inside] = (up * r)[inside]
    return dr  # <- zero-gradient | missing-chain-factor
