"""PReLU: x where x > 0, else slope * x, with a learned slope for each channel."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "C"), "slope": Floats("C")}


def forward(x, slope):
    return np.where(x > 0, x, slope * x)


def backward(grad_out, x, slope):
    dx = np.where(x > 0, grad_out, slope * grad_out)
    dslope = np.where(x > 0, 0, x * grad_out).sum(axis=0)
    return dx, dslope


def slope_for_all_entries(grad_out, x, slope):
    dx = np.where(x > 0, grad_out, slope * grad_out)
    dslope = (x * grad_out).sum(axis=0)  # <- mask-missing
    return dx, dslope


def slope_not_summed(grad_out, x, slope):
    dx = np.where(x > 0, grad_out, slope * grad_out)
    dslope = np.where(x > 0, 0, x * grad_out)  # <- not-summed-over-broadcast
    return dx, dslope


def like_plain_relu(grad_out, x, slope):
    dx = grad_out * (x > 0)  # <- zero-gradient | missing-chain-factor
    dslope = (grad_out * x * (x <= 0)).sum(axis=0)
    return dx, dslope


def output_times_gradient(grad_out, x, slope):
    y = forward(x, slope)
    negative = x <= 0
    dx = grad_out * np.where(negative, slope, 1.0)
    dslope = np.sum(grad_out * y * negative, axis=0)  # <- output-for-input
    return dx, dslope


def one_slope_for_each_row(grad_out, x, slope):
    dx = np.where(x > 0, grad_out, slope * grad_out)
    dslope = np.where(x > 0, 0, x * grad_out).sum(axis=1)  # <- wrong-axis
    return dx, dslope
