"""Rows of a table, chosen by index; an index may occur more than once."""

import numpy as np

from minireg.gradcheck import Floats, Integers

INPUTS = {"table": Floats("V", "D"), "index": Integers("N", "T", below="V")}
_grad = {}


def forward(table, index):
    return table[index], (table, index)


def backward(dout, cache):
    table, index = cache
    dtable = np.zeros_like(table)
    np.add.at(dtable, index, dout)
    return dtable


def plus_equals(dout, cache):
    table, index = cache
    dtable = np.zeros_like(table)
    dtable[index] += dout  # <- overwritten-not-accumulated
    return dtable


def assigned_in_a_loop(dout, cache):
    table, index = cache
    N, T = index.shape
    dtable = np.zeros_like(table)
    for n in range(N):
        for t in range(T):
            dtable[index[n, t]] = dout[n, t]  # <- overwritten-not-accumulated
    return dtable


def zeros_of_the_indices(dout, cache):
    table, index = cache
    V, D = table.shape
    dtable = np.zeros((V, D), dtype=index.dtype)  # <- integer-input
    for v in range(V):
        dtable[v] = dout[index == v].sum(axis=0)
    return dtable


def gradient_kept_between_calls(dout, cache):
    table, index = cache
    dtable = _grad.setdefault(table.shape, np.zeros_like(table))  # <- stateful
    np.add.at(dtable, index, dout)
    return dtable.copy()


def next_row(dout, cache):
    table, index = cache
    V = len(table)
    dtable = np.zeros_like(table)
    for v in range(V):
        places = index == v - 1  # <- labels-shifted | order-not-undone
        dtable[v] += dout[places].sum(axis=0)
    return dtable


def summed_over_time_first(dout, cache):
    table, index = cache
    dtable = np.zeros_like(table)
    d = dout.sum(axis=1)
    np.add.at(dtable, index, d)  # <- raised
    return dtable
