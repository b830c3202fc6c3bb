"""log sum exp over the columns."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D")}


def forward(x):
    m = x.max(axis=1, keepdims=True)
    return (m + np.log(np.exp(x - m).sum(axis=1, keepdims=True)))[:, 0]


def backward(g, x):
    return g[:, None] * np.exp(x - forward(x)[:, None])


def exponentials_not_divided(g, x):
    m = x.max(axis=1, keepdims=True)
    return g[:, None] * np.exp(x - m)  # <- missing-chain-factor


def hard_maximum(g, x):
    dx = np.zeros_like(x)
    dx[np.arange(len(x)), x.argmax(axis=1)] = g  # <- missing-chain-factor | max-not-routed
    return dx


def softmax_of_all(g, x):
    e = np.exp(x - x.max())
    return g[:, None] * e / e.sum()  # <- wrong-axis


def one_over_the_sum(g, x):
    m = x.max(axis=1, keepdims=True)
    total = np.exp(x - m).sum(axis=1, keepdims=True)
    return g[:, None] / total * np.ones_like(x)  # <- missing-chain-factor


def twice_normalised(g, x):
    p = np.exp(x - forward(x)[:, None])
    p = np.exp(p) / np.exp(p).sum(axis=1, keepdims=True)  # <- softmax-twice
    return g[:, None] * p
