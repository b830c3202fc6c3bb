"""tanh(x @ W1) @ W2 + b2: a network with one hidden layer."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {
    "x": Floats("N", "D"),
    "W1": Floats("D", "H"),
    "W2": Floats("H", "C"),
    "b2": Floats("C"),
}


def forward(x, W1, W2, b2):
    a = np.dot(x, W1)
    h = np.tanh(a)
    y = np.dot(h, W2) + b2
    return y, (x, W1, W2, a, h)


def backward(delta, cache):
    x, W1, W2, a, h = cache
    db2 = np.sum(delta, axis=0)
    dW2 = np.dot(h.T, delta)
    delta1 = np.dot(delta, W2.T) * (1 - h**2)
    dW1 = np.dot(x.T, delta1)
    dx = np.dot(delta1, W1.T)
    return dx, dW1, dW2, db2


def slope_at_the_wrong_variable(delta, cache):
    x, W1, W2, a, h = cache
    db2 = np.sum(delta, axis=0)
    dW2 = np.dot(h.T, delta)
    delta1 = np.dot(delta, W2.T) * (1 - a**2)  # <- output-for-input
    dW1 = np.dot(x.T, delta1)
    dx = np.dot(delta1, W1.T)
    return dx, dW1, dW2, db2


def square_forgotten(delta, cache):
    x, W1, W2, a, h = cache
    db2 = np.sum(delta, axis=0)
    dW2 = np.dot(h.T, delta)
    dh = np.dot(delta, W2.T)
    delta1 = dh * (1 - h)  # <- missing-chain-factor
    dW1 = np.dot(x.T, delta1)
    dx = np.dot(delta1, W1.T)
    return dx, dW1, dW2, db2


def slope_of_sigmoid(delta, cache):
    x, W1, W2, a, h = cache
    db2 = np.sum(delta, axis=0)
    dW2 = np.dot(h.T, delta)
    dh = np.dot(delta, W2.T)
    delta1 = dh * h * (1 - h)  # <- missing-chain-factor
    dW1 = np.dot(x.T, delta1)
    dx = np.dot(delta1, W1.T)
    return dx, dW1, dW2, db2


def second_layer_before_tanh(delta, cache):
    x, W1, W2, a, h = cache
    db2 = np.sum(delta, axis=0)
    dW2 = np.dot(a.T, delta)  # <- output-for-input
    delta1 = np.dot(delta, W2.T) * (1 - h**2)
    dW1 = np.dot(x.T, delta1)
    dx = np.dot(delta1, W1.T)
    return dx, dW1, dW2, db2


def first_layer_not_trained(delta, cache):
    x, W1, W2, a, h = cache
    dW1 = np.zeros(W1.shape)  # <- zero-gradient
    db2 = np.sum(delta, axis=0)
    dW2 = np.dot(h.T, delta)
    delta1 = np.dot(delta, W2.T) * (1 - h**2)
    dx = np.dot(delta1, W1.T)
    return dx, dW1, dW2, db2


def saved_layer_squared(delta, cache):
    x, W1, W2, a, h = cache
    db2 = np.sum(delta, axis=0)
    dW2 = np.dot(h.T, delta)
    h *= h  # <- input-mutated
    delta1 = np.dot(delta, W2.T) * (1 - h)
    dW1 = np.dot(x.T, delta1)
    dx = np.dot(delta1, W1.T)
    return dx, dW1, dW2, db2
