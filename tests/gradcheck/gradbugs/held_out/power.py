"""x ** p, elementwise with broadcasting: x of shape (N, D), p of shape (D,)."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D", low=0.5, high=2.0), "p": Floats("D", low=1.0, high=3.0)}


def forward(x, p):
    return x**p


def backward(dy, x, p):
    return dy * p * x ** (p - 1), np.sum(dy * x**p * np.log(x), axis=0)


def exponent_not_lowered(dy, x, p):
    dx = dy * p * x**p  # <- missing-chain-factor
    dp = np.sum(dy * x**p * np.log(x), axis=0)
    return dx, dp


def exponent_not_in_front(dy, x, p):
    dx = dy * x ** (p - 1)  # <- missing-chain-factor
    dp = np.sum(dy * x**p * np.log(x), axis=0)
    return dx, dp


def logarithm_of_the_exponent(dy, x, p):
    dx = dy * p * x ** (p - 1)
    dp = np.sum(dy * x**p * np.log(p), axis=0)  # <- swapped-arguments
    return dx, dp


def logarithm_of_the_output(dy, x, p):
    y = x**p
    dx = dy * p * y / x
    dp = np.sum(dy * y * np.log(y), axis=0)  # <- output-for-input
    return dx, dp


def exponents_of_each_row(dy, x, p):
    return dy * p * x ** (p - 1), dy * x**p * np.log(x)  # <- not-summed-over-broadcast


def exponents_get_the_mean(dy, x, p):
    dx = dy * p * x ** (p - 1)
    dp = np.average(dy * x**p * np.log(x), axis=0)  # <- constant-factor
    return dx, dp
