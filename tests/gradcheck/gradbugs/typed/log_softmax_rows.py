"""log_softmax over the last axis."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"z": Floats("N", "C")}


def forward(z):
    m = z.max(axis=1, keepdims=True)
    return z - m - np.log(np.exp(z - m).sum(axis=1, keepdims=True))


def backward(dout, z):
    return dout - np.exp(forward(z)) * dout.sum(axis=1, keepdims=True)


def sum_of_dout_forgotten(dout, z):
    p = np.exp(forward(z))
    dz = dout - p  # <- upstream-ignored | upstream-nonlinear
    return dz


def only_its_own_entry(dout, z):
    p = np.exp(forward(z))
    dz = dout * (1 - p)  # <- jacobian-diagonal-only
    return dz


def log_sum_held_constant(dout, z):
    dz = np.zeros_like(dout)
    dz += dout  # <- statistics-held-constant
    return dz


def sum_over_the_examples(dout, z):
    p = np.exp(forward(z))
    total = np.sum(dout, axis=0)  # <- wrong-axis
    dz = dout - p * total
    return dz


def log_probabilities_for_probabilities(dout, z):
    out = forward(z)
    dz = np.zeros_like(dout)
    for i in range(z.shape[0]):
        dz[i] = dout[i] - out[i] * dout[i].sum()  # <- missing-chain-factor | output-for-input
    return dz
