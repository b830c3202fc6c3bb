"""Radial basis functions: exp(-beta |x_i - c_j|²) of rows x_i and centres c_j."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "c": Floats("K", "D"), "beta": 0.2}


def forward(x, c, beta):
    diff = x[:, None, :] - c[None, :, :]
    return np.exp(-beta * (diff**2).sum(axis=2))


def backward(dphi, x, c, beta):
    diff = x[:, None, :] - c[None, :, :]
    phi = np.exp(-beta * (diff**2).sum(axis=2))
    ddiff = (dphi * phi * -2 * beta)[:, :, None] * diff
    return ddiff.sum(axis=1), -ddiff.sum(axis=0)


def centres_like_points(dphi, x, c, beta):
    diff = x[:, None, :] - c[None, :, :]
    phi = np.exp(-beta * (diff**2).sum(axis=2))
    ddiff = (dphi * phi * -2 * beta)[:, :, None] * diff
    return ddiff.sum(axis=1), ddiff.sum(axis=0)  # <- sign-flipped


def sums_exchanged(dphi, x, c, beta):
    diff = x[:, None, :] - c[None, :, :]
    phi = np.exp(-beta * (diff**2).sum(axis=2))
    ddiff = (dphi * phi * -2 * beta)[:, :, None] * diff
    return ddiff.sum(axis=0), -ddiff.sum(axis=1)  # <- wrong-axis | swapped-arguments


def beta_forgotten(dphi, x, c, beta):
    diff = x[:, None, :] - c[None, :, :]
    phi = np.exp(-beta * (diff**2).sum(axis=2))
    ddiff = (-2 * dphi * phi)[:, :, None] * diff  # <- constant-factor
    return ddiff.sum(axis=1), -ddiff.sum(axis=0)


def last_centre_only(dphi, x, c, beta):
    dx, dc = np.zeros_like(x), np.zeros_like(c)
    for i in range(len(x)):
        for j in range(len(c)):
            d = x[i] - c[j]
            g = -2 * beta * dphi[i, j] * np.exp(-beta * (d @ d)) * d
            dx[i] = g  # <- overwritten-not-accumulated
            dc[j] -= g
    return dx, dc


def outer_derivative_missing(dphi, x, c, beta):
    diff = x[:, None, :] - c[None, :, :]
    ddiff = (-2 * beta * dphi)[:, :, None] * diff  # <- missing-chain-factor
    return ddiff.sum(axis=1), -ddiff.sum(axis=0)
