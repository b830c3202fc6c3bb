"""Instance normalisation of images (N, C, 3, 2): each channel of each image by itself."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"x": Floats("N", "C", 3, 2)}


def forward(x):
    mu = x.mean(axis=(2, 3), keepdims=True)
    sigma = np.sqrt(((x - mu) ** 2).mean(axis=(2, 3), keepdims=True) + 0.01)
    return (x - mu) / sigma


def backward(dLdY, X):
    m = X.shape[2] * X.shape[3]
    mu = np.sum(X, (2, 3), keepdims=True) / m
    xc = X - mu
    sigma = np.sqrt(np.sum(xc**2, (2, 3), keepdims=True) / m + 0.01)
    dLdXc = dLdY / sigma
    dLdSigma = -np.sum(dLdY * xc, (2, 3), keepdims=True) / sigma**2
    dLdXc = dLdXc + dLdSigma * xc / (m * sigma)
    return dLdXc - np.sum(dLdXc, (2, 3), keepdims=True) / m


def mean_is_a_constant(dLdY, X):
    m = X.shape[2] * X.shape[3]
    mu = np.sum(X, (2, 3), keepdims=True) / m
    xc = X - mu
    sigma = np.sqrt(np.sum(xc**2, (2, 3), keepdims=True) / m + 0.01)
    dLdSigma = -np.sum(dLdY * xc, (2, 3), keepdims=True) / sigma**2
    dLdX = dLdY / sigma + dLdSigma * xc / (m * sigma)
    return dLdX  # <- statistics-held-constant


def sigma_is_a_constant(dLdY, X):
    sigma = np.sqrt(X.var(axis=(2, 3), keepdims=True) + 0.01)
    centred = dLdY - dLdY.mean(axis=(2, 3), keepdims=True)
    return centred / sigma  # <- statistics-held-constant


def divided_by_the_height(dLdY, X):
    m = X.shape[2]  # <- constant-factor
    size = X.shape[2] * X.shape[3]
    xc = X - X.mean(axis=(2, 3), keepdims=True)
    sigma = np.sqrt(np.sum(xc**2, (2, 3), keepdims=True) / size + 0.01)
    dLdSigma = -np.sum(dLdY * xc, (2, 3), keepdims=True) / sigma**2
    dLdXc = dLdY / sigma + dLdSigma * xc / (m * sigma)
    return dLdXc - dLdXc.mean(axis=(2, 3), keepdims=True)
