"""Images and kernels: cross-correlation without padding, with a bias for each kernel."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats(2, 2, 5, 4), "w": Floats(3, 2, 2, 2), "b": Floats(3)}


def forward(x, w, b):
    N, C, H, W = x.shape
    F, C, K, K = w.shape
    out = np.zeros((N, F, H - K + 1, W - K + 1))
    for i in range(H - K + 1):
        for j in range(W - K + 1):
            patch = x[:, :, i : i + K, j : j + K]
            out[:, :, i, j] = np.tensordot(patch, w, axes=([1, 2, 3], [1, 2, 3])) + b
    return out, (x, w)


def backward(dout, cache):
    x, w = cache
    N, F, H, W = dout.shape
    K = w.shape[-1]
    dx = np.zeros(x.shape)
    dw = np.zeros(w.shape)
    for i in range(H):
        for j in range(W):
            d = dout[:, :, i, j]
            patch = x[:, :, i : i + K, j : j + K]
            dx[:, :, i : i + K, j : j + K] += np.tensordot(d, w, axes=1)
            dw += np.tensordot(d.T, patch, axes=1)
    db = dout.sum(axis=(0, 2, 3))
    return dx, dw, db


def patches_overwrite(dout, cache):
    x, w = cache
    N, F, H, W = dout.shape
    K = w.shape[-1]
    dx = np.zeros(x.shape)
    dw = np.zeros(w.shape)
    for i in range(H):
        for j in range(W):
            d = dout[:, :, i, j]
            patch = x[:, :, i : i + K, j : j + K]
            dpatch = np.tensordot(d, w, axes=1)
            dx[:, :, i : i + K, j : j + K] = dpatch  # <- overwritten-not-accumulated
            dw += np.tensordot(d.T, patch, axes=1)
    db = dout.sum(axis=(0, 2, 3))
    return dx, dw, db


def last_image_only(dout, cache):
    x, w = cache
    N, F, H, W = dout.shape
    K = w.shape[-1]
    dx = np.zeros(x.shape)
    for n in range(N):
        dw = np.zeros(w.shape)  # <- overwritten-not-accumulated
        for f in range(F):
            for i in range(H):
                for j in range(W):
                    patch = x[n, :, i : i + K, j : j + K]
                    dw[f] += dout[n, f, i, j] * patch
                    dx[n, :, i : i + K, j : j + K] += dout[n, f, i, j] * w[f]
    db = np.sum(dout, axis=(0, 2, 3))
    return dx, dw, db


def kernel_rotated(dout, cache):
    x, w = cache
    N, F, H, W = dout.shape
    K = w.shape[-1]
    dx = np.zeros(x.shape)
    dw = np.zeros(w.shape)
    rotated = w[:, :, ::-1, ::-1]  # <- order-not-undone
    for i in range(H):
        for j in range(W):
            d = dout[:, :, i, j]
            patch = x[:, :, i : i + K, j : j + K]
            dx[:, :, i : i + K, j : j + K] += np.tensordot(d, rotated, axes=1)
            dw += np.tensordot(d.T, patch, axes=1)
    db = dout.sum(axis=(0, 2, 3))
    return dx, dw, db


def bias_for_each_image(dout, cache):
    x, w = cache
    N, F, H, W = dout.shape
    K = w.shape[-1]
    dx = np.zeros(x.shape)
    dw = np.zeros(w.shape)
    for i in range(H):
        for j in range(W):
            d = dout[:, :, i, j]
            patch = x[:, :, i : i + K, j : j + K]
            dx[:, :, i : i + K, j : j + K] += np.tensordot(d, w, axes=1)
            dw += np.tensordot(d.T, patch, axes=1)
    db = dout.sum(axis=(2, 3))  # <- not-summed-over-broadcast
    return dx, dw, db


def rows_and_columns_exchanged(dout, cache):
    x, w = cache
    N, F, H, W = dout.shape
    K = w.shape[-1]
    dx = np.zeros(x.shape)
    dw = np.zeros(w.shape)
    for f in range(F):
        for i in range(H):
            for j in range(W):
                d = dout[:, f, i, j].reshape(N, 1, 1, 1)
                patch = x[:, :, i : i + K, j : j + K]
                dx[:, :, i : i + K, j : j + K] += d * w[f]
                dw[f] += (d * patch).sum(axis=0).transpose(0, 2, 1)  # <- transposed
    db = dout.sum(axis=(0, 2, 3))
    return dx, dw, db
