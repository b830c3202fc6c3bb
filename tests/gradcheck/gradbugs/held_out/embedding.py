"""Embedding of tokens: the rows of a table."""

import numpy as np

from minireg.gradcheck import Floats, Integers

INPUTS = {"table": Floats("V", "D"), "tokens": Integers("N", "T", below="V")}


def forward(table, tokens):
    return table[tokens]


def backward(dout, table, tokens):
    d = np.zeros_like(table)
    np.add.at(d, tokens, dout)
    return d


def repeated_tokens_overwrite(dout, table, tokens):
    d = np.zeros_like(table)
    d[tokens] += dout  # <- overwritten-not-accumulated
    return d


def loop_with_assignment(dout, table, tokens):
    d = np.zeros(table.shape)
    for n in range(tokens.shape[0]):
        for t in range(tokens.shape[1]):
            d[tokens[n, t]] = dout[n, t]  # <- overwritten-not-accumulated
    return d


def divided_by_the_counts(dout, table, tokens):
    d = np.zeros_like(table)
    np.add.at(d, tokens, dout)
    counts = np.bincount(tokens.ravel(), minlength=len(table))
    return d / np.maximum(counts, 1)[:, None]  # <- missing-chain-factor | constant-factor


def same_for_all_tokens(dout, table, tokens):
    d = np.zeros_like(table)
    np.add.at(d, tokens, 1.0)  # <- upstream-ignored
    return d


def whole_numbers(dout, table, tokens):
    d = np.zeros(table.shape, dtype=np.int64)
    for token, row in zip(tokens.ravel(), dout.reshape(-1, dout.shape[-1])):
        d[token] = d[token] + row  # <- integer-input
    return d
