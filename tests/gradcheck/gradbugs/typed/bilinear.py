"""xᵀ A z for each row of x and z."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "A": Floats("D", "H"), "z": Floats("N", "H")}


def forward(x, A, z):
    return np.sum((x @ A) * z, axis=1)


def backward(dout, x, A, z):
    d = dout[:, np.newaxis]
    dx = d * (z @ A.T)
    dA = x.T @ (d * z)
    dz = d * (x @ A)
    return dx, dA, dz


def matrix_without_upstream(dout, x, A, z):
    d = dout[:, np.newaxis]
    dx = d * (z @ A.T)
    dA = x.T @ z  # <- upstream-ignored
    dz = d * (x @ A)
    return dx, dA, dz


def new_axis_forgotten(dout, x, A, z):
    dx = dout * (z @ A.T)  # <- raised
    dA = x.T @ (dout[:, None] * z)
    dz = dout[:, None] * (x @ A)
    return dx, dA, dz


def matrix_transposed(dout, x, A, z):
    d = dout[:, np.newaxis]
    dx = d * (z @ A.T)
    dA = (d * z).T @ x  # <- transposed
    dz = d * (x @ A)
    return dx, dA, dz


def outer_products_overwrite(dout, x, A, z):
    N = x.shape[0]
    dx = np.zeros(x.shape)
    dz = np.zeros(z.shape)
    for n in range(N):
        dx[n] = dout[n] * A @ z[n]
        dA = dout[n] * np.outer(x[n], z[n])  # <- overwritten-not-accumulated
        dz[n] = dout[n] * x[n] @ A
    return dx, dA, dz


def vectors_exchanged(dout, x, A, z):
    d = dout.reshape(-1, 1)
    dx = d * (z @ A.T)
    dA = x.T @ (d * z)
    dz = d * (x @ A)
    return dz, dA, dx  # <- swapped-arguments


def row_product_forgotten(dout, x, A, z):
    d = dout.reshape(-1, 1)
    dx = d * A.sum(axis=1)  # <- missing-chain-factor
    dA = x.T @ (d * z)
    dz = d * (x @ A)
    return dx, dA, dz
