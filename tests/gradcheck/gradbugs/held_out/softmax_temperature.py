"""softmax(z / temperature) of each row; the temperature is learned, one for each row."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"z": Floats("N", "C"), "temperature": Floats("N", 1, low=0.5, high=3.0)}


def forward(z, temperature):
    u = z / temperature
    e = np.exp(u - u.max(axis=1, keepdims=True))
    y = e / e.sum(axis=1, keepdims=True)
    return y, (z, temperature, y)


def backward(upstream, cache):
    z, T, y = cache
    du = y * (upstream - (upstream * y).sum(axis=1, keepdims=True))
    return du / T, -(du * z).sum(axis=1, keepdims=True) / T**2


def temperature_left_out(upstream, cache):
    z, T, y = cache
    du = y * (upstream - (upstream * y).sum(axis=1, keepdims=True))
    dz = du  # <- missing-chain-factor
    return dz, -(du * z).sum(axis=1, keepdims=True) / T**2


def diagonal_of_the_jacobian(upstream, cache):
    z, T, y = cache
    du = np.empty_like(y)
    for i, p in enumerate(y):
        J = np.diag(p * (1 - p))  # <- jacobian-diagonal-only
        du[i] = J @ upstream[i]
    return du / T, -(du * z).sum(axis=1, keepdims=True) / T**2


def off_diagonal_of_wrong_sign(upstream, cache):
    z, T, y = cache
    du = np.empty_like(y)
    for i, p in enumerate(y):
        J = np.diag(p) + np.outer(p, p)  # <- sign-flipped
        du[i] = J @ upstream[i]
    return du / T, -(du * z).sum(axis=1, keepdims=True) / T**2


def sum_over_the_batch(upstream, cache):
    z, T, y = cache
    du = y * (upstream - (upstream * y).sum(axis=0, keepdims=True))  # <- wrong-axis
    return du / T, -(du * z).sum(axis=1, keepdims=True) / T**2


def softmax_of_the_output(upstream, cache):
    z, T, y = cache
    p = np.exp(y) / np.exp(y).sum(axis=1, keepdims=True)  # <- softmax-twice
    du = p * (upstream - (upstream * p).sum(axis=1, keepdims=True))
    return du / T, -(du * z).sum(axis=1, keepdims=True) / T**2


def plus_for_the_temperature(upstream, cache):
    z, T, y = cache
    du = y * (upstream - (upstream * y).sum(axis=1, keepdims=True))
    dT = (du * z).sum(axis=1, keepdims=True) / T**2  # <- sign-flipped
    return du / T, dT


def one_temperature_for_each_entry(upstream, cache):
    z, T, y = cache
    du = y * (upstream - (upstream * y).sum(axis=1, keepdims=True))
    return du / T, -du * z / T**2  # <- not-summed-over-broadcast
