"""Soft argmax: the expected position under a softmax of each row."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"z": Floats("N", "K"), "temperature": 0.7}


def _softmax(z, axis=1):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def forward(z, temperature):
    return _softmax(z / temperature) @ np.arange(z.shape[1])


def backward(g, z, temperature):
    p = _softmax(z / temperature)
    places = np.arange(z.shape[1])
    mean = (p @ places)[:, None]
    return g[:, None] * p * (places - mean) / temperature


def position_not_centred(g, z, temperature):
    p = _softmax(z / temperature)
    dp = g[:, None] * np.arange(z.shape[1])
    return p * dp / temperature  # <- jacobian-diagonal-only | statistics-held-constant


def only_own_entry(g, z, temperature):
    p = _softmax(z / temperature)
    dp = g[:, None] * np.arange(z.shape[1])
    return dp * p * (1 - p) / temperature  # <- jacobian-diagonal-only


def temperature_forgotten(g, z, temperature):
    p = _softmax(z / temperature)
    dp = g[:, None] * np.arange(z.shape[1])
    dz = p * (dp - (dp * p).sum(axis=1, keepdims=True))
    return dz  # <- constant-factor


def softmax_down_the_columns(g, z, temperature):
    p = _softmax(z / temperature, axis=0)  # <- wrong-axis
    places = np.arange(z.shape[1])
    mean = (p @ places)[:, None]
    return g[:, None] * p * (places - mean) / temperature


def gradient_of_columns_missing(g, z, temperature):
    p = _softmax(z / temperature)
    places = np.arange(z.shape[1])
    mean = (p @ places)[:, None]
    return g * p * (places - mean) / temperature  # <- raised
