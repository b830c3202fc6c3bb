"""Group lasso: lam times the sum of the norms of the rows of W."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"W": Floats("I", "O"), "lam": 0.05}


def forward(W, lam):
    return lam * np.sqrt(np.sum(W**2, axis=1)).sum()


def backward(g, W, lam):
    norm = np.linalg.norm(W, axis=1, keepdims=True)
    return g * lam * W / np.where(norm > 0, norm, 1)


def groups_are_columns(g, W, lam):
    norm = np.sqrt(np.sum(W**2, axis=0, keepdims=True))  # <- wrong-axis
    return g * lam * W / np.where(norm > 0, norm, 1)


def ridge(g, W, lam):
    return g * 2 * lam * W  # <- penalty-kind-confused


def sign_of_each_weight(g, W, lam):
    return g * lam * np.sign(W)  # <- penalty-kind-confused


def without_lam(g, W, lam):
    norm = np.linalg.norm(W, axis=1, keepdims=True)
    return g * W / np.where(norm > 0, norm, 1)  # <- constant-factor | penalty-scaled
