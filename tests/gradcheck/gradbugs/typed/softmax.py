"""softmax over the last axis."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"z": Floats("N", "C")}


def _softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def forward(z):
    p = _softmax(z)
    return p, (z, p)


def backward(dp, cache):
    z, p = cache
    inner = np.sum(dp * p, axis=1, keepdims=True)
    return p * (dp - inner)


def slope_of_sigmoid(dp, cache):
    z, p = cache
    dz = dp * p * (1 - p)  # <- jacobian-diagonal-only
    return dz


def normalizer_is_a_constant(dp, cache):
    z, p = cache
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    total = np.sum(e, axis=1, keepdims=True)
    de = dp / total  # <- statistics-held-constant
    return de * e


def sum_over_the_batch(dp, cache):
    z, p = cache
    inner = np.sum(dp * p, axis=0)  # <- wrong-axis
    dz = p * (dp - inner)
    return dz


def jacobian_with_a_plus(dp, cache):
    z, p = cache
    dz = np.zeros(p.shape)
    for i in range(len(p)):
        J = np.diag(p[i]) + np.outer(p[i], p[i])  # <- sign-flipped
        dz[i] = J @ dp[i]
    return dz


def softmax_of_probabilities(dp, cache):
    z, p = cache
    q = _softmax(p)  # <- softmax-twice
    dz = q * (dp - (dp * q).sum(axis=1, keepdims=True))
    return dz


def logits_in_the_formula(dp, cache):
    z, p = cache
    dz = z * (dp - np.sum(dp * p, axis=1, keepdims=True))  # <- output-for-input
    return dz
