"""A linear layer with given noise on its weights: x (w + sigma * noise), sigma learned."""

import numpy as np

from minireg.gradcheck import Floats

_NOISE = np.random.default_rng(5).normal(size=(4, 3))
INPUTS = {"x": Floats("N", 4), "w": Floats(4, 3), "sigma": Floats(4, 3), "noise": _NOISE}
_CALLS = []


def forward(x, w, sigma, noise):
    return x @ (w + sigma * noise)


def backward(g, x, w, sigma, noise):
    dw = x.T @ g
    return g @ (w + sigma * noise).T, dw, dw * noise


def fresh_noise(g, x, w, sigma, noise):
    dw = x.T @ g
    e = np.random.default_rng().normal(size=w.shape)  # <- nondeterministic | mask-resampled
    return g @ (w + sigma * noise).T, dw, dw * e


def mean_weights_for_x(g, x, w, sigma, noise):
    dw = x.T @ g
    dx = g @ w.T  # <- missing-chain-factor
    return dx, dw, dw * noise


def sigma_like_w(g, x, w, sigma, noise):
    dw = x.T @ g
    dsigma = dw  # <- missing-chain-factor
    return g @ (w + sigma * noise).T, dw, dsigma.copy()


def noise_scaled_in_place(g, x, w, sigma, noise):
    dw = x.T @ g
    dsigma = dw * noise
    sigma *= noise  # <- input-mutated
    return g @ (w + sigma).T, dw, dsigma


def one_array_for_two(g, x, w, sigma, noise):
    dw = x.T @ g
    dsigma = dw  # <- aliased-gradients
    dsigma *= noise
    return g @ (w + sigma * noise).T, dw, dsigma


def gradients_of_all_calls(g, x, w, sigma, noise):
    _CALLS.append(x.T @ g)
    dw = np.sum(_CALLS, axis=0)  # <- stateful
    return g @ (w + sigma * noise).T, dw, (x.T @ g) * noise
