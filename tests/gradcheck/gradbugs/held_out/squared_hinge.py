"""Squared hinge loss of a linear classifier: the mean of max(0, 1 - y (x·w + b))²."""

import numpy as np

from minireg.gradcheck import Booleans, Floats

INPUTS = {
    "x": Floats("N", "D"),
    "w": Floats("D"),
    "b": Floats(1),
    "positive": Booleans("N", share=0.5),
}


def forward(x, w, b, positive):
    y = np.where(positive, 1, -1)
    slack = np.maximum(0, 1 - y * (x @ w + b))
    return np.mean(slack**2)


def backward(g, x, w, b, positive):
    y = np.where(positive, 1, -1)
    slack = np.maximum(0, 1 - y * (x @ w + b))
    ds = g * 2 * slack * -y / len(y)
    return np.outer(ds, w), x.T @ ds, ds.sum(keepdims=True)


def label_factor_forgotten(g, x, w, b, positive):
    y = np.where(positive, 1, -1)
    slack = np.maximum(0, 1 - y * (x @ w + b))
    ds = -g * 2 * slack / len(y)  # <- missing-chain-factor
    return np.outer(ds, w), x.T @ ds, ds.sum(keepdims=True)


def two_forgotten(g, x, w, b, positive):
    y = np.where(positive, 1, -1)
    slack = np.maximum(0, 1 - y * (x @ w + b))
    ds = -g * y * slack / len(y)  # <- constant-factor
    return np.outer(ds, w), x.T @ ds, ds.sum(keepdims=True)


def slope_of_the_plain_hinge(g, x, w, b, positive):
    y = np.where(positive, 1, -1)
    active = y * (x @ w + b) < 1
    ds = -2 * g * y * active / len(y)  # <- missing-chain-factor
    return np.outer(ds, w), x.T @ ds, ds.sum(keepdims=True)


def margin_not_clipped(g, x, w, b, positive):
    y = np.where(positive, 1, -1)
    slack = 1 - y * (x @ w + b)  # <- mask-missing
    ds = -2 * g * y * slack / len(y)
    return np.outer(ds, w), x.T @ ds, ds.sum(keepdims=True)
