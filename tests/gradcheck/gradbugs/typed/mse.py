"""Mean squared error over all entries."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"prediction": Floats("N", "D"), "target": Floats("N", "D")}


def forward(prediction, target):
    return ((prediction - target) ** 2).mean()


def backward(upstream, prediction, target):
    grad = 2 * upstream * (prediction - target) / prediction.size
    return grad, -grad


def two_forgotten(upstream, prediction, target):
    diff = prediction - target
    dpred = upstream * diff / diff.size  # <- constant-factor
    dtarget = -dpred
    return dpred, dtarget


def mean_over_rows_only(upstream, prediction, target):
    N, D = prediction.shape
    dpred = np.zeros((N, D))
    for i in range(N):
        for j in range(D):
            dpred[i, j] = 2 * (prediction[i, j] - target[i, j])
    dpred *= upstream / N  # <- constant-factor
    return dpred, -dpred


def target_minus_prediction(upstream, prediction, target):
    error = target - prediction  # <- sign-flipped
    dpred = 2 * error / error.size * upstream
    dtarget = -dpred
    return dpred, dtarget


def target_is_a_constant(upstream, prediction, target):
    diff = prediction - target
    dpred = 2.0 / diff.size * diff * upstream
    dtarget = np.zeros_like(target)  # <- zero-gradient
    return dpred, dtarget


def loss_is_the_end(upstream, prediction, target):
    n = prediction.size
    dpred = (2 / n) * (prediction - target)  # <- upstream-ignored
    return dpred, -dpred


def gradients_exchanged(upstream, prediction, target):
    scale = 2 * upstream / target.size
    dpred = scale * (prediction - target)
    dtarget = scale * (target - prediction)
    return dtarget, dpred  # <- swapped-arguments | sign-flipped
