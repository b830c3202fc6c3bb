"""tanh(x Wx + h Wh + b): one step of a recurrent network."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {
    "x": Floats("N", "D"),
    "h": Floats("N", "H"),
    "Wx": Floats("D", "H"),
    "Wh": Floats("H", "H"),
    "b": Floats("H"),
}


def forward(x, h, Wx, Wh, b):
    next_h = np.tanh(x @ Wx + h @ Wh + b)
    return next_h, (x, h, Wx, Wh, next_h)


def backward(dnext_h, cache):
    x, h, Wx, Wh, next_h = cache
    da = dnext_h * (1 - next_h**2)
    dx = da @ Wx.T
    dh = da @ Wh.T
    dWx = x.T @ da
    dWh = h.T @ da
    db = da.sum(axis=0)
    return dx, dh, dWx, dWh, db


def old_state_in_the_slope(dnext_h, cache):
    x, h, Wx, Wh, next_h = cache
    da = dnext_h * (1 - h**2)  # <- output-for-input | swapped-arguments
    dx = da @ Wx.T
    dh = da @ Wh.T
    dWx = x.T @ da
    dWh = h.T @ da
    db = da.sum(axis=0)
    return dx, dh, dWx, dWh, db


def state_weights_not_transposed(dnext_h, cache):
    x, h, Wx, Wh, next_h = cache
    da = dnext_h * (1 - next_h**2)
    dx = da @ Wx.T
    dh = da @ Wh  # <- transposed
    dWx = x.T @ da
    dWh = h.T @ da
    db = da.sum(axis=0)
    return dx, dh, dWx, dWh, db


def new_state_for_old(dnext_h, cache):
    x, h, Wx, Wh, next_h = cache
    da = dnext_h * (1 - next_h**2)
    dx = da @ Wx.T
    dh = da @ Wh.T
    dWx = x.T @ da
    dWh = next_h.T @ da  # <- output-for-input
    db = da.sum(axis=0)
    return dx, dh, dWx, dWh, db


def returned_out_of_order(dnext_h, cache):
    x, h, Wx, Wh, next_h = cache
    da = dnext_h * (1 - next_h**2)
    dx = da @ Wx.T
    dh = da @ Wh.T
    dWx = x.T @ da
    dWh = h.T @ da
    db = da.sum(axis=0)
    return dh, dx, dWx, dWh, db  # <- swapped-arguments


def slope_multiplied_into_the_upstream(dnext_h, cache):
    x, h, Wx, Wh, next_h = cache
    dnext_h *= 1 - next_h * next_h  # <- upstream-mutated
    dx = np.dot(dnext_h, Wx.T)
    dh = np.dot(dnext_h, Wh.T)
    dWx = np.dot(x.T, dnext_h)
    dWh = np.dot(h.T, dnext_h)
    db = np.sum(dnext_h, axis=0)
    return dx, dh, dWx, dWh, db


def tanh_forgotten_for_the_state(dnext_h, cache):
    x, h, Wx, Wh, next_h = cache
    da = dnext_h * (1 - next_h**2)
    dx = da @ Wx.T
    dh = dnext_h @ Wh.T  # <- missing-chain-factor
    dWx = x.T @ da
    dWh = h.T @ da
    db = da.sum(axis=0)
    return dx, dh, dWx, dWh, db
