"""A two-layer network as a loss: linear, ReLU, linear, softmax cross-entropy, 0.5 reg |W|²."""

import numpy as np

from minireg.gradcheck import Floats, Integers

INPUTS = {
    "W1": Floats(5, "H"),
    "b1": Floats("H"),
    "W2": Floats("H", "C"),
    "b2": Floats("C"),
    "X": np.random.default_rng(3).normal(size=(6, 5)),
    "y": Integers(6, below="C"),
    "reg": 0.05,
}


def forward(W1, b1, W2, b2, X, y, reg):
    a1 = np.maximum(0, X @ W1 + b1)
    s = a1 @ W2 + b2
    s = s - s.max(axis=1, keepdims=True)
    p = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
    log_p = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    loss = -log_p[np.arange(len(y)), y].mean()
    loss += 0.5 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
    return loss, (W1, W2, X, y, reg, a1, p)


def backward(dloss, cache):
    W1, W2, X, y, reg, a1, p = cache
    N = X.shape[0]
    ds = p.copy()
    ds[np.arange(N), y] -= 1
    ds *= dloss / N
    dW2 = a1.T @ ds + dloss * reg * W2
    db2 = ds.sum(axis=0)
    da1 = ds @ W2.T
    dz1 = da1 * (a1 > 0)
    dW1 = X.T @ dz1 + dloss * reg * W1
    db1 = dz1.sum(axis=0)
    return dW1, db1, dW2, db2


def relu_not_differentiated(dloss, cache):
    W1, W2, X, y, reg, a1, p = cache
    N = X.shape[0]
    ds = p.copy()
    ds[np.arange(N), y] -= 1
    ds *= dloss / N
    dW2 = a1.T @ ds + dloss * reg * W2
    db2 = ds.sum(axis=0)
    dz1 = ds @ W2.T  # <- mask-missing
    dW1 = X.T @ dz1 + dloss * reg * W1
    db1 = dz1.sum(axis=0)
    return dW1, db1, dW2, db2


def relu_of_the_gradient(dloss, cache):
    W1, W2, X, y, reg, a1, p = cache
    N = X.shape[0]
    ds = p.copy()
    ds[np.arange(N), y] -= 1
    ds *= dloss / N
    dW2 = a1.T @ ds + dloss * reg * W2
    db2 = ds.sum(axis=0)
    da1 = ds @ W2.T
    dz1 = np.maximum(0, da1)  # <- mask-from-upstream
    dW1 = X.T @ dz1 + dloss * reg * W1
    db1 = dz1.sum(axis=0)
    return dW1, db1, dW2, db2


def first_penalty_twice_as_large(dloss, cache):
    W1, W2, X, y, reg, a1, p = cache
    N = X.shape[0]
    ds = p.copy()
    ds[np.arange(N), y] -= 1
    ds *= dloss / N
    dz1 = ds @ W2.T * (a1 > 0)
    dW2 = a1.T @ ds + dloss * reg * W2
    dW1 = X.T @ dz1 + dloss * 2 * reg * W1  # <- penalty-scaled
    return dW1, dz1.sum(axis=0), dW2, ds.sum(axis=0)


def second_layer_without_penalty(dloss, cache):
    W1, W2, X, y, reg, a1, p = cache
    N = X.shape[0]
    ds = p.copy()
    ds[np.arange(N), y] -= 1
    ds *= dloss / N
    dW2 = a1.T @ ds  # <- penalty-missing
    db2 = ds.sum(axis=0)
    dz1 = ds @ W2.T * (a1 > 0)
    dW1 = X.T @ dz1 + dloss * reg * W1
    db1 = dz1.sum(axis=0)
    return dW1, db1, dW2, db2


def biases_exchanged(dloss, cache):
    W1, W2, X, y, reg, a1, p = cache
    N = X.shape[0]
    ds = p.copy()
    ds[np.arange(N), y] -= 1
    ds *= dloss / N
    dW2 = a1.T @ ds + dloss * reg * W2
    dz1 = ds @ W2.T * (a1 > 0)
    dW1 = X.T @ dz1 + dloss * reg * W1
    return dW1, ds.sum(axis=0), dW2, dz1.sum(axis=0)  # <- swapped-arguments


def saved_probabilities_changed(dloss, cache):
    W1, W2, X, y, reg, a1, p = cache
    ds = p
    ds[np.arange(len(y)), y] -= 1  # <- input-mutated
    ds = ds * dloss / len(y)
    dz1 = ds @ W2.T * (a1 > 0)
    dW1 = X.T @ dz1 + dloss * reg * W1
    dW2 = a1.T @ ds + dloss * reg * W2
    return dW1, dz1.sum(axis=0), dW2, ds.sum(axis=0)


def labels_not_subtracted(dloss, cache):
    W1, W2, X, y, reg, a1, p = cache
    ds = p * dloss / len(y)  # <- one-hot-missing
    dz1 = ds @ W2.T * (a1 > 0)
    dW1 = X.T @ dz1 + dloss * reg * W1
    dW2 = a1.T @ ds + dloss * reg * W2
    return dW1, dz1.sum(axis=0), dW2, ds.sum(axis=0)


def features_for_hidden_units(dloss, cache):
    W1, W2, X, y, reg, a1, p = cache
    ds = p.copy()
    ds[np.arange(len(y)), y] -= 1
    ds *= dloss / len(y)
    dz1 = ds @ W2.T * (a1 > 0)
    dW1 = X.T @ dz1 + dloss * reg * W1
    dW2 = X.T @ ds + dloss * reg * W2  # <- swapped-arguments | raised
    return dW1, dz1.sum(axis=0), dW2, ds.sum(axis=0)
