"""a[k] @ b[k]: a product of matrices for each k."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"a": Floats(2, "N", "D"), "b": Floats(2, "D", "H")}


def forward(a, b):
    return a @ b


def backward(g, a, b):
    ga = g @ b.transpose(0, 2, 1)
    gb = a.transpose(0, 2, 1) @ g
    return ga, gb


def all_axes_reversed(g, a, b):
    ga = g @ b.T  # <- raised | transposed
    gb = np.swapaxes(a, 1, 2) @ g
    return ga, gb


def counted_from_one(g, a, b):
    K = a.shape[0]
    ga = np.zeros(a.shape)
    gb = np.zeros(b.shape)
    for k in range(K):
        ga[k] = g[k] @ b[k].T
    for k in range(1, K):  # <- zero-gradient
        gb[k] = a[k].T @ g[k]
    return ga, gb


def summed_over_the_batch(g, a, b):
    ga = np.einsum("knh,kdh->knd", g, b)
    gb = np.einsum("knd,knh->dh", a, g)  # <- wrong-shape | wrong-axis
    return ga, gb


def letters_exchanged(g, a, b):
    ga = np.einsum("knh,kdh->knd", g, b)
    gb = np.einsum("knd,knh->khd", a, g)  # <- transposed
    return ga, gb


def divided_by_the_batch(g, a, b):
    K = len(a)
    ga = g @ b.transpose(0, 2, 1) / K  # <- constant-factor
    gb = a.transpose(0, 2, 1) @ g
    return ga, gb
