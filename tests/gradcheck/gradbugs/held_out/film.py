"""Feature-wise modulation: x of shape (N, C, L) times scale (N, C) plus shift (N, C)."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "C", "L"), "scale": Floats("N", "C"), "shift": Floats("N", "C")}


def forward(x, scale, shift):
    return x * scale[:, :, None] + shift[:, :, None]


def backward(dout, x, scale, shift):
    return dout * scale[:, :, None], (dout * x).sum(axis=2), dout.sum(axis=2)


def batch_summed_for_the_shift(dout, x, scale, shift):
    dshift = dout.sum(axis=(0, 2))  # <- wrong-axis | wrong-shape
    return dout * scale[:, :, None], (dout * x).sum(axis=2), dshift


def mean_over_the_length(dout, x, scale, shift):
    dscale = (dout * x).mean(axis=2)  # <- constant-factor
    return dout * scale[:, :, None], dscale, dout.sum(axis=2)


def shift_for_scale(dout, x, scale, shift):
    dx = dout * shift[:, :, None]  # <- swapped-arguments
    return dx, (dout * x).sum(axis=2), dout.sum(axis=2)


def output_in_the_product(dout, x, scale, shift):
    y = forward(x, scale, shift)
    return dout * scale[:, :, None], (dout * y).sum(2), dout.sum(2)  # <- output-for-input


def scale_not_summed(dout, x, scale, shift):
    dscale = dout * x  # <- not-summed-over-broadcast
    return dout * scale[:, :, None], dscale, dout.sum(axis=2)


def shift_from_the_first_place(dout, x, scale, shift):
    dshift = dout[:, :, 0].copy()  # <- not-summed-over-broadcast
    return dout * scale[:, :, None], np.sum(dout * x, axis=2), dshift
