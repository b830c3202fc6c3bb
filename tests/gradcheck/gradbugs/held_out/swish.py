"""swish: x * sigmoid(x)."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D")}


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


def forward(x):
    return x * _sigmoid(x)


def backward(grad_output, x):
    sig = _sigmoid(x)
    return grad_output * (sig + x * sig * (1 - sig))


def second_product_overwrites(grad_output, x):
    sig = _sigmoid(x)
    grad_x = grad_output * sig
    grad_sig = grad_output * x
    grad_x = grad_sig * sig * (1 - sig)  # <- overwritten-not-accumulated
    return grad_x


def sigmoid_not_differentiated(grad_output, x):
    sig = _sigmoid(x)
    grad_x = grad_output * sig
    grad_x += grad_output * x  # <- missing-chain-factor
    return grad_x


def output_instead_of_sigmoid(grad_output, x):
    out = x * _sigmoid(x)
    # the slide says: f'(x) = f(x) + sigmoid(x) (1 - f(x))
    return grad_output * (x + _sigmoid(x) * (1 - out))  # <- output-for-input
