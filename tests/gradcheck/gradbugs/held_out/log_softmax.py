"""log softmax of each row."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"z": Floats("N", "C")}


def forward(z):
    shifted = z - np.max(z, axis=1, keepdims=True)
    y = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    return y, y


def backward(grad, y):
    return grad - np.exp(y) * np.sum(grad, axis=1, keepdims=True)


def row_sum_forgotten(grad, y):
    return grad - np.exp(y)  # <- upstream-nonlinear | upstream-ignored


def one_number_for_the_batch(grad, y):
    return grad - np.exp(y) * np.sum(grad)  # <- wrong-axis


def own_gradient_only(grad, y):
    p = np.exp(y)
    dz = np.zeros_like(y)
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            dz[i, j] = grad[i, j] * (1 - p[i, j])  # <- jacobian-diagonal-only
    return dz


def log_probability_for_probability(grad, y):
    p = y  # <- output-for-input | missing-chain-factor
    return grad - p * np.sum(grad, axis=1, keepdims=True)


def softmax_of_the_exponentials(grad, y):
    p = np.exp(y)
    e = np.exp(p)
    p = e / e.sum(axis=1, keepdims=True)  # <- softmax-twice
    return grad - p * np.sum(grad, axis=1, keepdims=True)
