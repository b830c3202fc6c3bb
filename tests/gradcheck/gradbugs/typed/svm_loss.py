"""Multiclass hinge loss: the mean of sums of max(0, z_j - z_label + 1) over j ≠ label."""

import numpy as np

from minireg.gradcheck import Floats, Integers

INPUTS = {"z": Floats("N", "C"), "labels": Integers("N", below="C")}


def _margins(z, labels):
    rows = np.arange(len(z))
    margins = np.maximum(0, z - z[rows, labels][:, None] + 1)
    margins[rows, labels] = 0
    return margins


def forward(z, labels):
    return _margins(z, labels).sum() / len(z)


def backward(upstream, z, labels):
    dz = (_margins(z, labels) > 0).astype(float)
    dz[np.arange(len(z)), labels] = -dz.sum(axis=1)
    return upstream * dz / len(z)


def label_assigned(upstream, z, labels):
    N, C = z.shape
    dz = np.zeros((N, C))
    for i in range(N):
        for j in range(C):
            if j == labels[i]:
                continue
            if z[i, j] - z[i, labels[i]] + 1 > 0:
                dz[i, j] = 1
                dz[i, labels[i]] = -1  # <- overwritten-not-accumulated
    return upstream * dz / N


def label_not_pushed(upstream, z, labels):
    N, C = z.shape
    dz = np.zeros((N, C))
    for i in range(N):
        correct = z[i, labels[i]]
        for j in range(C):
            if j != labels[i] and z[i, j] - correct + 1 > 0:
                dz[i, j] += 1
    dz = dz / N  # <- one-hot-missing
    return upstream * dz


def all_margins_count(upstream, z, labels):
    N, C = z.shape
    dz = np.ones((N, C))  # <- mask-missing
    dz[np.arange(N), labels] = 0
    dz[np.arange(N), labels] = -dz.sum(axis=1)
    return upstream * dz / N


def count_over_the_batch(upstream, z, labels):
    N = len(z)
    mask = (_margins(z, labels) > 0).astype(float)
    count = mask.sum(axis=0)[labels]  # <- wrong-axis
    mask[np.arange(N), labels] -= count
    return upstream * mask / N


def divided_twice(upstream, z, labels):
    N = z.shape[0]
    dz = (_margins(z, labels) > 0) / N
    dz[np.arange(N), labels] = -dz.sum(axis=1)
    dz /= N  # <- constant-factor
    return dz * upstream


def margin_in_place_of_one(upstream, z, labels):
    N = z.shape[0]
    dz = _margins(z, labels)  # <- missing-chain-factor
    dz[np.arange(N), labels] -= dz.sum(axis=1)
    return upstream * dz / N
