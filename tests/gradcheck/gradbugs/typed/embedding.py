"""Rows of a table E, chosen by their numbers; some are chosen more than once."""

import numpy as np

from minireg.gradcheck import Floats, Integers

INPUTS = {"E": Floats("V", "D"), "words": Integers(12, below="V")}


def forward(E, words):
    out = E[words]
    return out, (E.shape, words)


def backward(dout, cache):
    shape, words = cache
    dE = np.zeros(shape)
    np.add.at(dE, words, dout)
    return dE


def plus_equals(dout, cache):
    shape, words = cache
    dE = np.zeros(shape)
    dE[words] += dout  # <- overwritten-not-accumulated
    return dE


def last_one_wins(dout, cache):
    shape, words = cache
    dE = np.zeros(shape)
    for i, word in enumerate(words):
        dE[word] = dout[i]  # <- overwritten-not-accumulated
    return dE


def counts(dout, cache):
    shape, words = cache
    dE = np.zeros(shape)
    for word in words:
        dE[word] += 1  # <- upstream-ignored
    return dE


def divided_by_the_number_of_words(dout, cache):
    shape, words = cache
    dE = np.zeros(shape)
    for i in range(len(words)):
        dE[words[i]] += dout[i] / len(words)  # <- constant-factor
    return dE


def gathered_again(dout, cache):
    shape, words = cache
    dE = np.zeros(shape)
    for i in range(shape[0]):
        dE[i] = dout[words[i]]  # <- order-not-undone
    return dE


def rows_of_the_batch(dout, cache):
    shape, words = cache
    dE = dout.copy()  # <- wrong-shape
    return dE
