"""softmax over the last axis; forward saves the probabilities."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"z": Floats("N", "C")}


def _softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def forward(z):
    p = _softmax(z)
    return p, p


def backward(dout, p):
    return p * (dout - (dout * p).sum(axis=1, keepdims=True))


def diagonal_of_each_row(dout, p):
    N, C = p.shape
    dz = np.zeros((N, C))
    for i in range(N):
        for j in range(C):
            dz[i, j] = dout[i, j] * p[i, j] * (1 - p[i, j])  # <- jacobian-diagonal-only
    return dz


def diagonal_matrix(dout, p):
    dz = np.zeros_like(dout)
    for i in range(len(p)):
        J = np.diag(p[i])
        dz[i] = J @ dout[i]  # <- statistics-held-constant | jacobian-diagonal-only
    return dz


def sum_over_the_batch(dout, p):
    weighted = dout * p
    total = weighted.sum(axis=0, keepdims=True)  # <- wrong-axis
    dz = weighted - p * total
    return dz


def softmax_again(dout, cache):
    p = _softmax(cache)  # <- softmax-twice
    total = np.sum(dout * p, axis=1, keepdims=True)
    return p * (dout - total)


def plus_in_the_jacobian(dout, p):
    dz = np.empty_like(dout)
    for i in range(p.shape[0]):
        J = np.diag(p[i]) + np.outer(p[i], p[i])  # <- sign-flipped
        dz[i] = J.dot(dout[i])
    return dz


def p_forgotten_in_the_sum(dout, p):
    s = dout.sum(axis=1, keepdims=True)  # <- missing-chain-factor
    return p * (dout - s)
