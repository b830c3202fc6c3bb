"""Mean squared error plus lam · the length of the weights, not squared."""

import numpy as np

from minireg.gradcheck import Floats, Integers

INPUTS = {
    "counts": Integers("N", "D", below=4),
    "w": Floats("D"),
    "target": Integers("N", below=5),
    "lam": 0.8,
}


def forward(counts, w, target, lam):
    return ((counts @ w - target) ** 2).mean() + lam * np.sqrt((w**2).sum())


def backward(upstream, counts, w, target, lam):
    dscore = 2 * (counts @ w - target) / len(target)
    return upstream * (counts.T @ dscore + lam * w / np.linalg.norm(w))


def squared_length(upstream, counts, w, target, lam):
    N = len(target)
    dw = 2 * counts.T @ (counts @ w - target) / N
    dw += 2 * lam * w  # <- penalty-kind-confused
    return dw * upstream


def length_held_constant_one(upstream, counts, w, target, lam):
    N, D = counts.shape
    dw = np.zeros(D)
    for i in range(N):
        dw += 2 / N * (counts[i] @ w - target[i]) * counts[i]
    dw += lam * w  # <- penalty-kind-confused | penalty-scaled
    return dw * upstream


def length_in_place_of_its_derivative(upstream, counts, w, target, lam):
    N = len(target)
    data = 2 * (counts @ w - target) @ counts / N
    penalty = lam * np.sqrt(np.sum(w * w))  # <- missing-chain-factor | penalty-kind-confused
    return upstream * (data + penalty)


def no_penalty(upstream, counts, w, target, lam):
    N = len(target)
    error = counts @ w - target
    dw = 2 / N * np.dot(error, counts)
    return dw * upstream  # <- penalty-missing


def minus_penalty(upstream, counts, w, target, lam):
    N = len(target)
    dw = 2 / N * (counts @ w - target) @ counts
    shrink = lam / np.linalg.norm(w)
    dw = dw - shrink * w  # <- penalty-scaled
    return upstream * dw
