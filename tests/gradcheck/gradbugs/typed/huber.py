"""Huber loss: the mean of d²/2 where |d| is at most delta, else delta · (|d| - delta/2)."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"prediction": Floats("N"), "target": Floats("N"), "delta": 0.7}


def forward(prediction, target, delta):
    size = np.abs(prediction - target)
    return np.where(size <= delta, size**2 / 2, delta * (size - delta / 2)).mean()


def backward(upstream, prediction, target, delta):
    d = prediction - target
    grad = upstream * np.clip(d, -delta, delta) / d.size
    return grad, -grad


def never_linear(upstream, prediction, target, delta):
    N = prediction.shape[0]
    d = prediction - target
    dp = upstream * d / N  # <- mask-missing | missing-chain-factor
    return dp, -dp


def delta_forgotten(upstream, prediction, target, delta):
    N = len(prediction)
    dp = np.zeros_like(prediction)
    for i in range(N):
        d = prediction[i] - target[i]
        if abs(d) <= delta:
            dp[i] = d
        else:
            dp[i] = np.sign(d)  # <- constant-factor
    dp = dp / N * upstream
    return dp, -dp


def mean_forgotten(upstream, prediction, target, delta):
    d = prediction - target
    inside = np.abs(d) <= delta
    dp = np.where(inside, d, delta * np.sign(d))
    dp = dp * upstream  # <- constant-factor
    return dp, -dp


def same_sign_for_the_target(upstream, prediction, target, delta):
    d = prediction - target
    dp = upstream * np.clip(d, -delta, delta) / d.size
    dt = dp.copy()  # <- sign-flipped
    return dp, dt


def one_array_for_both(upstream, prediction, target, delta):
    d = prediction - target
    dp = upstream * np.clip(d, -delta, delta) / d.size
    dt = dp  # <- aliased-gradients
    dt *= -1
    return dp, dt


def linear_part_in_the_middle(upstream, prediction, target, delta):
    d = prediction - target
    dp = np.where(np.abs(d) > delta, d, delta * np.sign(d))  # <- mask-inverted
    dp = dp * upstream / len(d)
    return dp, -1 * dp
