"""The mean of log cosh(prediction - target)."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"prediction": Floats("N", "D"), "target": Floats("N", "D")}


def forward(prediction, target):
    e = np.abs(prediction - target)
    return np.mean(e + np.log1p(np.exp(-2 * e)) - np.log(2))


def backward(upstream, prediction, target):
    error = prediction - target
    d_error = upstream * np.tanh(error) / error.size
    return d_error, -d_error


def same_sign_for_target(upstream, prediction, target):
    error = prediction - target
    slope = np.tanh(error)
    d_prediction = upstream * slope / error.size
    d_target = upstream * slope / error.size  # <- sign-flipped
    return d_prediction, d_target


def only_rows_counted(upstream, prediction, target):
    n = len(prediction)  # <- constant-factor
    d = upstream * np.tanh(prediction - target) / n
    return d, -d


def sinh_only(upstream, prediction, target):
    # log(u)' = 1/u, cosh' = sinh
    e = prediction - target
    d = np.sinh(e)  # <- missing-chain-factor
    d = upstream * d / e.size
    return d, -d
