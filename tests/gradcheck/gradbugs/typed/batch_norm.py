"""Batch normalisation in training, with scale and shift."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "gamma": Floats("D"), "beta": Floats("D"), "eps": 1e-3}


def forward(x, gamma, beta, eps):
    mu = x.mean(axis=0)
    xmu = x - mu
    var = np.mean(xmu**2, axis=0)
    ivar = 1.0 / np.sqrt(var + eps)
    xhat = xmu * ivar
    out = gamma * xhat + beta
    return out, (x, gamma, xmu, ivar, xhat)


def backward(dout, cache):
    x, gamma, xmu, ivar, xhat = cache
    N = x.shape[0]
    dbeta = dout.sum(axis=0)
    dgamma = (dout * xhat).sum(axis=0)
    dxhat = dout * gamma
    dvar = np.sum(dxhat * xmu, axis=0) * -0.5 * ivar**3
    dmu = -np.sum(dxhat * ivar, axis=0)
    dx = dxhat * ivar + dvar * 2 * xmu / N + dmu / N
    return dx, dgamma, dbeta


def variance_is_a_constant(dout, cache):
    x, gamma, xmu, ivar, xhat = cache
    N = x.shape[0]
    dbeta = dout.sum(axis=0)
    dgamma = (dout * xhat).sum(axis=0)
    dxhat = dout * gamma
    dmu = -np.sum(dxhat * ivar, axis=0)
    dx = dxhat * ivar + dmu / N  # <- statistics-held-constant
    return dx, dgamma, dbeta


def mean_is_a_constant(dout, cache):
    x, gamma, xmu, ivar, xhat = cache
    N = x.shape[0]
    dbeta = dout.sum(axis=0)
    dgamma = (dout * xhat).sum(axis=0)
    dxhat = dout * gamma
    dvar = np.sum(dxhat * xmu, axis=0) * -0.5 * ivar**3
    dx = dxhat * ivar + dvar * 2 * xmu / N  # <- statistics-held-constant
    return dx, dgamma, dbeta


def scale_from_the_input(dout, cache):
    x, gamma, xmu, ivar, xhat = cache
    N = x.shape[0]
    dbeta = dout.sum(axis=0)
    dgamma = (dout * x).sum(axis=0)  # <- output-for-input | missing-chain-factor
    dxhat = dout * gamma
    dvar = np.sum(dxhat * xmu, axis=0) * -0.5 * ivar**3
    dmu = -np.sum(dxhat * ivar, axis=0)
    dx = dxhat * ivar + dvar * 2 * xmu / N + dmu / N
    return dx, dgamma, dbeta


def scale_forgotten(dout, cache):
    x, gamma, xmu, ivar, xhat = cache
    N = x.shape[0]
    dbeta = dout.sum(axis=0)
    dgamma = (dout * xhat).sum(axis=0)
    dxhat = dout  # <- missing-chain-factor
    dvar = np.sum(dxhat * xmu, axis=0) * -0.5 * ivar**3
    dmu = -np.sum(dxhat * ivar, axis=0)
    dx = dxhat * ivar + dvar * 2 * xmu / N + dmu / N
    return dx, dgamma, dbeta


def two_of_the_square_forgotten(dout, cache):
    x, gamma, xmu, ivar, xhat = cache
    N = x.shape[0]
    dbeta = dout.sum(axis=0)
    dgamma = (dout * xhat).sum(axis=0)
    dxhat = dout * gamma
    dvar = np.sum(dxhat * xmu, axis=0) * -0.5 * ivar**3
    dmu = -np.sum(dxhat * ivar, axis=0)
    dx = dxhat * ivar + dvar * xmu / N + dmu / N  # <- constant-factor
    return dx, dgamma, dbeta


def shift_over_the_features(dout, cache):
    x, gamma, xmu, ivar, xhat = cache
    N = x.shape[0]
    dbeta = dout.sum(axis=1)  # <- wrong-axis
    dgamma = (dout * xhat).sum(axis=0)
    dxhat = dout * gamma
    dvar = np.sum(dxhat * xmu, axis=0) * -0.5 * ivar**3
    dmu = -np.sum(dxhat * ivar, axis=0)
    dx = dxhat * ivar + dvar * 2 * xmu / N + dmu / N
    return dx, dgamma, dbeta
