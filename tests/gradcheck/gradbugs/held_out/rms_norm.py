"""RMS norm of each row with a gain: gain * x / sqrt(mean(x²) + eps)."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("B", "T", "D"), "gain": Floats("D")}
_EPS = 0.01


def _rms(x):
    return np.sqrt((x * x).mean(axis=-1, keepdims=True) + _EPS)


def forward(x, gain):
    return gain * x / _rms(x)


def backward(grad, x, gain):
    r = _rms(x)
    u = x / r
    gu = grad * gain
    gx = (gu - u * (gu * u).mean(axis=-1, keepdims=True)) / r
    return gx, (grad * u).sum(axis=(0, 1))


def mean_subtracted_like_layer_norm(grad, x, gain):
    r = _rms(x)
    u = x / r
    gu = grad * gain
    gu = gu - gu.mean(axis=-1, keepdims=True)  # <- missing-chain-factor
    gx = (gu - u * (gu * u).mean(axis=-1, keepdims=True)) / r
    return gx, (grad * u).sum(axis=(0, 1))


def detached_scale(grad, x, gain):
    r = _rms(x)  # <- statistics-held-constant
    gx = grad * gain / r
    ggain = (grad * x / r).sum(axis=(0, 1))
    return gx, ggain


def sum_for_mean(grad, x, gain):
    r = _rms(x)
    u = x / r
    gu = grad * gain
    inner = (gu * u).sum(axis=-1, keepdims=True)  # <- constant-factor
    return (gu - u * inner) / r, (grad * u).sum(axis=(0, 1))


def gain_summed_over_the_batch_only(grad, x, gain):
    r = _rms(x)
    u = x / r
    gu = grad * gain
    gx = (gu - u * (gu * u).mean(axis=-1, keepdims=True)) / r
    return gx, (grad * u).sum(axis=0)  # <- not-summed-over-broadcast
