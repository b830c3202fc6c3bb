"""relu(x @ W1 + b1) @ W2: a network with one hidden layer."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {
    "x": Floats("N", "D"),
    "W1": Floats("D", "H"),
    "b1": Floats("H"),
    "W2": Floats("H", "C"),
}


def forward(x, W1, b1, W2):
    z = x @ W1 + b1
    h = np.maximum(z, 0)
    return h @ W2, (x, W1, W2, z, h)


def backward(dout, cache):
    x, W1, W2, z, h = cache
    dW2 = h.T @ dout
    dh = dout @ W2.T
    dz = dh * (z > 0)
    dW1 = x.T @ dz
    db1 = dz.sum(axis=0)
    dx = dz @ W1.T
    return dx, dW1, db1, dW2


def relu_forgotten(dout, cache):
    x, W1, W2, z, h = cache
    dW2 = h.T @ dout
    dz = dout @ W2.T  # <- mask-missing
    dW1 = x.T @ dz
    db1 = dz.sum(axis=0)
    dx = dz @ W1.T
    return dx, dW1, db1, dW2


def relu_the_other_way_round(dout, cache):
    x, W1, W2, z, h = cache
    dW2 = h.T @ dout
    dh = dout @ W2.T
    dh[h > 0] = 0  # <- mask-inverted
    dW1 = x.T @ dh
    db1 = dh.sum(axis=0)
    dx = dh @ W1.T
    return dx, dW1, db1, dW2


def mask_of_the_gradient(dout, cache):
    x, W1, W2, z, h = cache
    dW2 = h.T @ dout
    dh = dout @ W2.T
    dh[dh <= 0] = 0  # <- mask-from-upstream
    dW1 = x.T @ dh
    db1 = np.sum(dh, axis=0)
    dx = dh @ W1.T
    return dx, dW1, db1, dW2


def hidden_layer_for_input(dout, cache):
    x, W1, W2, z, h = cache
    dW2 = h.T @ dout
    dz = (dout @ W2.T) * (z > 0)
    dW1 = h.T @ dz  # <- swapped-arguments | output-for-input
    db1 = dz.sum(axis=0)
    dx = dz @ W1.T
    return dx, dW1, db1, dW2


def saved_layer_becomes_the_mask(dout, cache):
    x, W1, W2, z, h = cache
    dW2 = h.T @ dout
    mask = h
    mask[mask > 0] = 1  # <- input-mutated
    dz = (dout @ W2.T) * mask
    dW1 = x.T @ dz
    db1 = dz.sum(axis=0)
    dx = dz @ W1.T
    return dx, dW1, db1, dW2


def hidden_bias_averaged(dout, cache):
    x, W1, W2, z, h = cache
    dW2 = h.T @ dout
    dz = (dout @ W2.T) * (z > 0)
    dW1 = x.T @ dz
    db1 = np.mean(dz, axis=0)  # <- constant-factor
    dx = dz @ W1.T
    return dx, dW1, db1, dW2
