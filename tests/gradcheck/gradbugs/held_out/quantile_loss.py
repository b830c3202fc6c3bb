"""Quantile (pinball) loss: the mean of max(q (t - y), (q - 1) (t - y))."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"y": Floats("N"), "t": Floats("N"), "q": 0.9}


def forward(y, t, q):
    e = t - y
    return np.mean(np.maximum(q * e, (q - 1) * e))


def backward(g, y, t, q):
    d = g * np.where(t > y, q, q - 1) / len(y)
    return -d, d


def quantile_on_the_other_side(g, y, t, q):
    d = g * np.where(t < y, q, q - 1) / len(y)  # <- mask-inverted | sign-flipped
    return -d, d


def prediction_minus_target(g, y, t, q):
    d = g * np.where(t > y, q, q - 1) / len(y)
    return d, d.copy()  # <- sign-flipped


def nothing_below(g, y, t, q):
    d = g * q * (t > y) / len(y)  # <- zero-gradient | missing-chain-factor
    return -d, d


def symmetric(g, y, t, q):
    d = g * np.sign(t - y) / len(y)  # <- missing-chain-factor
    return -d, d


def target_is_data(g, y, t, q):
    d = g * np.where(t > y, q, q - 1) / len(y)
    return -d, np.zeros(t.shape)  # <- zero-gradient
