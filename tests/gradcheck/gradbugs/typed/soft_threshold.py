"""Soft threshold: sign(x) · max(|x| - threshold, 0), with one threshold for each column."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "threshold": Floats("D", low=0.2, high=0.9)}


def forward(x, threshold):
    return np.sign(x) * np.maximum(np.abs(x) - threshold, 0)


def backward(dout, x, threshold):
    dx = dout * (np.abs(x) > threshold)
    return dx, -(dx * np.sign(x)).sum(axis=0)


def small_entries_pass(dout, x, threshold):
    dx = np.array(dout)  # <- mask-missing
    active = np.abs(x) > threshold
    dthreshold = -np.sum(dout * np.sign(x) * active, axis=0)
    return dx, dthreshold


def only_positive_side(dout, x, threshold):
    mask = x > threshold
    dx = dout * mask  # <- zero-gradient
    outside = np.abs(x) > threshold
    dt = -(dout * outside * np.sign(x)).sum(axis=0)
    return dx, dt


def small_ones_in_place_of_large(dout, x, threshold):
    N, D = x.shape
    dx = np.zeros((N, D))
    dt = np.zeros(D)
    for i in range(N):
        for j in range(D):
            if abs(x[i, j]) < threshold[j]:  # <- mask-inverted
                dx[i, j] = dout[i, j]
                dt[j] -= np.sign(x[i, j]) * dout[i, j]
    return dx, dt


def sign_forgotten(dout, x, threshold):
    active = np.abs(x) > threshold
    dx = dout * active
    dt = -dx.sum(axis=0)  # <- missing-chain-factor
    return dx, dt


def minus_of_the_threshold_forgotten(dout, x, threshold):
    active = np.abs(x) > threshold
    s = np.sign(x)
    dx = dout * active
    dt = (s * dx).sum(axis=0)  # <- sign-flipped
    return dx, dt


def threshold_is_a_constant(dout, x, threshold):
    active = np.abs(x) > threshold
    dx = dout * active
    return dx, np.zeros_like(threshold)  # <- zero-gradient


def not_summed(dout, x, threshold):
    active = np.abs(x) > threshold
    dx = np.where(active, dout, 0.0)
    dt = -np.sign(x) * dx  # <- not-summed-over-broadcast
    return dx, dt
