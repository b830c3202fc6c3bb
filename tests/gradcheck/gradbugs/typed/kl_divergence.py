"""The mean of the KL divergences of softmax(z) from given distributions q: Σ q · log(q / p)."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"q": Floats("N", "C", low=0.05, high=1.0), "z": Floats("N", "C")}


def _log_softmax(z):
    m = z.max(axis=1, keepdims=True)
    return z - m - np.log(np.exp(z - m).sum(axis=1, keepdims=True))


def forward(q, z):
    log_p = _log_softmax(z)
    return (q * (np.log(q) - log_p)).sum() / len(q)


def backward(upstream, q, z):
    log_p = _log_softmax(z)
    dq = np.log(q) + 1 - log_p
    dz = np.exp(log_p) * q.sum(axis=1, keepdims=True) - q
    return upstream * dq / len(q), upstream * dz / len(q)


def sum_of_q_taken_for_one(upstream, q, z):
    N = q.shape[0]
    log_p = _log_softmax(z)
    p = np.exp(log_p)
    dq = (np.log(q) + 1 - log_p) / N
    dz = (p - q) / N  # <- missing-chain-factor
    return upstream * dq, upstream * dz


def product_rule_forgotten(upstream, q, z):
    N = q.shape[0]
    log_p = _log_softmax(z)
    dq = np.log(q) - log_p  # <- missing-chain-factor
    dz = np.exp(log_p) * q.sum(axis=1, keepdims=True) - q
    return upstream * dq / N, upstream * dz / N


def target_held_constant(upstream, q, z):
    N = q.shape[0]
    p = np.exp(_log_softmax(z))
    dz = np.zeros_like(z)
    for i in range(N):
        dz[i] = q[i].sum() * p[i] - q[i]
    dq = np.zeros_like(q)  # <- zero-gradient
    return dq, upstream * dz / N


def sum_over_the_batch(upstream, q, z):
    N = q.shape[0]
    log_p = _log_softmax(z)
    total = q.sum(axis=0, keepdims=True)  # <- wrong-axis
    dz = (np.exp(log_p) * total - q) / N
    dq = (np.log(q) + 1 - log_p) / N
    return upstream * dq, upstream * dz


def probabilities_taken_for_scores(upstream, q, z):
    N = q.shape[0]
    log_p = _log_softmax(z)
    p = np.exp(_log_softmax(np.exp(log_p)))  # <- softmax-twice
    dz = (p * q.sum(axis=1, keepdims=True) - q) / N
    dq = (np.log(q) + 1 - log_p) / N
    return upstream * dq, upstream * dz


def gradients_in_the_other_order(upstream, q, z):
    N = q.shape[0]
    log_p = _log_softmax(z)
    dq = (np.log(q) + 1 - log_p) * upstream / N
    dz = (np.exp(log_p) * q.sum(axis=1, keepdims=True) - q) * upstream / N
    return dz, dq  # <- swapped-arguments
