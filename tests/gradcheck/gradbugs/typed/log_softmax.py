"""log softmax over the last axis."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "C")}


def forward(x):
    shifted = x - x.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def backward(dout, x):
    p = np.exp(forward(x))
    return dout - p * dout.sum(axis=1, keepdims=True)


def sum_of_upstream_forgotten(dout, x):
    p = np.exp(forward(x))
    dx = dout - p  # <- upstream-ignored | upstream-nonlinear
    return dx


def log_probabilities_for_probabilities(dout, x):
    logp = forward(x)
    dx = dout - logp * dout.sum(axis=1, keepdims=True)  # <- output-for-input
    return dx


def sum_down_the_columns(dout, x):
    p = np.exp(forward(x))
    total = np.sum(dout, axis=0, keepdims=True)  # <- wrong-axis
    return dout - p * total


def entries_independent(dout, x):
    p = np.exp(forward(x))
    dx = dout * (1 - p)  # <- jacobian-diagonal-only
    return dx


def logsumexp_is_a_constant(dout, x):
    dx = dout.copy()  # <- statistics-held-constant
    return dx


def mean_for_sum(dout, x):
    p = np.exp(forward(x))
    total = np.mean(dout, axis=1, keepdims=True)  # <- constant-factor
    dx = dout - p * total
    return dx
