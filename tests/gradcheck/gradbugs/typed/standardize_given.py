"""(x - mean) / std with given statistics."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "mean": Floats("D"), "std": Floats("D", low=0.5)}


def forward(x, mean, std):
    return (x - mean) / std


def backward(dout, x, mean, std):
    z = (x - mean) / std
    dx = dout / std
    dmean = -np.sum(dout, axis=0) / std
    dstd = -np.sum(dout * z, axis=0) / std
    return dx, dmean, dstd


def mean_gets_nothing(dout, x, mean, std):
    z = (x - mean) / std
    dx = dout / std
    dmean = np.zeros(len(mean))  # <- zero-gradient
    dstd = -np.sum(dout * z, axis=0) / std
    return dx, dmean, dstd


def std_without_minus(dout, x, mean, std):
    dx = dout / std
    dmean = -dx.sum(axis=0)
    dstd = np.sum(dout * (x - mean), axis=0) / std**2  # <- sign-flipped
    return dx, dmean, dstd


def statistics_of_each_row(dout, x, mean, std):
    z = (x - mean) / std
    dx = dout / std
    dmean = -dout / std  # <- not-summed-over-broadcast
    dstd = -np.sum(dout * z, axis=0) / std
    return dx, dmean, dstd


def std_left_out(dout, x, mean, std):
    z = (x - mean) / std
    dx = dout / std
    dmean = -np.sum(dout, axis=0)  # <- missing-chain-factor
    dstd = -np.sum(dout * z, axis=0) / std
    return dx, dmean, dstd


def statistics_exchanged(dout, x, mean, std):
    z = (x - mean) / std
    dx = dout / std
    dmean = -np.sum(dx, axis=0)
    dstd = -np.sum(dx * z, axis=0)
    return dx, dstd, dmean  # <- swapped-arguments


def input_for_standardized(dout, x, mean, std):
    dx = dout / std
    dmean = -np.sum(dx, axis=0)
    dstd = -np.sum(dx * x, axis=0)  # <- output-for-input
    return dx, dmean, dstd
