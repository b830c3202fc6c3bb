"""A linear layer with weight normalisation: x @ W.T, each row of W is s * v / |v|."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "v": Floats("O", "D"), "s": Floats("O")}


def forward(x, v, s):
    norm = np.linalg.norm(v, axis=1, keepdims=True)
    return x @ (s[:, None] * v / norm).T


def backward(dy, x, v, s):
    norm = np.linalg.norm(v, axis=1, keepdims=True)
    unit = v / norm
    w = s[:, None] * unit
    dx = dy @ w
    dw = dy.T @ x
    ds = (dw * unit).sum(axis=1)
    dv = s[:, None] / norm * (dw - ds[:, None] * unit)
    return dx, dv, ds


def norm_is_a_constant(dy, x, v, s):
    norm = np.linalg.norm(v, axis=1, keepdims=True)
    dx = dy @ (s[:, None] * v / norm)
    dw = dy.T @ x
    ds = (dw * v / norm).sum(axis=1)
    dv = dw * s[:, None] / norm  # <- statistics-held-constant
    return dx, dv, ds


def unnormalised_direction(dy, x, v, s):
    norm = np.linalg.norm(v, axis=1, keepdims=True)
    unit = v / norm
    dx = dy @ (s[:, None] * unit)
    dw = dy.T @ x
    ds = (dw * v).sum(axis=1)  # <- missing-chain-factor
    dv = s[:, None] / norm * (dw - (dw * unit).sum(axis=1)[:, None] * unit)
    return dx, dv, ds


def plain_weights_for_x(dy, x, v, s):
    norm = np.linalg.norm(v, axis=1, keepdims=True)
    unit = v / norm
    dw = dy.T @ x
    ds = (dw * unit).sum(axis=1)
    dv = s[:, None] / norm * (dw - ds[:, None] * unit)
    dx = dy @ v  # <- missing-chain-factor | swapped-arguments
    return dx, dv, ds


def scale_summed_over_the_rows(dy, x, v, s):
    norm = np.linalg.norm(v, axis=1, keepdims=True)
    unit = v / norm
    dx = dy @ (s[:, None] * unit)
    dw = dy.T @ x
    along = (dw * unit).sum(axis=1, keepdims=True)
    dv = s[:, None] / norm * (dw - along * unit)
    return dx, dv, (dw * unit).sum(axis=0)  # <- wrong-axis
