"""Least squares with an intercept: (|X theta - y|² + lam |theta without its first|²) / 2m.

The first column of X is 1, as in many courses.
"""

import numpy as np

from minireg.gradcheck import Floats

_X = np.column_stack([np.ones(11), np.random.default_rng(7).normal(size=(11, 4))])
INPUTS = {"theta": Floats(5), "X": _X, "y": Floats(11), "lam": 2.0}


def forward(theta, X, y, lam):
    m = len(y)
    h = X @ theta
    return ((h - y) @ (h - y) + lam * theta[1:] @ theta[1:]) / (2 * m)


def backward(g, theta, X, y, lam):
    m = len(y)
    residual = X @ theta - y
    grad = X.T @ residual / m
    grad[1:] += lam / m * theta[1:]
    return g * grad, -g * residual / m


def intercept_penalised(g, theta, X, y, lam):
    m = len(y)
    residual = X @ theta - y
    grad = (X.T @ residual + lam * theta) / m  # <- bias-regularized
    return g * grad, -g * residual / m


def penalty_overwrites(g, theta, X, y, lam):
    m = len(y)
    residual = X @ theta - y
    grad = X.T @ residual / m
    grad[1:] = lam / m * theta[1:]  # <- overwritten-not-accumulated
    return g * grad, -g * residual / m


def penalty_not_over_m(g, theta, X, y, lam):
    m = len(y)
    residual = X @ theta - y
    grad = X.T @ residual / m
    grad[1:] += lam * theta[1:]  # <- penalty-scaled
    return g * grad, -g * residual / m


def absolute_values(g, theta, X, y, lam):
    m = len(y)
    residual = X @ theta - y
    grad = X.T @ residual / m
    grad[1:] += lam / m * np.sign(theta[1:])  # <- penalty-kind-confused
    return g * grad, -g * residual / m


def targets_minus_predictions(g, theta, X, y, lam):
    m = len(y)
    residual = y - X @ theta  # <- sign-flipped
    grad = X.T @ residual / m
    grad[1:] += lam / m * theta[1:]
    return g * grad, g * residual / m


def not_times_upstream(g, theta, X, y, lam):
    m = len(y)
    residual = X @ theta - y
    grad = X.T @ residual / m
    grad[1:] += lam / m * theta[1:]
    return grad, -g * residual / m  # <- upstream-ignored
