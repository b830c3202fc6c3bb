"""Columns scaled to length one."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"X": Floats("N", "D")}


def forward(X):
    return X / np.sqrt(np.sum(X**2, 0))


def backward(dLdY, X):
    len_ = np.sqrt(np.sum(X**2, 0))
    Y = X / len_
    return (dLdY - Y * np.sum(dLdY * Y, 0)) / len_


def length_is_a_constant(dLdY, X):
    len_ = np.sqrt(np.sum(np.power(X, 2), 0))
    dLdX = np.divide(dLdY, np.tile(len_, (X.shape[0], 1)))  # <- statistics-held-constant
    return dLdX


def projection_of_rows(dLdY, X):
    len_ = np.sqrt(np.sum(X**2, 0))
    Y = X / len_
    inner = np.sum(dLdY * Y, 1, keepdims=True)  # <- wrong-axis
    return (dLdY - Y * inner) / len_


def cubed_length_forgotten(dLdY, X):
    len_ = np.sqrt(np.sum(X**2, 0))
    first = dLdY / len_
    second = X * np.sum(dLdY * X, 0) / len_**2  # <- missing-chain-factor
    return first - second


def own_entry_only(dLdY, X):
    len_ = np.sqrt(np.sum(X**2, 0))
    Y = X / len_
    return dLdY * (1 - Y**2) / len_  # <- jacobian-diagonal-only


def gradient_scaled_to_one(dLdY, X):
    len_ = np.sqrt(np.sum(X**2, 0))
    Y = X / len_
    D = (dLdY - Y * np.sum(dLdY * Y, 0)) / len_
    return D / np.linalg.norm(D)  # <- upstream-nonlinear
