"""Splitting into two heads: (N, T, 2 D) to (N, 2, T, D)."""

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "T", 6)}


def forward(x):
    n, t, _ = x.shape
    return x.reshape(n, t, 2, 3).transpose(0, 2, 1, 3)


def backward(g, x):
    return g.transpose(0, 2, 1, 3).reshape(x.shape).copy()


def reshaped_only(g, x):
    return g.reshape(x.shape).copy()  # <- order-not-undone


def axes_of_another_split(g, x):
    n, t, _ = x.shape
    return g.transpose(0, 2, 3, 1).reshape(n, t, 6).copy()  # <- order-not-undone


def first_reshaped_then_exchanged(g, x):
    n, t, _ = x.shape
    g = g.reshape(n, t, 2, 3)  # <- order-not-undone
    g = g.transpose(0, 2, 1, 3)
    return g.reshape(n, t, 6).copy()


def still_in_heads(g, x):
    g = g.transpose(0, 2, 1, 3)
    return g.copy()  # <- wrong-shape
