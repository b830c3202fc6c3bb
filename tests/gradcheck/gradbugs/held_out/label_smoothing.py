"""Cross-entropy with smoothed labels: (1 - eps) one-hot + eps / C, the mean over the batch."""

import numpy as np

from minireg.gradcheck import Floats, Integers

INPUTS = {"z": Floats("B", "C"), "label": Integers("B", below="C"), "eps": 0.2}


def _log_softmax(z):
    z = z - z.max(1, keepdims=True)
    return z - np.log(np.exp(z).sum(1, keepdims=True))


def forward(z, label, eps):
    q = (1 - eps) * np.eye(z.shape[1])[label] + eps / z.shape[1]
    return -(q * _log_softmax(z)).sum(1).mean()


def backward(g, z, label, eps):
    q = (1 - eps) * np.eye(z.shape[1])[label] + eps / z.shape[1]
    return g * (np.exp(_log_softmax(z)) - q) / z.shape[0]


def smoothing_only(g, z, label, eps):
    d = np.exp(_log_softmax(z)) - eps / z.shape[1]  # <- one-hot-missing
    return g * d / z.shape[0]


def next_label(g, z, label, eps):
    q = np.full(z.shape, eps / z.shape[1])
    q[np.arange(len(z)), (label + 1) % z.shape[1]] += 1 - eps  # <- labels-shifted
    return g * (np.exp(_log_softmax(z)) - q) / z.shape[0]


def reversed_batch_of_labels(g, z, label, eps):
    one_hot = np.eye(z.shape[1])[label[::-1]]  # <- labels-shifted
    q = (1 - eps) * one_hot + eps / z.shape[1]
    return g * (np.exp(_log_softmax(z)) - q) / z.shape[0]


def over_all_entries(g, z, label, eps):
    q = (1 - eps) * np.eye(z.shape[1])[label] + eps / z.shape[1]
    return g * (np.exp(_log_softmax(z)) - q) / z.size  # <- constant-factor
