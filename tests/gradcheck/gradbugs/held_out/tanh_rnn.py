"""Two steps of a tanh RNN with the same weights: h = tanh(x_t Wx + h Wh + b)."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {
    "x": Floats("N", 2, "D"),
    "h0": Floats("N", "H"),
    "Wx": Floats("D", "H"),
    "Wh": Floats("H", "H"),
    "b": Floats("H"),
}


def forward(x, h0, Wx, Wh, b):
    h1 = np.tanh(x[:, 0] @ Wx + h0 @ Wh + b)
    h2 = np.tanh(x[:, 1] @ Wx + h1 @ Wh + b)
    return h2, (x, h0, h1, h2, Wx, Wh)


def backward(dh, cache):
    x, h0, h1, h2, Wx, Wh = cache
    dx = np.zeros_like(x)
    dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(dh.shape[1])
    for t, before, after in ((1, h1, h2), (0, h0, h1)):
        da = dh * (1 - after**2)
        dx[:, t] = da @ Wx.T
        dWx += x[:, t].T @ da
        dWh += before.T @ da
        db += da.sum(axis=0)
        dh = da @ Wh.T
    return dx, dh, dWx, dWh, db


def weights_of_the_first_step(dh, cache):
    x, h0, h1, h2, Wx, Wh = cache
    dx = np.zeros_like(x)
    dWx, db = np.zeros_like(Wx), np.zeros(dh.shape[1])
    for t, before, after in ((1, h1, h2), (0, h0, h1)):
        da = dh * (1 - after**2)
        dx[:, t] = da @ Wx.T
        dWx += x[:, t].T @ da
        dWh = before.T @ da  # <- overwritten-not-accumulated
        db += da.sum(axis=0)
        dh = da @ Wh.T
    return dx, dh, dWx, dWh, db


def through_the_wrong_side(dh, cache):
    x, h0, h1, h2, Wx, Wh = cache
    dx = np.zeros_like(x)
    dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(dh.shape[1])
    for t, before, after in ((1, h1, h2), (0, h0, h1)):
        da = dh * (1 - after**2)
        dx[:, t] = da @ Wx.T
        dWx += x[:, t].T @ da
        dWh += before.T @ da
        db += da.sum(axis=0)
        dh = da @ Wh  # <- transposed
    return dx, dh, dWx, dWh, db


def tanh_without_square(dh, cache):
    x, h0, h1, h2, Wx, Wh = cache
    da2 = dh * (1 - h2)  # <- missing-chain-factor
    dh1 = da2 @ Wh.T
    da1 = dh1 * (1 - h1**2)
    dx = np.stack([da1 @ Wx.T, da2 @ Wx.T], axis=1)
    dWx = x[:, 0].T @ da1 + x[:, 1].T @ da2
    dWh = h0.T @ da1 + h1.T @ da2
    return dx, da1 @ Wh.T, dWx, dWh, (da1 + da2).sum(axis=0)


def state_after_for_state_before(dh, cache):
    x, _, h1, h2, Wx, Wh = cache
    dx = np.zeros_like(x)
    dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(dh.shape[1])
    for t, after in ((1, h2), (0, h1)):
        da = dh * (1 - after**2)
        dx[:, t] = da @ Wx.T
        dWx += x[:, t].T @ da
        dWh += after.T @ da  # <- output-for-input
        db += da.sum(axis=0)
        dh = da @ Wh.T
    return dx, dh, dWx, dWh, db


def inputs_in_reverse(dh, cache):
    x, h0, h1, h2, Wx, Wh = cache
    da2 = dh * (1 - h2**2)
    da1 = (da2 @ Wh.T) * (1 - h1**2)
    dx = np.stack([da2 @ Wx.T, da1 @ Wx.T], axis=1)  # <- order-not-undone | swapped-arguments
    dWx = x[:, 0].T @ da1 + x[:, 1].T @ da2
    dWh = h0.T @ da1 + h1.T @ da2
    return dx, da1 @ Wh.T, dWx, dWh, (da1 + da2).sum(axis=0)
