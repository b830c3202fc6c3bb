"""The Mahalanobis distance |(x - mu) L| of each row, with the precision matrix L Lᵀ."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "mu": Floats("D"), "L": Floats("D", "D")}


def forward(x, mu, L):
    return np.sqrt((((x - mu) @ L) ** 2).sum(axis=1))


def backward(up, x, mu, L):
    diff = x - mu
    r = diff @ L
    dist = np.sqrt((r**2).sum(axis=1, keepdims=True))
    dr = up[:, None] * r / dist
    dx = dr @ L.T
    return dx, -dx.sum(axis=0), diff.T @ dr


def factor_transposed(up, x, mu, L):
    diff = x - mu
    r = diff @ L
    dist = np.sqrt((r**2).sum(axis=1, keepdims=True))
    dr = up[:, None] * r / dist
    dx = dr @ L  # <- transposed
    return dx, -dr.sum(axis=0) @ L.T, diff.T @ dr


def root_forgotten(up, x, mu, L):
    diff = x - mu
    r = diff @ L
    dr = 2 * up[:, None] * r  # <- missing-chain-factor
    dx = dr @ L.T
    return dx, -dx.sum(axis=0), diff.T @ dr


def minus_of_the_mean_forgotten(up, x, mu, L):
    diff = x - mu
    r = diff @ L
    dist = np.sqrt((r**2).sum(axis=1, keepdims=True))
    dr = up[:, None] * r / dist
    dx = dr @ L.T
    dmu = dx.sum(axis=0)  # <- sign-flipped
    return dx, dmu, diff.T @ dr


def mean_for_every_row(up, x, mu, L):
    diff = x - mu
    r = diff @ L
    dist = np.linalg.norm(r, axis=1)
    dr = (up / dist)[:, None] * r
    dx = dr @ L.T
    return dx, -dx, diff.T @ dr  # <- not-summed-over-broadcast
