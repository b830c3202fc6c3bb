"""A bilinear layer: y[n, m] = u_n · A_m v_n."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"u": Floats("N", "D"), "v": Floats("N", "E"), "A": Floats("M", "D", "E")}


def forward(u, v, A):
    return np.einsum("nd,mde,ne->nm", u, A, v)


def backward(g, u, v, A):
    du = np.einsum("nm,mde,ne->nd", g, A, v)
    dv = np.einsum("nm,mde,nd->ne", g, A, u)
    dA = np.einsum("nm,nd,ne->mde", g, u, v)
    return du, dv, dA


def outer_product_the_other_way(g, u, v, A):
    du = np.einsum("nm,mde,ne->nd", g, A, v)
    dv = np.einsum("nm,mde,nd->ne", g, A, u)
    dA = np.einsum("nm,ne,nd->med", g, v, u)  # <- transposed
    return du, dv, dA


def matrices_of_the_last_row(g, u, v, A):
    du, dv = np.zeros_like(u), np.zeros_like(v)
    dA = np.zeros_like(A)
    for n in range(len(u)):
        for m in range(len(A)):
            du[n] += g[n, m] * A[m] @ v[n]
            dv[n] += g[n, m] * A[m].T @ u[n]
            dA[m] = g[n, m] * np.outer(u[n], v[n])  # <- overwritten-not-accumulated
    return du, dv, dA


def v_left_out(g, u, v, A):
    du = np.einsum("nm,mde->nd", g, A)  # <- missing-chain-factor
    dv = np.einsum("nm,mde,nd->ne", g, A, u)
    return du, dv, np.einsum("nm,nd,ne->mde", g, u, v)


def batch_not_summed(g, u, v, A):
    du = np.einsum("nm,mde,ne->nd", g, A, v)
    dv = np.einsum("nm,mde,nd->ne", g, A, u)
    dA = np.einsum("nm,nd,ne->nmde", g, u, v)  # <- not-summed-over-broadcast
    return du, dv, dA


def du_for_dv(g, u, v, A):
    du = np.einsum("nm,mde,ne->nd", g, A, v)
    dv = np.einsum("nm,mde,nd->ne", g, A, u)
    return dv, du, np.einsum("nm,nd,ne->mde", g, u, v)  # <- swapped-arguments


def unknown_axis(g, u, v, A):
    du = np.einsum("nm,mde,ne->nd", g, A, v)
    dv = np.einsum("nm,mde,nd->ne", g, A.transpose(0, 2, 1), u)  # <- transposed | raised
    return du, dv, np.einsum("nm,nd,ne->mde", g, u, v)
