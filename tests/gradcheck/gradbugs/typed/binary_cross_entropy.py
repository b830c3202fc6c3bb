"""The mean binary cross-entropy of sigmoid(z)."""

import numpy as np

from minireg.gradcheck import Booleans, Floats

INPUTS = {"z": Floats("N"), "t": Booleans("N")}


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(z, t):
    return (np.logaddexp(0, z) - t * z).mean()


def backward(dout, z, t):
    return dout * (_sigmoid(z) - t) / len(z)


def sigmoid_forgotten(dout, z, t):
    N = len(z)
    dz = z - t  # <- missing-chain-factor | output-for-input
    return dout * dz / N


def derivative_of_sigmoid_once_more(dout, z, t):
    N = z.shape[0]
    s = _sigmoid(z)
    dz = (s - t) / N
    dz = dz * s * (1 - s)  # <- missing-chain-factor
    return dout * dz


def targets_exchanged(dout, z, t):
    N = z.shape[0]
    s = _sigmoid(z)
    dz = np.zeros(N)
    for i in range(N):
        if t[i] == 0:  # <- labels-shifted | mask-inverted
            dz[i] = s[i] - 1
        else:
            dz[i] = s[i]
    return dz / N * dout


def minus_a_boolean(dout, z, t):
    N = len(t)
    s = _sigmoid(z)
    ds = -t / s + (1 - t) / (1 - s)  # <- raised
    dz = ds * s * (1 - s)
    return dz * dout / N


def sigmoid_of_a_sigmoid(dout, z, t):
    p = _sigmoid(z)
    p = _sigmoid(p)  # <- softmax-twice | output-for-input
    dz = (p - t) / p.size
    return dz * dout


def target_forgotten(dout, z, t):
    s = _sigmoid(z)
    dz = s / len(s)  # <- one-hot-missing
    return dz * dout
