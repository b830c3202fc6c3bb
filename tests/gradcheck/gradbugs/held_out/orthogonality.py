"""A penalty on the columns of W: lam / 4 |Wᵀ W - I|²."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"W": Floats("D", "H"), "lam": 0.2}


def forward(W, lam):
    G = W.T @ W - np.eye(W.shape[1])
    return lam / 4 * np.sum(G**2)


def backward(g, W, lam):
    G = W.T @ W - np.eye(W.shape[1])
    return g * lam * W @ G


def one_of_two_factors(g, W, lam):
    G = W.T @ W - np.eye(W.shape[1])
    dG = lam / 2 * G
    return g * W @ dG  # <- constant-factor | overwritten-not-accumulated


def gram_matrix_only(g, W, lam):
    G = W.T @ W  # <- missing-chain-factor | penalty-kind-confused
    return g * lam * W @ G


def product_with_w_left_out(g, W, lam):
    G = W.T @ W - np.eye(W.shape[1])
    return g * lam * G  # <- missing-chain-factor


def negative(g, W, lam):
    G = np.eye(W.shape[1]) - W.T @ W  # <- sign-flipped
    return g * lam * W @ G
