import numpy as np


def numeric_gradient(f, x, upstream):
    h = 1e-5
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        plus, minus = x.copy(), x.copy()
        plus[i] += h
        minus[i] -= h
        gradient[i] = np.sum(upstream * (f(plus) - f(minus))) / (2 * h)
    return gradient


def check(forward, backward, x, upstream):
    a = backward(upstream, x)
    n = numeric_gradient(forward, x, upstream)
    if np.shape(a) != x.shape:
        return False
    largest = np.abs(n).max()
    return bool(np.all(np.abs(a - n) <= 1e-5 * np.abs(n) + 1e-9 * largest))
