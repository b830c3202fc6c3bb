"""Inverted dropout with a given mask: x * mask / (1 - p)."""

import numpy as np

from minireg.gradcheck import Booleans, Floats

INPUTS = {"x": Floats("N", "D"), "mask": Booleans("N", "D", share=0.7), "p": 0.3}


def forward(x, mask, p):
    return x * mask / (1 - p)


def backward(dout, x, mask, p):
    return dout * mask / (1 - p)


def scale_forgotten(dout, x, mask, p):
    return dout * mask  # <- constant-factor


def scaled_by_the_drop_rate(dout, x, mask, p):
    return dout * mask / p  # <- constant-factor


def mask_forgotten(dout, x, mask, p):
    dx = dout / (1 - p)  # <- mask-missing
    return dx


def dropped_units_learn(dout, x, mask, p):
    dx = dout / (1 - p)
    dx[mask] = 0  # <- mask-inverted
    return dx


def new_mask(dout, x, mask, p):
    mask = np.random.rand(*x.shape) > p  # noqa: NPY002  # <- mask-resampled | nondeterministic
    return dout * mask / (1 - p)


def mask_where_upstream_is_positive(dout, x, mask, p):
    keep = dout > 0  # <- mask-from-upstream
    return dout * keep / (1 - p)


def zeros_in_the_upstream(dout, x, mask, p):
    dout[~mask] = 0  # <- upstream-mutated
    return dout / (1 - p)


def ratio_of_output_and_input(dout, x, mask, p):
    y = x * mask / (1 - p)
    with np.errstate(invalid="ignore"):
        return dout * (y / x)  # <- not-finite
