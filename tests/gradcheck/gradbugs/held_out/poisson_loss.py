"""Poisson regression: the mean of exp(z) - k z, with counts k."""

import numpy as np

from minireg.gradcheck import Floats, Integers

INPUTS = {"z": Floats("N", "T", high=2.0), "k": Integers("N", "T", below=6)}


def forward(z, k):
    return np.mean(np.exp(z) - k * z)


def backward(dout, z, k):
    return dout * (np.exp(z) - k) / z.size


def exponential_forgotten(dout, z, k):
    return dout * (z - k) / z.size  # <- missing-chain-factor


def counts_minus_rate(dout, z, k):
    rate = np.exp(z)
    residual = k - rate  # <- sign-flipped
    return dout * residual / z.size


def sum_and_no_mean(dout, z, k):
    rate = np.exp(z)
    return dout * (rate - k)  # <- constant-factor


def stored_with_the_counts(dout, z, k):
    dz = np.zeros_like(k)
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            dz[i, j] = dout * (np.exp(z[i, j]) - k[i, j]) / z.size  # <- integer-input
    return dz
