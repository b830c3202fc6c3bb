"""Cross-entropy of softmax(z) with a weight for each example, divided by the number of examples."""

import numpy as np

from minireg.gradcheck import Floats, Integers

INPUTS = {
    "z": Floats("N", "C"),
    "labels": Integers("N", below="C"),
    "weight": Floats("N", low=0.2, high=2.0),
}


def _log_softmax(z):
    m = z.max(axis=1, keepdims=True)
    return z - m - np.log(np.exp(z - m).sum(axis=1, keepdims=True))


def forward(z, labels, weight):
    chosen = _log_softmax(z)[np.arange(len(z)), labels]
    return -(weight * chosen).sum() / len(z)


def backward(dout, z, labels, weight):
    N, C = z.shape
    log_p = _log_softmax(z)
    dz = weight[:, None] * (np.exp(log_p) - np.eye(C)[labels])
    dweight = -log_p[np.arange(N), labels]
    return dout * dz / N, dout * dweight / N


def weights_forgotten(dout, z, labels, weight):
    N = z.shape[0]
    log_p = _log_softmax(z)
    dz = np.exp(log_p)
    dz[np.arange(N), labels] -= 1
    dz = dout * dz / N  # <- missing-chain-factor
    dweight = -dout * log_p[np.arange(N), labels] / N
    return dz, dweight


def one_hot_outside_of_the_weight(dout, z, labels, weight):
    N = z.shape[0]
    log_p = _log_softmax(z)
    dz = np.exp(log_p) * weight.reshape(N, 1)
    for i in range(N):
        dz[i, labels[i]] -= 1  # <- missing-chain-factor
    dw = -log_p[np.arange(N), labels]
    return dout * dz / N, dout * dw / N


def divided_by_the_weights(dout, z, labels, weight):
    N, C = z.shape
    log_p = _log_softmax(z)
    dz = weight[:, None] * (np.exp(log_p) - np.eye(C)[labels])
    dz = dz / weight.sum()  # <- constant-factor | missing-chain-factor
    dw = -log_p[np.arange(N), labels] / N
    return dout * dz, dout * dw


def weights_of_other_rows(dout, z, labels, weight):
    N, C = z.shape
    log_p = _log_softmax(z)
    dz = np.zeros((N, C))
    for i in range(N):
        dz[i] = np.exp(log_p[i])
        dz[i, labels[i]] -= 1
        dz[i] *= weight[N - 1 - i]  # <- order-not-undone
    dw = -log_p[np.arange(N), labels]
    return dout * dz / N, dout * dw / N


def log_probability_with_plus(dout, z, labels, weight):
    N, C = z.shape
    log_p = _log_softmax(z)
    dz = weight[:, None] * (np.exp(log_p) - np.eye(C)[labels]) / N
    dw = log_p[np.arange(N), labels] / N  # <- sign-flipped
    return dout * dz, dout * dw


def labels_from_the_end(dout, z, labels, weight):
    N = z.shape[0]
    log_p = _log_softmax(z)
    dz = np.exp(log_p)
    dz[np.arange(N), -labels] -= 1  # <- labels-shifted
    dz *= weight[:, None] / N
    dw = -log_p[np.arange(N), labels] / N
    return dout * dz, dout * dw
