"""Batch normalisation with gamma and beta, in small steps."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "D"), "gamma": Floats("D"), "beta": Floats("D")}


def forward(x, gamma, beta):
    mu = np.mean(x, axis=0)
    xmu = x - mu
    var = np.mean(xmu**2, axis=0)
    sqrtvar = np.sqrt(var + 1e-5)
    ivar = 1.0 / sqrtvar
    xhat = xmu * ivar
    return gamma * xhat + beta, (x, xhat, gamma, xmu, ivar, sqrtvar)


def backward(dout, cache):
    _, xhat, gamma, xmu, ivar, sqrtvar = cache
    N = dout.shape[0]
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = dout * gamma
    divar = np.sum(dxhat * xmu, axis=0)
    dxmu1 = dxhat * ivar
    dsqrtvar = -1.0 / sqrtvar**2 * divar
    dvar = 0.5 / sqrtvar * dsqrtvar
    dsq = 1.0 / N * np.ones(dout.shape) * dvar
    dxmu2 = 2 * xmu * dsq
    dx1 = dxmu1 + dxmu2
    dmu = -np.sum(dx1, axis=0)
    dx2 = 1.0 / N * np.ones(dout.shape) * dmu
    return dx1 + dx2, dgamma, dbeta


def mean_branch_lost(dout, cache):
    _, xhat, gamma, xmu, ivar, sqrtvar = cache
    N = dout.shape[0]
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = dout * gamma
    divar = np.sum(dxhat * xmu, axis=0)
    dsqrtvar = -1.0 / sqrtvar**2 * divar
    dsq = 1.0 / N * np.ones(dout.shape) * (0.5 / sqrtvar * dsqrtvar)
    dx = dxhat * ivar + 2 * xmu * dsq
    return dx, dgamma, dbeta  # <- statistics-held-constant


def variance_is_a_constant(dout, cache):
    _, xhat, gamma, _, ivar, _ = cache
    dbeta = dout.sum(axis=0)
    dgamma = (dout * xhat).sum(axis=0)
    dxhat = dout * gamma
    dx = ivar * (dxhat - dxhat.mean(axis=0))  # <- statistics-held-constant
    return dx, dgamma, dbeta


def both_are_constants(dout, cache):
    _, xhat, gamma, _, ivar, _ = cache
    dbeta = dout.sum(axis=0)
    dgamma = (dout * xhat).sum(axis=0)
    dx = dout * gamma * ivar  # <- statistics-held-constant
    return dx, dgamma, dbeta


def gamma_from_x(dout, cache):
    x, xhat, gamma, _, ivar, _ = cache
    N = len(dout)
    dbeta = dout.sum(axis=0)
    dgamma = (dout * x).sum(axis=0)  # <- output-for-input | swapped-arguments
    dxhat = dout * gamma
    dx = ivar / N * (N * dxhat - dxhat.sum(0) - xhat * (dxhat * xhat).sum(0))
    return dx, dgamma, dbeta


def unbiased_variance(dout, cache):
    _, xhat, gamma, xmu, ivar, sqrtvar = cache
    N = dout.shape[0]
    dxhat = dout * gamma
    dvar = -0.5 * np.sum(dxhat * xmu, axis=0) / sqrtvar**3
    dx = dxhat * ivar + dvar * 2 * xmu / (N - 1)  # <- constant-factor
    dx = dx - np.mean(dxhat * ivar, axis=0)
    return dx, np.sum(dout * xhat, axis=0), np.sum(dout, axis=0)


def gamma_left_out(dout, cache):
    _, xhat, _, _, ivar, _ = cache
    N = len(dout)
    dxhat = dout  # <- missing-chain-factor
    dx = ivar / N * (N * dxhat - dxhat.sum(0) - xhat * (dxhat * xhat).sum(0))
    return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)


def over_the_features(dout, cache):
    _, xhat, gamma, _, ivar, _ = cache
    dxhat = dout * gamma
    m1 = dxhat.mean(axis=1, keepdims=True)  # <- wrong-axis
    m2 = (dxhat * xhat).mean(axis=0)
    return ivar * (dxhat - m1 - xhat * m2), (dout * xhat).sum(axis=0), dout.sum(axis=0)


def minus_in_the_root_lost(dout, cache):
    _, xhat, gamma, xmu, ivar, sqrtvar = cache
    dxhat = dout * gamma
    divar = np.sum(dxhat * xmu, axis=0)
    dvar = 0.5 / sqrtvar**3 * divar  # <- sign-flipped
    dx = dxhat * ivar + 2 * xmu * dvar / len(xmu)
    dx -= dx.mean(axis=0)
    return dx, np.sum(dout * xhat, axis=0), np.sum(dout, axis=0)


def beta_for_gamma(dout, cache):
    _, xhat, gamma, _, ivar, _ = cache
    N = len(dout)
    dxhat = dout * gamma
    dx = ivar / N * (N * dxhat - dxhat.sum(0) - xhat * (dxhat * xhat).sum(0))
    return dx, dout.sum(axis=0), (dout * xhat).sum(axis=0)  # <- swapped-arguments
