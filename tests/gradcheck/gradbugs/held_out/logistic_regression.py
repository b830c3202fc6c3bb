"""Logistic regression as a whole: the mean cross-entropy, plus lam / 2 |w|²."""

import numpy as np

from minireg.gradcheck import Floats, Integers

INPUTS = {
    "X": Floats("N", "D"),
    "w": Floats("D"),
    "b": Floats(1),
    "t": Integers("N", below=2),
    "lam": 0.3,
}


def forward(X, w, b, t, lam):
    z = X @ w + b
    loss = np.logaddexp(0, z) - t * z
    return loss.mean() + lam / 2 * (w @ w)


def backward(g, X, w, b, t, lam):
    a = 1 / (1 + np.exp(-(X @ w + b)))
    dz = g * (a - t) / len(t)
    return np.outer(dz, w), X.T @ dz + g * lam * w, dz.sum(keepdims=True)


def no_penalty(g, X, w, b, t, lam):
    m = X.shape[0]
    A = 1 / (1 + np.exp(-(X @ w + b)))
    dz = A - t
    dw = 1 / m * np.dot(X.T, dz)  # <- penalty-missing
    db = 1 / m * np.sum(dz, keepdims=True)
    return g / m * np.outer(dz, w), g * dw, g * db


def penalty_over_m(g, X, w, b, t, lam):
    m = X.shape[0]
    A = 1 / (1 + np.exp(-(X @ w + b)))
    dz = A - t
    dw = 1 / m * np.dot(X.T, dz) + lam / m * w  # <- penalty-scaled
    db = 1 / m * np.sum(dz, keepdims=True)
    return g / m * np.outer(dz, w), g * dw, g * db


def bias_decays_too(g, X, w, b, t, lam):
    m = X.shape[0]
    A = 1 / (1 + np.exp(-(X @ w + b)))
    dz = A - t
    dw = 1 / m * np.dot(X.T, dz) + lam * w
    db = 1 / m * np.sum(dz) + lam * b  # <- bias-regularized
    return g / m * np.outer(dz, w), g * dw, g * db


def sigmoid_slope_left_in(g, X, w, b, t, lam):
    m = X.shape[0]
    A = 1 / (1 + np.exp(-(X @ w + b)))
    dz = g * (A - t) * A * (1 - A) / m  # <- missing-chain-factor
    return np.outer(dz, w), X.T @ dz + g * lam * w, dz.sum(keepdims=True)


def logits_minus_labels(g, X, w, b, t, lam):
    m = X.shape[0]
    z = X @ w + b
    dz = g * (z - t) / m  # <- output-for-input
    return np.outer(dz, w), X.T @ dz + g * lam * w, dz.sum(keepdims=True)
