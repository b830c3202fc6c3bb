"""The mean of -log of the probability of the label."""

import numpy as np

from minireg.gradcheck import Floats, Integers

INPUTS = {"p": Floats("N", "C", low=0.1, high=0.9), "labels": Integers("N", below="C")}


def forward(p, labels):
    return -np.log(p[np.arange(len(p)), labels]).mean()


def backward(dout, p, labels):
    dp = np.zeros_like(p)
    rows = np.arange(len(p))
    dp[rows, labels] = -dout / (len(p) * p[rows, labels])
    return dp


def all_classes(dout, p, labels):
    N = p.shape[0]
    dp = -1 / p  # <- mask-missing
    return dp * dout / N


def next_class(dout, p, labels):
    N, C = p.shape
    rows = np.arange(N)
    cols = (labels + 1) % C  # <- labels-shifted
    dp = np.zeros((N, C))
    dp[rows, cols] = -1 / p[rows, cols] / N
    return dp * dout


def p_minus_one_hot(dout, p, labels):
    N = p.shape[0]
    dp = p.copy()
    dp[np.arange(N), labels] -= 1  # <- missing-chain-factor
    dp /= N
    return dp * dout


def minus_forgotten(dout, p, labels):
    N = len(labels)
    dp = np.zeros_like(p)
    for i in range(N):
        k = labels[i]
        dp[i, k] = 1 / (N * p[i, k])  # <- sign-flipped
    return dout * dp


def logarithm_of_p(dout, p, labels):
    N, C = p.shape
    onehot = np.eye(C)[labels]
    dp = onehot / np.log(p)  # <- output-for-input | missing-chain-factor
    return -dout * dp / N


def labels_taken_for_rows(dout, p, labels):
    N = p.shape[0]
    dp = np.zeros_like(p)
    chosen = p[np.arange(N), labels]
    dp[labels] = -1 / chosen  # <- raised
    return dout * dp / N
