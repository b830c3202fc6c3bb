"""Soft Dice loss of each image: 1 - (2 sum(p t) + 1) / (sum(p) + sum(t) + 1)."""

import numpy as np

from minireg.gradcheck import Booleans, Floats

INPUTS = {"p": Floats("N", "P", low=0.05, high=0.95), "t": Booleans("N", "P", share=0.4)}


def forward(p, t):
    num = 2 * np.sum(p * t, axis=1) + 1
    den = np.sum(p, axis=1) + np.sum(t, axis=1) + 1
    return 1 - num / den


def backward(g, p, t):
    num = (2 * np.sum(p * t, axis=1) + 1)[:, None]
    den = (np.sum(p, axis=1) + np.sum(t, axis=1) + 1)[:, None]
    return -g[:, None] * (2 * t * den - num) / den**2


def quotient_rule_with_plus(g, p, t):
    num = (2 * np.sum(p * t, axis=1) + 1)[:, None]
    den = (np.sum(p, axis=1) + np.sum(t, axis=1) + 1)[:, None]
    d_ratio = (2 * t * den + num) / den**2  # <- sign-flipped
    return -g[:, None] * d_ratio


def denominator_is_a_constant(g, p, t):
    den = (p.sum(1) + t.sum(1) + 1)[:, None]
    return -g[:, None] * 2 * t / den  # <- statistics-held-constant


def denominator_not_squared(g, p, t):
    out = np.zeros_like(p)
    for i in range(len(p)):
        num = 2 * (p[i] * t[i]).sum() + 1
        den = p[i].sum() + t[i].sum() + 1
        out[i] = -g[i] * (2 * t[i] * den - num) / den  # <- missing-chain-factor
    return out


def every_image_alike(g, p, t):
    num = (2 * np.sum(p * t, axis=1) + 1)[:, None]
    den = (np.sum(p, axis=1) + np.sum(t, axis=1) + 1)[:, None]
    return -(2 * t * den - num) / den**2  # <- upstream-ignored
