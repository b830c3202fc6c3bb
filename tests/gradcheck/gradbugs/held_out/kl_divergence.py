"""KL(p || q) of p = softmax(z) from given log q, the mean over the batch."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"z": Floats("N", "C"), "log_q": Floats("N", "C", low=-4.0, high=-0.5)}


def _log_softmax(z):
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def forward(z, log_q):
    log_p = _log_softmax(z)
    return (np.exp(log_p) * (log_p - log_q)).sum(axis=1).mean()


def backward(g, z, log_q):
    log_p = _log_softmax(z)
    p = np.exp(log_p)
    r = log_p - log_q
    kl = (p * r).sum(axis=1, keepdims=True)
    return g * p * (r - kl) / len(z), -g * p / len(z)


def divergence_not_subtracted(g, z, log_q):
    log_p = _log_softmax(z)
    p = np.exp(log_p)
    dz = p * (log_p - log_q)  # <- jacobian-diagonal-only | statistics-held-constant
    return g * dz / len(z), -g * p / len(z)


def other_direction(g, z, log_q):
    # KL(q || p): p - q
    p = np.exp(_log_softmax(z))
    q = np.exp(log_q)
    return g * (p - q) / len(z), -g * p / len(z)  # <- swapped-arguments | missing-chain-factor


def mean_over_the_classes(g, z, log_q):
    log_p = _log_softmax(z)
    p = np.exp(log_p)
    r = log_p - log_q
    kl = (p * r).sum(axis=1, keepdims=True)
    n = z.shape[1]  # <- constant-factor
    return g * p * (r - kl) / n, -g * p / n


def q_gets_nothing(g, z, log_q):
    log_p = _log_softmax(z)
    p = np.exp(log_p)
    r = log_p - log_q
    dz = g * p * (r - np.sum(p * r, axis=1, keepdims=True)) / len(z)
    return dz, np.zeros_like(log_q)  # <- zero-gradient
