"""Cosine similarity of the rows of a and b."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"a": Floats("N", "D"), "b": Floats("N", "D")}


def forward(a, b):
    na = np.linalg.norm(a, axis=1)
    nb = np.linalg.norm(b, axis=1)
    return (a * b).sum(axis=1) / (na * nb)


def backward(g, a, b):
    na = np.linalg.norm(a, axis=1, keepdims=True)
    nb = np.linalg.norm(b, axis=1, keepdims=True)
    c = (a * b).sum(axis=1, keepdims=True) / (na * nb)
    g = g[:, None]
    da = g * (b / (na * nb) - c * a / na**2)
    db = g * (a / (na * nb) - c * b / nb**2)
    return da, db


def norms_are_constants(g, a, b):
    na = np.linalg.norm(a, axis=1, keepdims=True)
    nb = np.linalg.norm(b, axis=1, keepdims=True)
    g = g[:, None] / (na * nb)  # <- statistics-held-constant
    return g * b, g * a


def gradients_exchanged(g, a, b):
    na = np.linalg.norm(a, axis=1, keepdims=True)
    nb = np.linalg.norm(b, axis=1, keepdims=True)
    c = forward(a, b)[:, None]
    g = g[:, None]
    da = g * (b / (na * nb) - c * a / na**2)
    db = g * (a / (na * nb) - c * b / nb**2)
    return db, da  # <- swapped-arguments


def norm_not_squared(g, a, b):
    na = np.sqrt((a**2).sum(1, keepdims=True))
    nb = np.sqrt((b**2).sum(1, keepdims=True))
    c = forward(a, b)[:, None]
    da = g[:, None] * (b / (na * nb) - c * a / na)  # <- missing-chain-factor
    db = g[:, None] * (a / (na * nb) - c * b / nb**2)
    return da, db


def normalised_in_place(g, a, b):
    na = np.linalg.norm(a, axis=1, keepdims=True)
    nb = np.linalg.norm(b, axis=1, keepdims=True)
    a /= na  # <- input-mutated
    v = b / nb
    c = (a * v).sum(axis=1, keepdims=True)
    return g[:, None] * (v - c * a) / na, g[:, None] * (a - c * v) / nb
