"""Elastic net penalty: alpha (r |w|_1 + (1 - r) / 2 |w|²)."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"w": Floats("I", "O"), "alpha": 0.4, "r": 0.3}


def forward(w, alpha, r):
    return alpha * (r * np.abs(w).sum() + (1 - r) / 2 * np.sum(w**2))


def backward(dout, w, alpha, r):
    return dout * alpha * (r * np.sign(w) + (1 - r) * w)


def lasso_part_missing(dout, w, alpha, r):
    l2 = (1 - r) * w
    return dout * alpha * l2  # <- penalty-missing


def ratio_exchanged(dout, w, alpha, r):
    l1 = (1 - r) * np.sign(w)  # <- swapped-arguments | penalty-scaled
    l2 = (1 - r) * w
    return dout * alpha * (l1 + l2)


def step_for_sign(dout, w, alpha, r):
    l1 = r * (w > 0)  # <- missing-chain-factor
    return dout * alpha * (l1 + (1 - r) * w)


def divided_by_absolute_value(dout, w, alpha, r):
    with np.errstate(invalid="ignore"):
        l1 = r * w / np.abs(w)  # <- not-finite
    return dout * alpha * (l1 + (1 - r) * w)


def absolute_value_for_sign(dout, w, alpha, r):
    l1 = r * np.abs(w)  # <- penalty-kind-confused | missing-chain-factor
    return dout * alpha * (l1 + (1 - r) * w)


def forgot_the_half(dout, w, alpha, r):
    return dout * alpha * (r * np.sign(w) + (1 - r) / 2 * w)  # <- penalty-scaled
