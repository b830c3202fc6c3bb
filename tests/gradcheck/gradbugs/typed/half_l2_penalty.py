"""Mean cross-entropy of softmax(scores) plus lam / 2 · the sum of squared weights.

An example is one word; each word has a weight for each class.  The bias is not penalized.
"""

import numpy as np

from minireg.gradcheck import Floats, Integers

INPUTS = {
    "word": Integers("N", below="V"),
    "w": Floats("V", "C"),
    "b": Floats("C"),
    "labels": Integers("N", below="C"),
    "lam": 0.2,
}


def _softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def forward(word, w, b, labels, lam):
    z = w[word] + b
    p = _softmax(z)
    m = z.max(axis=1)
    log_sum = m + np.log(np.exp(z - m[:, None]).sum(axis=1))
    data = (log_sum - z[np.arange(len(z)), labels]).mean()
    return data + lam / 2 * np.sum(w * w), (word, w, b, labels, lam, p)


def backward(dout, cache):
    word, w, _, labels, lam, p = cache
    dz = dout * (p - np.eye(p.shape[1])[labels]) / len(p)
    dw = dout * lam * w
    np.add.at(dw, word, dz)
    return dw, dz.sum(axis=0)


def twice_the_penalty(dout, cache):
    word, w, _, labels, lam, p = cache
    N = len(p)
    dz = p.copy()
    dz[np.arange(N), labels] -= 1
    dz = dz / N * dout
    dw = np.zeros_like(w)
    np.add.at(dw, word, dz)
    dw += 2 * lam * w * dout  # <- penalty-scaled
    return dw, dz.sum(axis=0)


def repeated_words_overwrite(dout, cache):
    word, w, _, labels, lam, p = cache
    N, C = p.shape
    dz = (p - np.eye(C)[labels]) / N * dout
    dw = lam * w * dout
    dw[word] += dz  # <- overwritten-not-accumulated
    db = dz.sum(axis=0)
    return dw, db


def penalty_forgotten(dout, cache):
    word, w, _, labels, _, p = cache
    N, C = p.shape
    dz = p - np.eye(C)[labels]
    dz *= dout / N
    dw = np.zeros_like(w)
    for i in range(N):
        dw[word[i]] += dz[i]
    return dw, dz.sum(axis=0)  # <- penalty-missing


def bias_too(dout, cache):
    word, w, b, labels, lam, p = cache
    N, C = p.shape
    dz = (p - np.eye(C)[labels]) / N * dout
    dw = np.zeros(w.shape)
    for i in range(N):
        dw[word[i]] += dz[i]
    dw = dw + dout * lam * w
    db = dz.sum(axis=0)
    db = db + dout * lam * b  # <- bias-regularized
    return dw, db


def penalty_without_dout(dout, cache):
    word, w, _, labels, lam, p = cache
    N, C = p.shape
    dz = dout * (p - np.eye(C)[labels]) / N
    dw = np.zeros_like(w)
    np.add.at(dw, word, dz)
    dw += lam * w  # <- upstream-ignored | upstream-nonlinear
    return dw, np.sum(dz, axis=0)


def one_hot_forgotten(dout, cache):
    word, w, _, _, lam, p = cache
    N = p.shape[0]
    dz = p * dout / N  # <- one-hot-missing
    dw = lam * w * dout
    np.add.at(dw, word, dz)
    return dw, dz.sum(axis=0)
