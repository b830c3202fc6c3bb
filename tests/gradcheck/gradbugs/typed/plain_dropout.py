"""Dropout without scaling, as in training of the original form; forward saves the mask."""

import numpy as np

from minireg.gradcheck import Booleans, Floats

INPUTS = {"x": Floats("N", "D"), "mask": Booleans("N", "D", share=0.7), "p": 0.3}
_masks = {}


def forward(x, mask, p):
    out = x * mask
    cache = (x, mask, out, p)
    return out, cache


def backward(dout, cache):
    _, mask, _, _ = cache
    return dout * mask


def divided_by_the_kept_share(dout, cache):
    _, mask, _, p = cache
    dx = dout * mask
    dx /= 1 - p  # <- constant-factor
    return dx


def multiplied_by_the_kept_share(dout, cache):
    _, mask, _, p = cache
    return (1 - p) * mask * dout  # <- constant-factor


def seeded_mask(dout, cache):
    x, _, _, p = cache
    random = np.random.default_rng(0)
    mask = random.random(x.shape) > p  # <- mask-resampled
    return dout * mask


def fresh_mask(dout, cache):
    x, _, _, p = cache
    random = np.random.default_rng()
    mask = random.binomial(1, 1 - p, x.shape)  # <- mask-resampled | nondeterministic
    dx = dout * mask
    return dx


def mask_of_the_first_batch(dout, cache):
    _, mask, _, _ = cache
    if dout.shape not in _masks:  # <- stateful
        _masks[dout.shape] = mask.copy()
    dx = dout * _masks[dout.shape]
    return dx


def dropped_in_place(dout, cache):
    _, mask, _, _ = cache
    dout[~mask] = 0  # <- upstream-mutated
    dx = dout + 0.0
    return dx


def divided_by_x(dout, cache):
    """Wrong only at exact zeros."""
    x, _, out, _ = cache
    mask = out / x  # <- not-finite
    return dout * mask
