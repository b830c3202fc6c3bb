"""Cross-entropy of softmax(z) with (1 - smoothing) · one-hot + smoothing / C as targets."""

import numpy as np

from minireg.gradcheck import Floats, Integers

INPUTS = {"z": Floats("N", "C"), "labels": Integers("N", below="C"), "smoothing": 0.2}


def _softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _smooth(labels, C, smoothing):
    return (1 - smoothing) * np.eye(C)[labels] + smoothing / C


def forward(z, labels, smoothing):
    m = z.max(axis=1, keepdims=True)
    log_p = z - m - np.log(np.exp(z - m).sum(axis=1, keepdims=True))
    return -(_smooth(labels, z.shape[1], smoothing) * log_p).sum() / len(z)


def backward(upstream, z, labels, smoothing):
    q = _smooth(labels, z.shape[1], smoothing)
    return upstream * (_softmax(z) - q) / len(z)


def only_the_uniform_part(upstream, z, labels, smoothing):
    N, C = z.shape
    dz = _softmax(z)
    dz -= smoothing / C
    dz /= N  # <- one-hot-missing
    return dz * upstream


def uniform_part_forgotten(upstream, z, labels, smoothing):
    N = z.shape[0]
    dz = _softmax(z)
    dz[np.arange(N), labels] -= 1 - smoothing  # <- missing-chain-factor
    return upstream * dz / N


def smoothing_and_its_complement(upstream, z, labels, smoothing):
    N, C = z.shape
    onehot = np.eye(C)[labels]
    q = smoothing * onehot + (1 - smoothing) / C  # <- swapped-arguments | constant-factor
    return upstream * (_softmax(z) - q) / N


def label_overwritten(upstream, z, labels, smoothing):
    N, C = z.shape
    q = np.zeros((N, C))
    q += smoothing / C
    for i in range(N):
        q[i, labels[i]] = 1 - smoothing  # <- overwritten-not-accumulated
    dz = (_softmax(z) - q) / N
    return upstream * dz


def labels_of_the_row_before(upstream, z, labels, smoothing):
    N, C = z.shape
    q = np.full((N, C), smoothing / C)
    for i in range(N):
        k = labels[i - 1]  # <- labels-shifted
        q[i, k] += 1 - smoothing
    return (_softmax(z) - q) * upstream / N


def smoothed_probabilities(upstream, z, labels, smoothing):
    N, C = z.shape
    q = _smooth(labels, C, smoothing)
    p = _softmax(_softmax(z))  # <- softmax-twice
    return upstream * (p - q) / N
