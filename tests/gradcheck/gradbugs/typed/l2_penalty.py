"""Mean squared error of a linear model plus lam · the sum of squared weights.

The features are counts, and the bias is not penalized.
"""

import numpy as np

from minireg.gradcheck import Floats, Integers

INPUTS = {
    "counts": Integers("N", "D", below=4),
    "w": Floats("D"),
    "b": Floats(),
    "target": Integers("N", below=5),
    "lam": 0.3,
}


def forward(counts, w, b, target, lam):
    error = counts @ w + b - target
    return (error**2).mean() + lam * (w**2).sum()


def backward(dout, counts, w, b, target, lam):
    error = counts @ w + b - target
    dscore = 2 * dout * error / len(target)
    return counts.T @ dscore + 2 * dout * lam * w, dscore.sum()


def penalty_forgotten(dout, counts, w, b, target, lam):
    N = len(target)
    error = counts.dot(w) + b - target
    derror = 2 * error / N * dout
    dw = counts.T.dot(derror)
    db = np.sum(derror)
    return dw, db  # <- penalty-missing


def two_of_the_penalty_forgotten(dout, counts, w, b, target, lam):
    N = len(target)
    error = counts @ w + b - target
    dw = 2 / N * (counts.T @ error)
    dw += lam * w  # <- penalty-scaled
    db = 2 / N * error.sum()
    return dout * dw, dout * db


def penalty_of_the_bias(dout, counts, w, b, target, lam):
    N = len(target)
    error = counts @ w + b - target
    dw = 2 / N * counts.T @ error + 2 * lam * w
    db = 2 / N * error.sum() + 2 * lam * b  # <- bias-regularized
    return dw * dout, db * dout


def penalty_subtracted(dout, counts, w, b, target, lam):
    N, D = counts.shape
    dw = np.zeros(D)
    db = 0.0
    for i in range(N):
        error = counts[i] @ w + b - target[i]
        dw += 2 * error * counts[i] / N
        db += 2 * error / N
    dw -= 2 * lam * w  # <- penalty-scaled
    return dout * dw, dout * db


def penalty_in_place_of_the_data(dout, counts, w, b, target, lam):
    N = len(target)
    error = counts @ w + b - target
    dw = 2 * counts.T @ error / N
    db = 2 * error.sum() / N
    dw = 2 * lam * w  # <- overwritten-not-accumulated
    return dout * dw, dout * db


def derivative_of_l1(dout, counts, w, b, target, lam):
    N = len(target)
    error = counts @ w + b - target
    derror = 2 * error / N
    dw = counts.T @ derror + lam * np.sign(w)  # <- penalty-kind-confused
    db = derror.sum()
    return dout * dw, dout * db
