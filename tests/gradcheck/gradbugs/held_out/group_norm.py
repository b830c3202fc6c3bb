"""Group normalisation of (N, 6, L) in two groups of three channels, with scale and shift."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", 6, "L"), "gamma": Floats(6), "beta": Floats(6)}
_EPS = 1e-3


def forward(x, gamma, beta):
    n, c, length = x.shape
    groups = x.reshape(n, 2, 3 * length)
    mean = groups.mean(axis=2, keepdims=True)
    std = np.sqrt(groups.var(axis=2, keepdims=True) + _EPS)
    x_hat = ((groups - mean) / std).reshape(n, c, length)
    y = gamma[:, None] * x_hat + beta[:, None]
    return y, (x_hat, std, gamma)


def backward(dy, cache):
    x_hat, std, gamma = cache
    n, c, length = dy.shape
    d_gamma = (dy * x_hat).sum(axis=(0, 2))
    d_beta = dy.sum(axis=(0, 2))
    g = (dy * gamma[:, None]).reshape(n, 2, -1)
    h = x_hat.reshape(n, 2, -1)
    dx = (g - g.mean(2, keepdims=True) - h * (g * h).mean(2, keepdims=True)) / std
    return dx.reshape(n, c, length), d_gamma, d_beta


def shift_summed_over_batch_only(dy, cache):
    x_hat, std, gamma = cache
    n, c, length = dy.shape
    d_gamma = (dy * x_hat).sum(axis=(0, 2))
    d_beta = dy.sum(axis=0)  # <- not-summed-over-broadcast
    g = (dy * gamma[:, None]).reshape(n, 2, -1)
    h = x_hat.reshape(n, 2, -1)
    dx = (g - g.mean(2, keepdims=True) - h * (g * h).mean(2, keepdims=True)) / std
    return dx.reshape(n, c, length), d_gamma, d_beta


def statistics_of_channels(dy, cache):
    # as in instance norm
    x_hat, std, gamma = cache
    d_gamma = (dy * x_hat).sum(axis=(0, 2))
    d_beta = dy.sum(axis=(0, 2))
    g = dy * gamma[:, None]
    mean_g = g.mean(axis=2, keepdims=True)  # <- wrong-axis
    h = x_hat.reshape(dy.shape[0], 2, -1)
    gh = (g.reshape(h.shape) * h).mean(axis=2, keepdims=True)
    dx = (g - mean_g).reshape(h.shape) - h * gh
    return (dx / std).reshape(dy.shape), d_gamma, d_beta


def scale_left_out(dy, cache):
    x_hat, std, _ = cache
    n, c, length = dy.shape
    d_gamma = np.einsum("ncl,ncl->c", dy, x_hat)
    d_beta = np.einsum("ncl->c", dy)
    g = dy.reshape(n, 2, -1)  # <- missing-chain-factor
    h = x_hat.reshape(n, 2, -1)
    dx = (g - g.mean(2, keepdims=True) - h * (g * h).mean(2, keepdims=True)) / std
    return dx.reshape(n, c, length), d_gamma, d_beta
