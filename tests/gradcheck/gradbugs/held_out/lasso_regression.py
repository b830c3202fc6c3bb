"""Least squares with bias and a lasso: sum((x w + b - t)²) / 2 + lam sum|w|."""

import numpy as np

from minireg.gradcheck import Floats

_X = np.random.default_rng(11).normal(size=(9, 4))
INPUTS = {"w": Floats(4, 2), "b": Floats(2), "t": Floats(9, 2), "lam": 0.6}


def forward(w, b, t, lam):
    return 0.5 * ((_X @ w + b - t) ** 2).sum() + lam * np.abs(w).sum()


def backward(g, w, b, t, lam):
    r = g * (_X @ w + b - t)
    return _X.T @ r + g * lam * np.sign(w), r.sum(axis=0), -r


def bias_too(g, w, b, t, lam):
    r = g * (_X @ w + b - t)
    dw = _X.T @ r + g * lam * np.sign(w)
    db = r.sum(axis=0) + g * lam * np.sign(b)  # <- bias-regularized
    return dw, db, -r


def bias_decays_as_in_ridge(g, w, b, t, lam):
    params = {"w": w, "b": b}
    r = g * (_X @ w + b - t)
    grads = {"w": _X.T @ r + g * lam * np.sign(w), "b": r.sum(axis=0)}
    grads["b"] += g * lam * params["b"]  # <- bias-regularized
    return grads["w"], grads["b"], -r


def decay_instead(g, w, b, t, lam):
    r = g * (_X @ w + b - t)
    dw = _X.T @ r + g * lam * w  # <- penalty-kind-confused
    return dw, r.sum(axis=0), -r


def lam_per_sample(g, w, b, t, lam):
    r = g * (_X @ w + b - t)
    dw = _X.T @ r + g * lam / len(_X) * np.sign(w)  # <- penalty-scaled
    return dw, r.sum(axis=0), -r


def lam_forgotten(g, w, b, t, lam):
    r = g * (_X @ w + b - t)
    dw = _X.T @ r + g * np.sign(w)  # <- penalty-scaled
    return dw, r.sum(axis=0), -r


def sign_by_division(g, w, b, t, lam):
    r = g * (_X @ w + b - t)
    with np.errstate(all="ignore"):
        sign = np.abs(w) / w  # <- not-finite
    return _X.T @ r + g * lam * sign, r.sum(axis=0), -r


def bias_averaged(g, w, b, t, lam):
    r = g * (_X @ w + b - t)
    db = r.mean(axis=0)  # <- constant-factor
    return _X.T @ r + g * lam * np.sign(w), db, -r


def shrunk_towards_minus(g, w, b, t, lam):
    r = g * (_X @ w + b - t)
    dw = _X.T @ r - g * lam * np.sign(w)  # <- penalty-scaled | sign-flipped
    return dw, r.sum(axis=0), -r
