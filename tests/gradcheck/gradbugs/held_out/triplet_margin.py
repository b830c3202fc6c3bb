"""Triplet loss: the mean of max(0, |a - p|² - |a - n|² + margin)."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {
    "a": Floats("N", "D"),
    "p": Floats("N", "D"),
    "n": Floats("N", "D"),
    "margin": 1.0,
}


def forward(a, p, n, margin):
    d = ((a - p) ** 2).sum(1) - ((a - n) ** 2).sum(1) + margin
    return np.maximum(d, 0).mean()


def backward(dout, a, p, n, margin):
    d = ((a - p) ** 2).sum(1) - ((a - n) ** 2).sum(1) + margin
    dd = (dout * (d > 0) / len(a))[:, None]
    return dd * 2 * (n - p), dd * 2 * (p - a), dd * 2 * (a - n)


def satisfied_triplets_too(dout, a, p, n, margin):
    k = dout / len(a)  # <- mask-missing
    return k * 2 * (n - p), k * 2 * (p - a), k * 2 * (a - n)


def anchor_from_negative_only(dout, a, p, n, margin):
    d = ((a - p) ** 2).sum(1) - ((a - n) ** 2).sum(1) + margin
    active = (d > 0)[:, None]
    scale = 2 * dout / len(a) * active
    da = scale * (a - p)
    dp = -scale * (a - p)
    da = -scale * (a - n)  # <- overwritten-not-accumulated
    dn = scale * (a - n)
    return da, dp, dn


def negative_like_positive(dout, a, p, n, margin):
    pos, neg = a - p, a - n
    d = (pos**2).sum(1) - (neg**2).sum(1) + margin
    m = (d > 0).astype(float).reshape(-1, 1) * dout / a.shape[0]
    d_pos = 2 * m * pos
    d_neg = -2 * m * neg
    return d_pos + d_neg, -d_pos, d_neg  # <- sign-flipped


def mask_the_wrong_way(dout, a, p, n, margin):
    positive = ((a - p) ** 2).sum(1)
    negative = ((a - n) ** 2).sum(1)
    active = negative > positive + margin  # <- mask-inverted
    k = 2 * dout / len(a) * active[:, None]
    return k * (n - p), k * (p - a), k * (a - n)
