"""Every row of x is normalised, and its columns are scaled by gamma."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "gamma": Floats("D"), "eps": 1e-3}


def forward(x, gamma, eps):
    mu = x.mean(axis=1, keepdims=True)
    std = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    xhat = (x - mu) / std
    return gamma * xhat, (gamma, xhat, std)


def backward(dout, cache):
    gamma, xhat, std = cache
    dgamma = np.sum(dout * xhat, axis=0)
    d = dout * gamma
    m1 = d.mean(axis=1, keepdims=True)
    m2 = (d * xhat).mean(axis=1, keepdims=True)
    dx = (d - m1 - xhat * m2) / std
    return dx, dgamma


def means_as_in_batch_norm(dout, cache):
    gamma, xhat, std = cache
    dgamma = np.sum(dout * xhat, axis=0)
    d = dout * gamma
    m1 = d.mean(axis=1, keepdims=True)
    m2 = (d * xhat).mean(axis=0, keepdims=True)  # <- wrong-axis
    dx = (d - m1 - xhat * m2) / std
    return dx, dgamma


def variance_term_missing(dout, cache):
    gamma, xhat, std = cache
    dgamma = np.sum(dout * xhat, axis=0)
    d = dout * gamma
    m1 = d.mean(axis=1, keepdims=True)
    dx = (d - m1) / std  # <- statistics-held-constant
    return dx, dgamma


def scale_summed_over_each_row(dout, cache):
    gamma, xhat, std = cache
    dgamma = np.sum(dout * xhat, axis=1)  # <- wrong-axis
    d = dout * gamma
    m1 = d.mean(axis=1, keepdims=True)
    m2 = (d * xhat).mean(axis=1, keepdims=True)
    dx = (d - m1 - xhat * m2) / std
    return dx, dgamma


def scale_for_each_example(dout, cache):
    gamma, xhat, std = cache
    dgamma = dout * xhat  # <- not-summed-over-broadcast
    d = dout * gamma
    m1 = d.mean(axis=1, keepdims=True)
    m2 = (d * xhat).mean(axis=1, keepdims=True)
    dx = (d - m1 - xhat * m2) / std
    return dx, dgamma


def multiplied_by_std(dout, cache):
    gamma, xhat, std = cache
    dgamma = np.sum(dout * xhat, axis=0)
    d = dout * gamma
    m1 = d.mean(axis=1, keepdims=True)
    m2 = (d * xhat).mean(axis=1, keepdims=True)
    dx = (d - m1 - xhat * m2) * std  # <- missing-chain-factor
    return dx, dgamma


def keepdims_forgotten(dout, cache):
    gamma, xhat, std = cache
    dgamma = np.sum(dout * xhat, axis=0)
    d = dout * gamma
    m1 = d.mean(axis=1)  # <- raised | wrong-shape
    m2 = (d * xhat).mean(axis=1, keepdims=True)
    dx = (d - m1 - xhat * m2) / std
    return dx, dgamma
