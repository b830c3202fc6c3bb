"""The last step of a GRU: (1 - z) * n + z * h, with z = sigmoid(a) and n = tanh(c)."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"a": Floats("N", "H"), "c": Floats("N", "H"), "h": Floats("N", "H")}


def forward(a, c, h):
    z = 1 / (1 + np.exp(-a))
    n = np.tanh(c)
    return (1 - z) * n + z * h, (z, n, h)


def backward(g, cache):
    z, n, h = cache
    dz = g * (h - n)
    return dz * z * (1 - z), g * (1 - z) * (1 - n**2), g * z


def gates_exchanged(g, cache):
    z, n, h = cache
    da = g * (h - n) * z * (1 - z)
    dc = g * z * (1 - n**2)  # <- swapped-arguments
    dh = g * z
    return da, dc, dh


def gate_sees_the_state_only(g, cache):
    z, n, h = cache
    dn = g * (1 - z)
    dz = g * h  # <- overwritten-not-accumulated
    dh = g * z
    return dz * z * (1 - z), dn * (1 - n * n), dh


def candidate_added(g, cache):
    z, n, h = cache
    dz = g * n + g * h  # <- sign-flipped
    return dz * z * (1 - z), g * (1 - z) * (1 - n**2), g * z


def gate_not_differentiated(g, cache):
    z, n, h = cache
    da = g * (h - n)  # <- missing-chain-factor
    dc = g * (1 - z) * (1 - n**2)
    return da, dc, g * z


def tanh_of_tanh(g, cache):
    z, n, h = cache
    slope = 1 - np.tanh(n) ** 2  # <- output-for-input
    return g * (h - n) * z * (1 - z), g * (1 - z) * slope, g * z
