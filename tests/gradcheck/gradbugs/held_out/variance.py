"""The variance of each column."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D")}


def forward(x):
    return ((x - x.mean(axis=0)) ** 2).mean(axis=0)


def backward(g, x):
    return g * 2 * (x - x.mean(axis=0)) / len(x)


def not_centred(g, x):
    return g * 2 * x / len(x)  # <- missing-chain-factor


def unbiased(g, x):
    return g * 2 * (x - x.mean(axis=0)) / (len(x) - 1)  # <- constant-factor


def mean_of_everything(g, x):
    return g * 2 * (x - x.mean()) / len(x)  # <- wrong-axis


def centred_in_place(g, x):
    x -= x.mean(axis=0)  # <- input-mutated
    return 2 / len(x) * g * x


def product_with_ones(g, x):
    n = len(x)
    d = x - np.ones((n, 1)) @ x.mean(axis=0, keepdims=True)
    return 2 / n * d  # <- upstream-ignored
