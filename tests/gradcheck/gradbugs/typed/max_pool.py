"""The maximum of each window of three neighbours, without overlap."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "L", 3)}


def forward(x):
    out = x.max(axis=2)
    return out, (x, out)


def backward(dout, cache):
    x, _ = cache
    dx = np.zeros_like(x)
    np.put_along_axis(dx, x.argmax(axis=2)[..., None], dout[..., None], axis=2)
    return dx


def first_of_each_window(dout, cache):
    x, _ = cache
    dx = np.zeros_like(x)
    dx[:, :, 0] = dout  # <- max-not-routed
    return dx


def average_pooling(dout, cache):
    x, _ = cache
    N, L, K = x.shape
    dx = np.zeros((N, L, K))
    for n in range(N):
        for i in range(L):
            dx[n, i, :] = dout[n, i] / K  # <- max-not-routed
    return dx


def value_for_gradient(dout, cache):
    x, out = cache
    dx = np.zeros_like(x)
    N, L, _ = x.shape
    for n in range(N):
        for i in range(L):
            k = x[n, i].argmax()
            dx[n, i, k] = out[n, i]  # <- upstream-ignored | output-for-input
    return dx


def everything_but_the_maximum(dout, cache):
    x, out = cache
    mask = x != out[:, :, None]  # <- mask-inverted | max-not-routed
    dx = mask * dout[:, :, None]
    return dx


def best_windows(dout, cache):
    x, _ = cache
    N, L, _ = x.shape
    best = x.max(axis=1, keepdims=True)  # <- wrong-axis
    mask = (x == best).astype(float)
    return mask * dout.reshape(N, L, 1)


def index_into_the_flat_array(dout, cache):
    x, _ = cache
    K = x.shape[2]
    dx = np.zeros(x.size)
    index = x.argmax(axis=2).ravel()
    for m in range(dout.size):
        dx[index[m]] += dout.ravel()[m]  # <- order-not-undone | max-not-routed
    return dx.reshape(-1, dout.shape[1], K)
