"""x + y, of equal shapes."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "y": Floats("N", "D")}


def forward(x, y):
    return x + y


def backward(up, x, y):
    return up.copy(), up.copy()


def the_same_array_twice(up, x, y):
    grad = 1.0 * up
    return grad, grad  # <- aliased-gradients


def upstream_handed_on(up, x, y):
    return up, up.copy()  # <- aliased-gradients


def product_rule(up, x, y):
    return up * y, up * 1.0  # <- missing-chain-factor


def total_of_all_calls(up, x, y, grads={}):  # noqa: B006
    grads[x.shape] = grads.get(x.shape, 0) + up  # <- stateful
    return grads[x.shape].copy(), up.copy()


def normalised(up, x, y):
    up = up / np.linalg.norm(up)  # <- upstream-nonlinear
    return up.copy(), up.copy()
