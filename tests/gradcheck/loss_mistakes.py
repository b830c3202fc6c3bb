"""Mistakes in losses, penalties, dropout and batch norm."""

from __future__ import annotations

import numpy as np

from tests.gradcheck.cases import D, N, case, normal, single, softmax, xp

RATE, STRENGTH = 0.3, 0.1


def rows(x):
    return xp(x).arange(x.shape[0])


def one_hot(labels, like):
    return (labels[:, None] == xp(labels).arange(like.shape[1])).astype(like.dtype)


def logits_and_labels(random):
    return random.normal(size=(N, D)), np.array([0, 3, 3, 6, 1])


def cross_entropy(x, labels):
    return -xp(x).log(softmax(x)[rows(x), labels]).mean()


def with_columns_subtracted(x, labels):
    p = softmax(x)
    for label in (0, 3, 6, 1):
        p[:, label] -= 1
    return p


case(
    "cross_entropy",
    logits_and_labels,
    cross_entropy,
    single(lambda d, x, labels: d * (softmax(x) - one_hot(labels, x)) / N),
    one_hot_forgotten=single(lambda d, x, labels: d * softmax(x) / N),
    not_divided=single(lambda d, x, labels: d * (softmax(x) - one_hot(labels, x))),
    divided_by_classes=single(lambda d, x, labels: d * (softmax(x) - one_hot(labels, x)) / D),
    divided_twice=single(lambda d, x, labels: d * (softmax(x) - one_hot(labels, x)) / N**2),
    sign=single(lambda d, x, labels: d * (one_hot(labels, x) - softmax(x)) / N),
    whole_columns=single(lambda d, x, labels: d * with_columns_subtracted(x, labels) / N),
    labels_off_by_one=single(lambda d, x, labels: d * (softmax(x) - one_hot(labels + 1, x)) / N),
    softmax_twice=single(lambda d, x, labels: d * (softmax(softmax(x)) - one_hot(labels, x)) / N),
    upstream_ignored=single(lambda d, x, labels: (softmax(x) - one_hot(labels, x)) / N),
)
case(
    "mse",
    normal((N, D), (N, D)),
    lambda y, t: ((y - t) ** 2).mean(),
    lambda d, y, t: (d * 2 * (y - t) / (N * D), -d * 2 * (y - t) / (N * D)),
    factor_missing=lambda d, y, t: (d * (y - t) / (N * D), -d * (y - t) / (N * D)),
    sum_for_mean=lambda d, y, t: (d * 2 * (y - t), -d * 2 * (y - t)),
    rows_only=lambda d, y, t: (d * 2 * (y - t) / N, -d * 2 * (y - t) / N),
    sign=lambda d, y, t: (d * 2 * (t - y) / (N * D), -d * 2 * (t - y) / (N * D)),
    target_sign=lambda d, y, t: (d * 2 * (y - t) / (N * D), d * 2 * (y - t) / (N * D)),
)


def ridge_gradients(d, w, x, data=1.0, l2=1.0, l1=0.0):
    """Of Σ(xw)²/2 + STRENGTH/2 Σw², with parts that are scaled."""
    return (d * (data * x.T @ (x @ w) + STRENGTH * (l2 * w + l1 * xp(w).sign(w))),)


case(
    "l2",
    normal((D,), (N, D)),
    lambda w, x: ((x @ w) ** 2).sum() / 2 + STRENGTH / 2 * (w * w).sum(),
    lambda d, w, x: (*ridge_gradients(d, w, x), d * (x @ w)[:, None] * w[None, :]),
    **{
        name: lambda d, w, x, o=options: (
            *ridge_gradients(d, w, x, **o),
            d * (x @ w)[:, None] * w[None, :],
        )
        for name, options in {
            "penalty_forgotten": {"l2": 0},
            "penalty_twice": {"l2": 2},
            "penalty_sign": {"l2": -1},
            "penalty_divided": {"l2": 1 / N},
            "l1_for_l2": {"l2": 0, "l1": 1},
            "l1_besides": {"l1": 1},
        }.items()
    },
)
case(
    "l1",
    normal((D,)),
    lambda w: STRENGTH * xp(w).abs(w).sum() + (w * w).sum(),
    single(lambda d, w: d * (STRENGTH * xp(w).sign(w) + 2 * w)),
    one_for_sign=single(lambda d, w: d * (STRENGTH + 2 * w)),
    step_for_sign=single(lambda d, w: d * (STRENGTH * (w > 0) + 2 * w)),
    weight_for_sign=single(lambda d, w: d * (STRENGTH * w + 2 * w)),
    forgotten=single(lambda d, w: d * 2 * w),
)


def masked(random):
    return random.normal(size=(N, D)), random.random((N, D)) > RATE


case(
    "dropout",
    masked,
    lambda x, mask: x * mask / (1 - RATE),
    single(lambda d, x, mask: d * mask / (1 - RATE)),
    mask_forgotten=single(lambda d, x, mask: d / (1 - RATE)),
    scale_forgotten=single(lambda d, x, mask: d * mask),
    both_forgotten=single(lambda d, x, mask: d),
    scaled_by_p=single(lambda d, x, mask: d * mask / RATE),
    scaled_twice=single(lambda d, x, mask: d * mask / (1 - RATE) ** 2),
    multiplied=single(lambda d, x, mask: d * mask * (1 - RATE)),
    mask_inverted=single(lambda d, x, mask: d * ~mask / (1 - RATE)),
    one_row_for_all=single(lambda d, x, mask: d * mask[0] / (1 - RATE)),
)


def normalised(x):
    centred = x - x.mean(axis=0)
    return centred / xp(x).sqrt((centred**2).mean(axis=0) + 1e-5)


def batch_norm_gradients(d, x, gamma, beta, mean=1.0, variance=1.0, n=N, of=normalised):
    """Each part of dL/dx with a factor that a mistake sets to 0."""
    z = normalised(x)
    sd = xp(x).sqrt(((x - x.mean(axis=0)) ** 2).mean(axis=0) + 1e-5)
    dz = d * gamma
    dx = (dz - mean * dz.mean(axis=0) - variance * z * (dz * z).sum(axis=0) / n) / sd
    return dx, (d * of(x)).sum(axis=0), d.sum(axis=0)


case(
    "batch_norm",
    normal((N, D), (D,), (D,)),
    lambda x, gamma, beta: gamma * normalised(x) + beta,
    batch_norm_gradients,
    **{
        name: lambda d, x, gamma, beta, o=options: batch_norm_gradients(d, x, gamma, beta, **o)
        for name, options in {
            "both_constant": {"mean": 0, "variance": 0},
            "mean_term_missing": {"mean": 0},
            "variance_term_missing": {"variance": 0},
            "unbiased": {"n": N - 1},
            "gamma_of_x": {"of": lambda x: x},
        }.items()
    },
    epsilon_forgotten=lambda d, x, gamma, beta: (
        batch_norm_gradients(d, x, gamma, beta)[0] * (1 + 1e-5),
        *batch_norm_gradients(d, x, gamma, beta)[1:],
    ),
)
