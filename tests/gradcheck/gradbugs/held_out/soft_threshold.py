"""Soft threshold: sign(x) max(|x| - lam, 0), with a learned lam for each column."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "lam": Floats("D", low=0.2, high=0.8)}


def forward(x, lam):
    return np.sign(x) * np.maximum(np.abs(x) - lam, 0)


def backward(g, x, lam):
    big = np.abs(x) > lam
    return g * big, -(g * np.sign(x) * big).sum(axis=0)


def small_ones_pass(g, x, lam):
    big = np.abs(x) > lam
    dx = 1.0 * g  # <- mask-missing
    dlam = -(g * np.sign(x) * big).sum(axis=0)
    return dx, dlam


def lam_pushes_up(g, x, lam):
    big = np.abs(x) > lam
    return g * big, (g * np.sign(x) * big).sum(axis=0)  # <- sign-flipped


def sign_left_out(g, x, lam):
    big = np.abs(x) > lam
    dlam = -(g * big).sum(axis=0)  # <- missing-chain-factor
    return g * big, dlam


def the_dropped_ones(g, x, lam):
    small = np.abs(x) <= lam
    dx = g * small  # <- mask-inverted
    dlam = -(g * np.sign(x) * ~small).sum(axis=0)
    return dx, dlam


def threshold_of_the_gradient(g, x, lam):
    big = np.abs(x) > lam
    dx = np.sign(g) * np.maximum(np.abs(g) - lam, 0)  # <- upstream-nonlinear
    dlam = -(g * np.sign(x) * big).sum(axis=0)
    return dx, dlam


def one_threshold_for_each_entry(g, x, lam):
    big = np.abs(x) > lam
    return g * big, -g * np.sign(x) * big  # <- not-summed-over-broadcast
