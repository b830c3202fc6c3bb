"""Mean squared error / 2 plus lam · (ratio · |w|₁ + (1 - ratio) / 2 · |w|₂²)."""

import numpy as np

from minireg.gradcheck import Floats, Integers

INPUTS = {
    "counts": Integers("N", "D", below=4),
    "w": Floats("D"),
    "b": Floats(),
    "target": Integers("N", below=4),
    "lam": 0.4,
    "ratio": 0.3,
}


def forward(counts, w, b, target, lam, ratio):
    error = counts @ w + b - target
    penalty = ratio * np.abs(w).sum() + (1 - ratio) / 2 * (w**2).sum()
    return (error**2).mean() / 2 + lam * penalty


def backward(upstream, counts, w, b, target, lam, ratio):
    error = upstream * (counts @ w + b - target) / len(target)
    penalty = ratio * np.sign(w) + (1 - ratio) * w
    return counts.T @ error + upstream * lam * penalty, error.sum()


def only_l1(upstream, counts, w, b, target, lam, ratio):
    error = (counts @ w + b - target) / len(target)
    dw = counts.T @ error
    dw += lam * ratio * np.sign(w)
    return upstream * dw, upstream * error.sum()  # <- penalty-missing


def ratio_and_its_complement(upstream, counts, w, b, target, lam, ratio):
    error = (counts @ w + b - target) / len(target)
    l1 = (1 - ratio) * np.sign(w)
    l2 = ratio * w
    penalty = l1 + l2  # <- penalty-kind-confused | penalty-scaled
    dw = counts.T @ error + lam * penalty
    return upstream * dw, upstream * error.sum()


def two_of_l2(upstream, counts, w, b, target, lam, ratio):
    N = counts.shape[0]
    error = counts @ w + b - target
    dw = error @ counts / N
    dw += lam * ratio * np.sign(w)
    dw += 2 * lam * (1 - ratio) * w  # <- penalty-scaled
    db = error.mean()
    return upstream * dw, upstream * db


def second_penalty_overwrites(upstream, counts, w, b, target, lam, ratio):
    N = counts.shape[0]
    error = counts @ w + b - target
    dpenalty = lam * ratio * np.sign(w)
    dpenalty = lam * (1 - ratio) * w  # <- overwritten-not-accumulated | penalty-missing
    dw = counts.T @ error / N + dpenalty
    return upstream * dw, upstream * error.mean()


def bias_among_the_weights(upstream, counts, w, b, target, lam, ratio):
    N = counts.shape[0]
    X = np.column_stack([counts, np.ones(N)])
    theta = np.append(w, b)
    error = (X @ theta - target) / N
    penalty = ratio * np.sign(theta) + (1 - ratio) * theta  # <- bias-regularized
    grad = upstream * (X.T @ error + lam * penalty)
    return grad[:-1], grad[-1]


def lam_forgotten(upstream, counts, w, b, target, lam, ratio):
    error = (counts @ w + b - target) / len(target)
    dw = counts.T @ error
    dw = dw + ratio * np.sign(w) + (1 - ratio) * w  # <- penalty-scaled
    db = error.sum()
    return upstream * dw, upstream * db
