"""Maxout: the largest of three linear functions, for each unit."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "w": Floats("D", "U", 3), "b": Floats("U", 3)}


def forward(x, w, b):
    z = np.einsum("nd,duk->nuk", x, w) + b
    return z.max(axis=2)


def _pull_back(dz, x, w):
    dx = np.einsum("nuk,duk->nd", dz, w)
    dw = np.einsum("nd,nuk->duk", x, dz)
    return dx, dw, dz.sum(axis=0)


def backward(g, x, w, b):
    z = np.einsum("nd,duk->nuk", x, w) + b
    dz = g[:, :, None] * np.eye(3)[z.argmax(axis=2)]
    return _pull_back(dz, x, w)


def every_piece_gets_it(g, x, w, b):
    dz = np.repeat(g[:, :, None], 3, axis=2)  # <- max-not-routed
    return _pull_back(dz, x, w)


def shared_equally(g, x, w, b):
    dz = np.stack([g, g, g], axis=2) / 3  # <- max-not-routed
    return _pull_back(dz, x, w)


def bias_not_in_the_comparison(g, x, w, b):
    z = np.einsum("nd,duk->nuk", x, w)  # <- max-not-routed
    dz = np.zeros(z.shape)
    for i in range(z.shape[0]):
        for u in range(z.shape[1]):
            dz[i, u, z[i, u].argmax()] = g[i, u]
    return _pull_back(dz, x, w)


def mask_of_whole_numbers(g, x, w, b):
    z = np.einsum("nd,duk->nuk", x, w) + b
    dz = np.zeros(z.shape, dtype=int)
    rows, units = np.indices(g.shape)
    dz[rows, units, z.argmax(axis=2)] = g  # <- integer-input
    return _pull_back(dz, x, w)
