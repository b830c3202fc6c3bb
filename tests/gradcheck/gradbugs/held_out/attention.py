"""Scaled dot-product attention of one head: softmax(q kᵀ / sqrt(d)) v, in a batch."""

import numpy as np

from minireg.gradcheck import Floats

INPUTS = {"q": Floats("B", "T", 4), "k": Floats("B", "S", 4), "v": Floats("B", "S", "E")}


def _softmax(s):
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def forward(q, k, v):
    p = _softmax(q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[-1]))
    return p @ v, (q, k, v, p)


def backward(do, cache):
    q, k, v, p = cache
    dv = p.transpose(0, 2, 1) @ do
    dp = do @ v.transpose(0, 2, 1)
    ds = p * (dp - (dp * p).sum(axis=-1, keepdims=True)) / np.sqrt(q.shape[-1])
    return ds @ k, ds.transpose(0, 2, 1) @ q, dv


def scale_forgotten(do, cache):
    q, k, v, p = cache
    dv = p.transpose(0, 2, 1) @ do
    dp = do @ v.transpose(0, 2, 1)
    ds = p * (dp - (dp * p).sum(axis=-1, keepdims=True))  # <- constant-factor
    return ds @ k, ds.transpose(0, 2, 1) @ q, dv


def softmax_elementwise(do, cache):
    q, k, v, p = cache
    dv = p.transpose(0, 2, 1) @ do
    dp = do @ v.transpose(0, 2, 1)
    ds = dp * p * (1 - p)  # <- jacobian-diagonal-only
    ds = ds / np.sqrt(q.shape[-1])
    return ds @ k, ds.transpose(0, 2, 1) @ q, dv


def sum_over_the_queries(do, cache):
    q, k, v, p = cache
    dv = np.einsum("bts,bte->bse", p, do)
    dp = np.einsum("bte,bse->bts", do, v)
    ds = p * (dp - (dp * p).sum(axis=1, keepdims=True))  # <- wrong-axis
    ds = ds / np.sqrt(q.shape[-1])
    return np.einsum("bts,bsd->btd", ds, k), np.einsum("bts,btd->bsd", ds, q), dv


def softmax_skipped(do, cache):
    q, k, v, p = cache
    dv = p.transpose(0, 2, 1) @ do
    ds = do @ v.transpose(0, 2, 1)  # <- missing-chain-factor
    ds = ds / np.sqrt(q.shape[-1])
    return ds @ k, ds.transpose(0, 2, 1) @ q, dv


def values_get_scores(do, cache):
    q, k, v, p = cache
    d = np.sqrt(q.shape[-1])
    s = q @ k.transpose(0, 2, 1) / d
    dv = s.transpose(0, 2, 1) @ do  # <- output-for-input
    dp = do @ v.transpose(0, 2, 1)
    ds = p * (dp - (dp * p).sum(axis=-1, keepdims=True)) / d
    return ds @ k, ds.transpose(0, 2, 1) @ q, dv


def keys_not_transposed(do, cache):
    q, k, v, p = cache
    dv = p.transpose(0, 2, 1) @ do
    dp = do @ v.transpose(0, 2, 1)
    ds = p * (dp - (dp * p).sum(axis=-1, keepdims=True)) / np.sqrt(q.shape[-1])
    dk = ds @ q  # <- transposed | raised
    return ds @ k, dk, dv


def keys_before_queries(do, cache):
    q, k, v, p = cache
    dv = p.transpose(0, 2, 1) @ do
    dp = do @ v.transpose(0, 2, 1)
    ds = p * (dp - (dp * p).sum(axis=-1, keepdims=True)) / np.sqrt(q.shape[-1])
    dk = ds.transpose(0, 2, 1) @ q
    dq = ds @ k
    return dk, dq, dv  # <- swapped-arguments


def scaled_by_the_width_of_v(do, cache):
    q, k, v, p = cache
    dv = p.transpose(0, 2, 1) @ do
    dp = do @ v.transpose(0, 2, 1)
    ds = p * (dp - (dp * p).sum(axis=-1, keepdims=True))
    ds = ds / np.sqrt(v.shape[-1])  # <- constant-factor
    return ds @ k, ds.transpose(0, 2, 1) @ q, dv
