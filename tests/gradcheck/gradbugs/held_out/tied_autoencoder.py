"""A linear autoencoder with tied weights: the sum of (x w wᵀ - x)² / 2 over N."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "w": Floats("D", "H")}


def forward(x, w):
    return 0.5 * np.sum((x @ w @ w.T - x) ** 2) / len(x)


def backward(g, x, w):
    code = x @ w
    d_out = g * (code @ w.T - x) / len(x)
    d_code = d_out @ w
    dw = d_out.T @ code + x.T @ d_code
    dx = d_code @ w.T - d_out
    return dx, dw


def encoder_only(g, x, w):
    code = x @ w
    d_out = g * (code @ w.T - x) / len(x)
    dw = d_out.T @ code
    d_code = d_out @ w
    dw = x.T @ d_code  # <- overwritten-not-accumulated
    return d_code @ w.T - d_out, dw


def target_does_not_move(g, x, w):
    code = x @ w
    d_out = g * (code @ w.T - x) / len(x)
    d_code = d_out @ w
    dx = d_code @ w.T  # <- overwritten-not-accumulated
    return dx, d_out.T @ code + x.T @ d_code


def batch_size_forgotten(g, x, w):
    code = x @ w
    d_out = g * (code @ w.T - x)  # <- constant-factor
    d_code = d_out @ w
    return d_code @ w.T - d_out, d_out.T @ code + x.T @ d_code


def gradient_clipped(g, x, w):
    code = x @ w
    d_out = g * (code @ w.T - x) / len(x)
    d_code = d_out @ w
    dw = d_out.T @ code + x.T @ d_code
    dw = np.clip(dw, -0.5, 0.5)  # <- upstream-nonlinear
    return d_code @ w.T - d_out, dw
