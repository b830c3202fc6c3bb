"""Correlation of gray images (N, 4, 4) with one 3 x 3 filter, padded with zeros."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"img": Floats("N", 4, 4), "k": Floats(3, 3)}


def forward(img, k):
    pad = np.pad(img, ((0, 0), (1, 1), (1, 1)))
    out = np.zeros_like(img)
    for u in range(3):
        for v in range(3):
            out += k[u, v] * pad[:, u : u + 4, v : v + 4]
    return out


def backward(d, img, k):
    pad = np.pad(img, ((0, 0), (1, 1), (1, 1)))
    d_pad = np.zeros_like(pad)
    d_k = np.zeros_like(k)
    for u in range(3):
        for v in range(3):
            d_pad[:, u : u + 4, v : v + 4] += k[u, v] * d
            d_k[u, v] = (d * pad[:, u : u + 4, v : v + 4]).sum()
    return d_pad[:, 1:-1, 1:-1].copy(), d_k


def filter_not_rotated(d, img, k):
    # the gradient is a "same" correlation with the filter
    d_img = forward(d, k)  # <- order-not-undone
    pad = np.pad(img, ((0, 0), (1, 1), (1, 1)))
    d_k = np.zeros_like(k)
    for u in range(3):
        for v in range(3):
            d_k[u, v] = np.sum(d * pad[:, u : u + 4, v : v + 4])
    return d_img, d_k


def filter_transposed(d, img, k):
    pad = np.pad(img, ((0, 0), (1, 1), (1, 1)))
    d_img = forward(d, k[::-1, ::-1])
    d_k = np.zeros_like(k)
    for u in range(3):
        for v in range(3):
            d_k[v, u] = np.sum(d * pad[:, u : u + 4, v : v + 4])  # <- transposed
    return d_img, d_k


def padding_kept(d, img, k):
    pad = np.pad(img, ((0, 0), (1, 1), (1, 1)))
    d_pad, d_k = np.zeros_like(pad), np.zeros_like(k)
    for u in range(3):
        for v in range(3):
            d_pad[:, u : u + 4, v : v + 4] += k[u, v] * d
            d_k[u, v] = (d * pad[:, u : u + 4, v : v + 4]).sum()
    return d_pad, d_k  # <- wrong-shape


def padding_cut_at_the_end(d, img, k):
    pad = np.pad(img, ((0, 0), (1, 1), (1, 1)))
    d_pad, d_k = np.zeros_like(pad), np.zeros_like(k)
    for u in range(3):
        for v in range(3):
            d_pad[:, u : u + 4, v : v + 4] += k[u, v] * d
            d_k[u, v] = (d * pad[:, u : u + 4, v : v + 4]).sum()
    return d_pad[:, :-2, :-2].copy(), d_k  # <- order-not-undone


def filter_gradient_without_image(d, img, k):
    d_img = forward(d, k[::-1, ::-1])
    d_k = np.full((3, 3), d.sum())  # <- missing-chain-factor
    return d_img, d_k
