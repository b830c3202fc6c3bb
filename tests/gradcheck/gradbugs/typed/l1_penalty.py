"""Mean binary cross-entropy of a linear model plus lam · the sum of absolute weights.

The features are word counts, and the bias is not penalized.
"""

import numpy as np

from minireg.gradcheck import Booleans, Floats, Integers

INPUTS = {
    "counts": Integers("N", "D", below=3),
    "w": Floats("D"),
    "b": Floats(1),
    "t": Booleans("N"),
    "lam": 0.15,
}


def forward(counts, w, b, t, lam):
    z = counts @ w + b
    return (np.logaddexp(0, z) - t * z).mean() + lam * np.abs(w).sum()


def _score_gradient(counts, w, b, t):
    p = 1 / (1 + np.exp(-(counts @ w + b)))
    return (p - t) / len(t)


def backward(dout, counts, w, b, t, lam):
    dz = dout * _score_gradient(counts, w, b, t)
    return counts.T @ dz + dout * lam * np.sign(w), dz.sum(keepdims=True)


def weights_for_signs(dout, counts, w, b, t, lam):
    dz = dout * _score_gradient(counts, w, b, t)
    dw = counts.T @ dz
    dw += dout * lam * w  # <- penalty-kind-confused
    db = np.array([dz.sum()])
    return dw, db


def always_plus(dout, counts, w, b, t, lam):
    dz = _score_gradient(counts, w, b, t) * dout
    dw = np.dot(counts.T, dz)
    dw = dw + lam * dout  # <- penalty-kind-confused | missing-chain-factor
    db = dz.sum(axis=0, keepdims=True)
    return dw, db


def bias_pulled_to_zero(dout, counts, w, b, t, lam):
    dz = _score_gradient(counts, w, b, t) * dout
    dw = counts.T @ dz + lam * dout * np.sign(w)
    db = np.ones(1) * dz.sum()
    db += lam * dout * np.sign(b)  # <- bias-regularized
    return dw, db


def nothing_of_the_penalty(dout, counts, w, b, t, lam):
    dz = _score_gradient(counts, w, b, t)
    dw = np.zeros_like(w)
    for i in range(len(t)):
        dw += dz[i] * counts[i]
    dw *= dout  # <- penalty-missing
    db = dout * dz.sum(keepdims=True)
    return dw, db


def divided_by_the_batch(dout, counts, w, b, t, lam):
    N = counts.shape[0]
    dz = _score_gradient(counts, w, b, t)
    dw = counts.T @ dz + lam / N * np.sign(w)  # <- penalty-scaled
    db = dz.sum(keepdims=True)
    return dw * dout, db * dout


def sign_by_division(dout, counts, w, b, t, lam):
    """Wrong only where a weight is exactly zero."""
    dz = dout * _score_gradient(counts, w, b, t)
    direction = w / np.abs(w)  # <- not-finite
    dw = counts.T @ dz + dout * lam * direction
    return dw, dz.sum(keepdims=True)
