"""Dropout of whole channels, kept with probability q: x * mask / q."""

import numpy as np

from minireg.gradcheck import Booleans, Floats

INPUTS = {"x": Floats("N", "C", "L"), "mask": Booleans("N", "C"), "q": 0.8}
_SEEN = {}


def forward(x, mask, q):
    return x * mask[:, :, None] / q


def backward(g, x, mask, q):
    return g * mask[:, :, None] / q


def dropped_with_probability_q(g, x, mask, q):
    return g * mask[..., None] / (1 - q)  # <- constant-factor


def channels_drawn_again(g, x, mask, q):
    n, c, _ = x.shape
    m = np.random.default_rng().random((n, c, 1)) < q  # <- mask-resampled | nondeterministic
    return g * m / q


def first_mask_kept(g, x, mask, q):
    m = _SEEN.setdefault(x.shape, mask)  # <- stateful
    return g * m[:, :, None] / q
