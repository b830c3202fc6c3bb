"""relu: max(x, 0)."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D")}


def forward(x):
    return np.maximum(x, 0)


def backward(upstream, x):
    return upstream * (x > 0)


def no_mask(dout, x):
    dx = dout  # <- mask-missing
    return dx


def mask_inverted(dout, x):
    dx = dout.copy()
    dx[x > 0] = 0  # <- mask-inverted
    return dx


def multiplied_by_x(dout, x):
    mask = x > 0
    return dout * x * mask  # <- missing-chain-factor


def mask_of_upstream(dout, x):
    return dout * (dout > 0)  # <- mask-from-upstream
