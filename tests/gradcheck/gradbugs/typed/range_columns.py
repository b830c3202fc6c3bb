"""The largest minus the smallest entry of each column."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D")}


def forward(x):
    return x.max(axis=0) - x.min(axis=0)


def backward(upstream, x):
    columns = np.arange(x.shape[1])
    dx = np.zeros_like(x)
    dx[x.argmax(axis=0), columns] += upstream
    dx[x.argmin(axis=0), columns] -= upstream
    return dx


def minimum_with_plus(upstream, x):
    N, D = x.shape
    dx = np.zeros((N, D))
    for j in range(D):
        dx[np.argmax(x[:, j]), j] += upstream[j]
        dx[np.argmin(x[:, j]), j] += upstream[j]  # <- sign-flipped
    return dx


def minimum_is_a_constant(upstream, x):
    columns = range(x.shape[1])
    dx = np.zeros_like(x)
    high = x.argmax(axis=0)
    dx[high, columns] = upstream
    return dx  # <- statistics-held-constant | zero-gradient


def first_and_last_row(upstream, x):
    dx = np.zeros_like(x)
    dx[-1] += upstream  # <- max-not-routed
    dx[x.argmin(axis=0), np.arange(x.shape[1])] -= upstream
    return dx


def largest_with_minus(upstream, x):
    columns = np.arange(x.shape[1])
    high = np.argmax(x, axis=0)
    low = np.argmax(-x, axis=0)
    dx = np.zeros_like(x)
    dx[low, columns] -= upstream
    dx[high, columns] = -upstream  # <- sign-flipped
    return dx


def second_one_starts_anew(upstream, x):
    columns = np.arange(x.shape[1])
    dx = np.zeros_like(x)
    dx[x.argmax(axis=0), columns] = upstream
    dx = np.zeros_like(x)  # <- overwritten-not-accumulated
    dx[x.argmin(axis=0), columns] = -upstream
    return dx
