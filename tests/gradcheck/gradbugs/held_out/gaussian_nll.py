"""Negative log-likelihood of a normal distribution with mean mu and log-variance s, the mean."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"mu": Floats("N"), "s": Floats("N", low=-2.0, high=2.0), "t": Floats("N")}


def forward(mu, s, t):
    return 0.5 * np.mean(s + (t - mu) ** 2 / np.exp(s))


def backward(g, mu, s, t):
    n = mu.size
    r = (mu - t) / np.exp(s)
    dmu = g * r / n
    ds = g * 0.5 * (1 - r * (mu - t)) / n
    return dmu, ds, -dmu


def one_half_kept(g, mu, s, t):
    n = mu.size
    r = (mu - t) / np.exp(s)
    dmu = g * 0.5 * r / n  # <- constant-factor
    ds = g * 0.5 * (1 - r * (mu - t)) / n
    return dmu, ds, -g * r / n


def variance_term_forgotten(g, mu, s, t):
    n = mu.size
    r = (mu - t) / np.exp(s)
    ds = -g * 0.5 * r * (mu - t) / n  # <- overwritten-not-accumulated | missing-chain-factor
    return g * r / n, ds, -g * r / n


def plus_for_minus(g, mu, s, t):
    n = mu.size
    r = (mu - t) / np.exp(s)
    ds = g * 0.5 * (1 + r * (mu - t)) / n  # <- sign-flipped
    return g * r / n, ds, -g * r / n


def gradient_of_the_variance(g, mu, s, t):
    # d/dv (log v + e²/v) = 1/v - e²/v²
    n = mu.size
    v = np.exp(s)
    dv = 0.5 * (1 / v - (mu - t) ** 2 / v**2)
    dmu = g * (mu - t) / v / n
    return dmu, g * dv / n, -dmu  # <- missing-chain-factor


def standard_deviation(g, mu, s, t):
    n = mu.size
    sigma = np.exp(s)
    r = (mu - t) / sigma**2  # <- missing-chain-factor
    e = (mu - t) / np.exp(s)
    return g * r / n, g * 0.5 * (1 - e * (mu - t)) / n, -g * e / n
