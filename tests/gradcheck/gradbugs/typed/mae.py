"""Mean absolute error; the targets are whole numbers."""

import numpy as np

from minireg.gradcheck import Floats, Integers

INPUTS = {"prediction": Floats("N"), "target": Integers("N", below=3)}


def forward(prediction, target):
    return np.abs(prediction - target).mean()


def backward(dout, prediction, target):
    return dout * np.sign(prediction - target) / len(prediction)


def sign_forgotten(dout, prediction, target):
    N = prediction.shape[0]
    diff = prediction - target
    dx = diff / N  # <- missing-chain-factor
    return dx * dout


def sum_for_mean(dout, prediction, target):
    diff = prediction - target
    dx = np.ones_like(diff)
    dx[diff < 0] = -1
    dx = dout * dx  # <- constant-factor
    return dx


def copy_of_the_target(dout, prediction, target):
    N = len(target)
    dx = np.zeros_like(target)  # <- integer-input
    for i in range(N):
        if prediction[i] > target[i]:
            dx[i] = dout / N
        elif prediction[i] < target[i]:
            dx[i] = -dout / N
    return dx


def signs_exchanged(dout, prediction, target):
    N = len(prediction)
    dx = np.where(prediction < target, 1.0, -1.0)  # <- sign-flipped
    return dx * dout / N


def only_where_too_large(dout, prediction, target):
    N = len(prediction)
    too_large = prediction > target
    dx = np.zeros(N)
    dx[too_large] = dout / N
    return dx  # <- zero-gradient | missing-chain-factor


def sign_by_division(dout, prediction, target):
    """Wrong only where the prediction is exactly the target."""
    diff = prediction - target
    sign = diff / np.abs(diff)  # <- not-finite
    return dout * sign / diff.size
