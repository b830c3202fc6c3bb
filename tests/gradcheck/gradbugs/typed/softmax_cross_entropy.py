"""The mean cross-entropy of softmax(z); forward saves the probabilities."""

import numpy as np

from minireg.gradcheck import Floats, Integers

INPUTS = {"z": Floats("N", "C"), "labels": Integers("N", below="C")}


def _softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def forward(z, labels):
    m = z.max(axis=1, keepdims=True)
    log_p = z - m - np.log(np.exp(z - m).sum(axis=1, keepdims=True))
    loss = -log_p[np.arange(len(z)), labels].mean()
    return loss, (np.exp(log_p), labels)


def backward(dout, cache):
    p, labels = cache
    return dout * (p - np.eye(p.shape[1])[labels]) / len(p)


def one_hot_not_subtracted(dout, cache):
    p, _ = cache
    N = p.shape[0]
    dz = p.copy()
    dz /= N  # <- one-hot-missing
    return dz * dout


def whole_columns(dout, cache):
    p, labels = cache
    N = p.shape[0]
    dz = p.copy()
    dz[:, labels] -= 1  # <- one-hot-missing
    dz /= N
    return dz * dout


def mean_forgotten(dout, cache):
    p, labels = cache
    dz = p.copy()
    dz[np.arange(p.shape[0]), labels] -= 1
    return dout * dz  # <- constant-factor


def labels_count_from_one(dout, cache):
    p, labels = cache
    N = p.shape[0]
    dz = p.copy()
    dz[range(N), labels - 1] -= 1  # <- labels-shifted
    dz = dz / N
    return dout * dz


def softmax_again(dout, cache):
    scores, labels = cache
    N = len(labels)
    q = _softmax(scores)  # <- softmax-twice
    q[np.arange(N), labels] -= 1
    return dout * q / N


def probabilities_changed(dout, cache):
    p, labels = cache
    N = p.shape[0]
    p[np.arange(N), labels] -= 1  # <- input-mutated
    dz = p / N
    return dz * dout
