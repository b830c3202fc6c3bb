"""softmax(q kᵀ / √d): the weights of scaled dot-product attention."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"q": Floats("N", "D"), "k": Floats("M", "D")}


def forward(q, k):
    d = q.shape[1]
    scores = q @ k.T / np.sqrt(d)
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    a = e / e.sum(axis=1, keepdims=True)
    return a, (q, k, a)


def backward(da, cache):
    q, k, a = cache
    d = q.shape[1]
    ds = a * (da - (da * a).sum(axis=1, keepdims=True))
    ds = ds / np.sqrt(d)
    dq = ds @ k
    dk = ds.T @ q
    return dq, dk


def scale_forgotten(da, cache):
    q, k, a = cache
    ds = a * (da - (da * a).sum(axis=1, keepdims=True))
    dq = ds @ k  # <- constant-factor
    dk = ds.T @ q / np.sqrt(k.shape[1])
    return dq, dk


def scores_not_transposed(da, cache):
    q, k, a = cache
    ds = a * (da - (da * a).sum(axis=1, keepdims=True))
    ds /= np.sqrt(q.shape[1])
    dq = ds @ k
    dk = ds @ q  # <- raised | transposed
    return dq, dk


def diagonal_of_the_softmax(da, cache):
    q, k, a = cache
    ds = da * a * (1 - a)  # <- jacobian-diagonal-only
    ds /= np.sqrt(q.shape[1])
    dq = ds @ k
    dk = ds.T @ q
    return dq, dk


def softmax_over_the_queries(da, cache):
    q, k, a = cache
    inner = np.sum(da * a, axis=0, keepdims=True)  # <- wrong-axis
    ds = a * (da - inner) / np.sqrt(q.shape[1])
    dq = ds @ k
    dk = ds.T @ q
    return dq, dk


def scores_changed_in_place(da, cache):
    q, k, a = cache
    da -= np.sum(da * a, axis=1, keepdims=True)  # <- upstream-mutated
    ds = a * da / np.sqrt(q.shape[1])
    return ds @ k, ds.T @ q


def without_the_softmax(da, cache):
    q, k, a = cache
    ds = da / np.sqrt(q.shape[1])  # <- missing-chain-factor
    dq = ds.dot(k)
    dk = ds.T.dot(q)
    return dq, dk
