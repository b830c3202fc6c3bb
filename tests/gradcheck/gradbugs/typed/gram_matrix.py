"""x @ x.T: the scalar products of all rows, in which x is used twice."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D")}


def forward(x):
    return x @ x.T


def backward(dout, x):
    return dout @ x + dout.T @ x


def only_the_left_factor(dout, x):
    dx = dout @ x  # <- overwritten-not-accumulated
    return dx


def second_factor_overwrites(dout, x):
    dx = dout @ x
    dx = dout.T @ x  # <- overwritten-not-accumulated
    return dx


def upstream_taken_for_symmetric(dout, x):
    dx = 2 * dout @ x  # <- transposed
    return dx


def pairs_in_a_loop(dout, x):
    N, D = x.shape
    dx = np.zeros((N, D))
    for i in range(N):
        for j in range(N):
            dx[i] += dout[i, j] * x[j]
            dx[j] += dout[i, j] * x[j]  # <- swapped-arguments
    return dx


def squares_only(dout, x):
    diagonal = np.diag(dout)
    dx = 2 * diagonal[:, None] * x  # <- jacobian-diagonal-only
    return dx
