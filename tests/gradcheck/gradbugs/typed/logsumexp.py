"""log of the sum of exp over each row."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"z": Floats("N", "C")}


def forward(z):
    m = z.max(axis=1)
    return m + np.log(np.exp(z - m[:, None]).sum(axis=1))


def backward(dout, z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return dout[:, None] * e / e.sum(axis=1, keepdims=True)


def sum_forgotten(dout, z):
    m = z.max(axis=1, keepdims=True)
    e = np.exp(z - m)
    dz = e * dout[:, None]  # <- missing-chain-factor
    return dz


def sum_over_everything(dout, z):
    e = np.exp(z - z.max())
    dz = e / np.sum(e)  # <- wrong-axis
    dz *= dout[:, None]
    return dz


def numerator_forgotten(dout, z):
    m = z.max(axis=1, keepdims=True)
    total = np.exp(z - m).sum(axis=1, keepdims=True)
    dz = np.ones_like(z) / total  # <- missing-chain-factor
    return dz * dout[:, None]


def treated_as_a_maximum(dout, z):
    dz = np.zeros_like(z)
    for i in range(z.shape[0]):
        j = z[i].argmax()
        dz[i, j] = dout[i]  # <- zero-gradient | missing-chain-factor
    return dz


def softmax_rows_without_keepdims(dout, z):
    e = np.exp(z)
    p = e / e.sum(axis=1)  # <- raised
    return p * dout[:, None]


def softmax_of_the_softmax(dout, z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    q = np.exp(p) / np.exp(p).sum(axis=1, keepdims=True)  # <- softmax-twice
    return q * dout[:, None]
