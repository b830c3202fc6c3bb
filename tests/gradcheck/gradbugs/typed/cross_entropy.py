"""The mean cross-entropy of softmax(z), without a cache."""

import numpy as np

from minireg.gradcheck import Floats, Integers

INPUTS = {"z": Floats("N", "C"), "labels": Integers("N", below="C")}


def _softmax(z, axis=1):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def forward(z, labels):
    m = z.max(axis=1, keepdims=True)
    log_p = z - m - np.log(np.exp(z - m).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(z)), labels].mean()


def backward(upstream, z, labels):
    return upstream * (_softmax(z) - np.eye(z.shape[1])[labels]) / len(z)


def softmax_over_the_batch(upstream, z, labels):
    N, C = z.shape
    p = _softmax(z, axis=0)  # <- wrong-axis
    onehot = np.eye(C)[labels]
    return upstream * (p - onehot) / N


def divided_by_the_classes(upstream, z, labels):
    N, C = z.shape
    dz = _softmax(z)
    for i in range(N):
        dz[i, labels[i]] -= 1
    dz = dz / C  # <- constant-factor
    return upstream * dz


def label_of_the_first_example(upstream, z, labels):
    N = z.shape[0]
    dz = _softmax(z)
    for i in range(N):
        dz[i, labels[0]] -= 1  # <- one-hot-missing | labels-shifted
    dz /= N
    dz *= upstream
    return dz


def labels_in_reverse(upstream, z, labels):
    N, C = z.shape
    onehot = np.zeros((N, C))
    onehot[np.arange(N), labels[::-1]] = 1  # <- labels-shifted
    p = _softmax(z)
    return upstream * (p - onehot) / N


def one_hot_minus_p(upstream, z, labels):
    N, C = z.shape
    p = _softmax(z)
    t = np.eye(C)[labels]
    dz = (t - p) / N  # <- sign-flipped
    return upstream * dz


def whole_number_one_hot(upstream, z, labels):
    N, C = z.shape
    dz = np.zeros((N, C), dtype=int)  # <- integer-input
    dz[np.arange(N), labels] = 1
    p = _softmax(z)
    for i in range(N):
        dz[i] = (p[i] - dz[i]) * upstream / N
    return dz
