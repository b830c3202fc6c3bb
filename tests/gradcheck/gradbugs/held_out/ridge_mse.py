"""Mean squared error of x @ w plus lam * sum(w²)."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "w": Floats("D", "M"), "t": Floats("N", "M"), "lam": 0.1}


def forward(x, w, t, lam):
    return ((x @ w - t) ** 2).mean() + lam * (w**2).sum()


def backward(g, x, w, t, lam):
    e = 2 * g * (x @ w - t) / t.size
    return e @ w.T, x.T @ e + 2 * lam * g * w, -e


def half_the_penalty(g, x, w, t, lam):
    e = 2 * g * (x @ w - t) / t.size
    dw = x.T @ e + lam * g * w  # <- penalty-scaled
    return e @ w.T, dw, -e


def penalty_subtracted(g, x, w, t, lam):
    e = 2 * g * (x @ w - t) / t.size
    dw = x.T @ e - 2 * lam * g * w  # <- penalty-scaled
    return e @ w.T, dw, -e


def penalty_forgotten(g, x, w, t, lam):
    dy = 2 * g * (x @ w - t) / t.size
    dx = dy @ w.T
    dw = x.T @ dy  # <- penalty-missing
    return dx, dw, -dy


def penalty_of_a_lasso(g, x, w, t, lam):
    e = 2 * g * (x @ w - t) / t.size
    dw = x.T @ e + lam * g * np.sign(w)  # <- penalty-kind-confused
    return e @ w.T, dw, -e


def squared_error_without_two(g, x, w, t, lam):
    e = g * (x @ w - t) / t.size  # <- constant-factor
    return e @ w.T, x.T @ e + 2 * lam * g * w, -e


def penalty_not_times_upstream(g, x, w, t, lam):
    e = 2 * g * (x @ w - t) / t.size
    dw = x.T @ e + 2 * lam * w  # <- upstream-ignored | upstream-nonlinear
    return e @ w.T, dw, -e


def averaged_over_rows(g, x, w, t, lam):
    e = 2 * g * (x @ w - t) / x.shape[0]  # <- constant-factor
    return e @ w.T, x.T @ e + 2 * lam * g * w, -e
