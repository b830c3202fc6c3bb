"""The mean hinge loss max(0, 1 - sign · score), where the sign is 1 or -1."""

import numpy as np

from minireg.gradcheck import Booleans, Floats

INPUTS = {"score": Floats("N", "K"), "positive": Booleans("N", "K")}


def forward(score, positive):
    sign = np.where(positive, 1, -1)
    return np.maximum(0, 1 - sign * score).mean()


def backward(dout, score, positive):
    sign = np.where(positive, 1, -1)
    return dout * np.where(sign * score < 1, -sign, 0) / score.size


def margin_not_looked_at(dout, score, positive):
    sign = np.where(positive, 1, -1)
    ds = -sign / score.size  # <- mask-missing
    return dout * ds


def satisfied_ones_kept(dout, score, positive):
    N, K = score.shape
    ds = np.zeros((N, K))
    for i in range(N):
        for k in range(K):
            sign = 1 if positive[i, k] else -1
            if sign * score[i, k] > 1:  # <- mask-inverted
                ds[i, k] = -sign
    return dout * ds / (N * K)


def sign_of_the_example_forgotten(dout, score, positive):
    sign = 2 * positive.astype(float) - 1
    violated = 1 - sign * score > 0
    ds = np.zeros_like(score)
    ds[violated] = -1  # <- missing-chain-factor
    return ds * dout / score.size


def mean_over_the_violations(dout, score, positive):
    sign = np.where(positive, 1.0, -1.0)
    violated = sign * score < 1
    count = max(violated.sum(), 1)
    ds = -sign * violated / count  # <- constant-factor
    return dout * ds


def minus_forgotten(dout, score, positive):
    sign = np.where(positive, 1.0, -1.0)
    margin = 1 - sign * score
    dmargin = (margin > 0).astype(float) / score.size
    ds = dmargin * sign  # <- sign-flipped
    ds *= dout
    return ds


def margin_zero(dout, score, positive):
    sign = np.where(positive, 1.0, -1.0)
    violated = sign * score < 0  # <- zero-gradient | missing-chain-factor
    return dout * np.where(violated, -sign, 0.0) / score.size
