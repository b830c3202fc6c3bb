"""tanh."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D")}


def forward(x):
    return np.tanh(x)


def backward(upstream, x):
    t = np.tanh(x)
    return upstream * (1 - t**2)


def squared_input(upstream, x):
    derivative = 1 - x**2  # <- output-for-input
    return upstream * derivative


def square_forgotten(dout, x):
    t = np.tanh(x)
    dt = 1 - t  # <- missing-chain-factor
    dx = dout * dt
    return dx


def only_the_local_gradient(dout, x):
    y = np.tanh(x)
    dx = np.ones_like(dout)
    dx = dx * (1 - y * y)  # <- upstream-ignored
    return dx


def clipped_gradient(dout, x):
    dout = np.clip(dout, -0.6, 0.6)  # <- upstream-nonlinear
    y = np.tanh(x)
    dx = np.zeros_like(dout)
    for i in range(dout.shape[0]):
        dx[i] = dout[i] * (1 - y[i] ** 2)
    return dx


def multiplied_in_place(dout, x):
    t = np.tanh(x)
    dout *= 1 - t**2  # <- upstream-mutated
    dx = dout.copy()
    return dx


def y_minus_y_squared(dout, x):
    y = np.tanh(x)
    grad = y * (1 - y)  # <- missing-chain-factor
    return grad * dout
