"""Softmax cross-entropy of logits with labels, the mean over the batch."""

import numpy as np

from minireg.gradcheck import Floats, Integers

INPUTS = {"scores": Floats("N", "C"), "y": Integers("N", below="C")}


def _softmax(scores):
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def forward(scores, y):
    s = scores - scores.max(axis=1, keepdims=True)
    log_p = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(y)), y].mean()


def backward(dloss, scores, y):
    dscores = _softmax(scores)
    dscores[np.arange(len(y)), y] -= 1
    return dloss * dscores / len(y)


def forgot_minus_one(dloss, scores, y):
    probs = _softmax(scores)
    dscores = probs.copy()  # <- one-hot-missing
    dscores /= len(y)
    return dloss * dscores


def whole_columns(dloss, scores, y):
    dscores = _softmax(scores)
    dscores[:, y] -= 1  # <- one-hot-missing
    return dloss * dscores / len(y)


def labels_from_one(dloss, scores, y):
    m = len(y)
    dscores = _softmax(scores)
    for i in range(m):
        dscores[i, y[i] - 1] -= 1  # <- labels-shifted
    return dloss * dscores / m


def batch_forgotten(dloss, scores, y):
    dscores = _softmax(scores)
    dscores[np.arange(len(y)), y] -= 1
    return dloss * dscores  # <- constant-factor


def probabilities_again(dloss, scores, y):
    probs = _softmax(scores)
    one_hot = np.eye(scores.shape[1])[y]
    return dloss * (_softmax(probs) - one_hot) / len(y)  # <- softmax-twice


def target_minus_p(dloss, scores, y):
    one_hot = np.zeros_like(scores)
    one_hot[range(len(y)), y] = 1
    return dloss * (one_hot - _softmax(scores)) / len(y)  # <- sign-flipped


def scores_for_probabilities(dloss, scores, y):
    dscores = scores.copy()  # <- output-for-input | missing-chain-factor
    dscores[np.arange(len(y)), y] -= 1
    return dloss * dscores / len(y)


def normalised_over_the_batch(dloss, scores, y):
    e = np.exp(scores - scores.max())
    p = e / e.sum(axis=0)  # <- wrong-axis
    p[np.arange(len(y)), y] -= 1
    return dloss * p / len(y)


def starts_from_one(dloss, scores, y):
    dscores = _softmax(scores)
    dscores[np.arange(len(y)), y] -= 1
    return dscores / len(y)  # <- upstream-ignored


def scores_overwritten(dloss, scores, y):
    scores -= scores.max(axis=1, keepdims=True)  # <- input-mutated
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    return dloss * p / len(y)
