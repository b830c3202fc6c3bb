"""power: x ** n with a constant whole exponent n."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "n": 3}


def forward(x, n):
    return x**n


def backward(dout, x, n):
    return dout * n * x ** (n - 1)


def exponent_not_in_front(dout, x, n):
    dx = x ** (n - 1)  # <- constant-factor
    dx = dx * dout
    return dx


def exponent_not_reduced(dout, x, n):
    y = x**n
    dx = n * y  # <- missing-chain-factor | output-for-input
    return dx * dout


def reduced_exponent_in_front(dout, x, n):
    k = n - 1
    return dout * k * x**k  # <- constant-factor


def by_logarithm(dout, x, n):
    log_x = np.log(x)  # <- not-finite
    power = np.exp((n - 1) * log_x)
    return dout * n * power


def base_and_exponent_exchanged(dout, x, n):
    local = x * np.power(float(n), x - 1)  # <- swapped-arguments
    return dout * local
