"""x * sigmoid(gate): a gate for each entry."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "gate": Floats("N", "D")}


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(x, gate):
    return x * _sigmoid(gate)


def backward(dout, x, gate):
    s = _sigmoid(gate)
    dx = dout * s
    dgate = dout * x * s * (1 - s)
    return dx, dgate


def half_of_the_slope(dout, x, gate):
    s = _sigmoid(gate)
    dx = dout * s
    dgate = dout * x * s  # <- missing-chain-factor
    return dx, dgate


def slope_at_the_gate(dout, x, gate):
    s = _sigmoid(gate)
    dx = dout * s
    dgate = dout * x * gate * (1 - gate)  # <- output-for-input
    return dx, dgate


def gate_of_x(dout, x, gate):
    s = _sigmoid(gate)
    dx = dout * _sigmoid(x)  # <- swapped-arguments
    dgate = dout * x * s * (1 - s)
    return dx, dgate


def gradients_exchanged(dout, x, gate):
    s = _sigmoid(gate)
    ds = dout * x
    dgate = ds * s * (1 - s)
    dx = dout * s
    return dgate, dx  # <- swapped-arguments


def saved_gate_overwritten(dout, x, gate):
    gate[:] = _sigmoid(gate)  # <- input-mutated
    dx = dout * gate
    dgate = dout * x * gate * (1 - gate)
    return dx, dgate


def gate_is_a_switch(dout, x, gate):
    s = _sigmoid(gate)
    dx = dout * (gate > 0)  # <- missing-chain-factor
    dgate = dout * x * s * (1 - s)
    return dx, dgate
