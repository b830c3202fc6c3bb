"""Inverted dropout with a given mask: kept entries are divided by 1 - p."""

import numpy as np

from minireg.gradcheck import Booleans, Floats

INPUTS = {"x": Floats("N", "D"), "mask": Booleans("N", "D", share=0.7), "p": 0.3}
_random = np.random.default_rng()


def forward(x, mask, p):
    return x * mask / (1 - p)


def backward(dout, x, mask, p):
    return dout * mask / (1 - p)


def scale_forgotten(dout, x, mask, p):
    dx = dout * mask  # <- constant-factor
    return dx


def divided_by_p(dout, x, mask, p):
    dx = np.zeros_like(dout)
    dx[mask] = dout[mask] / p  # <- constant-factor
    return dx


def mask_forgotten(dout, x, mask, p):
    scale = 1 / (1 - p)
    dx = scale * dout  # <- mask-missing
    return dx


def dropped_ones_kept(dout, x, mask, p):
    dx = dout.copy()
    dx[mask] = 0  # <- mask-inverted
    dx /= 1 - p
    return dx


def new_mask(dout, x, mask, p):
    keep = _random.random(x.shape) >= p  # <- mask-resampled | nondeterministic
    dx = dout * keep
    return dx / (1 - p)


def mask_where_dout_is_positive(dout, x, mask, p):
    mask = dout > 0  # <- mask-from-upstream
    dx = np.where(mask, dout / (1 - p), 0)
    return dx
