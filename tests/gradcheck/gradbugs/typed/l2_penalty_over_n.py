"""Mean of squared errors / 2 plus lam / (2 · N) · the sum of squared weights."""

import numpy as np

from minireg.gradcheck import Floats, Integers

INPUTS = {
    "x": Floats("N", "D"),
    "w": Floats("D"),
    "target": Integers("N", below=3),
    "lam": 1.7,
}


def forward(x, w, target, lam):
    N = len(target)
    return ((x @ w - target) ** 2).sum() / (2 * N) + lam / (2 * N) * (w**2).sum()


def backward(upstream, x, w, target, lam):
    derror = upstream * (x @ w - target) / len(target)
    return np.outer(derror, w), x.T @ derror + upstream * lam * w / len(target)


def not_divided_by_n(upstream, x, w, target, lam):
    N = x.shape[0]
    error = x @ w - target
    dw = x.T @ error / N + lam * w  # <- penalty-scaled
    dx = error[:, None] * w / N
    return upstream * dx, upstream * dw


def divided_by_the_number_of_weights(upstream, x, w, target, lam):
    N, D = x.shape
    error = x @ w - target
    dw = np.zeros(D)
    dx = np.zeros((N, D))
    for i in range(N):
        dw += error[i] * x[i] / N
        dx[i] = error[i] * w / N
    dw += lam * w / D  # <- penalty-scaled
    return upstream * dx, upstream * dw


def penalty_left_out(upstream, x, w, target, lam):
    N = len(x)
    derror = (x @ w - target) * upstream / N
    dx = derror.reshape(-1, 1) @ w.reshape(1, -1)
    dw = derror @ x  # <- penalty-missing
    return dx, dw


def sign_of_the_weights(upstream, x, w, target, lam):
    N = len(x)
    error = x @ w - target
    data = error @ x / N
    penalty = lam / N * np.sign(w)  # <- penalty-kind-confused
    dx = np.outer(error, w) / N
    return upstream * dx, upstream * (data + penalty)


def weights_decayed_in_place(upstream, x, w, target, lam):
    N = len(x)
    derror = upstream * (x @ w - target) / N
    dx = np.outer(derror, w)
    w *= upstream * lam / N  # <- input-mutated
    dw = x.T @ derror + w
    return dx, dw
