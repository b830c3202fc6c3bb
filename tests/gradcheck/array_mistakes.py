"""Mistakes in functions of arrays: broadcasting, products, reductions, shapes, indexing."""

from __future__ import annotations

import numpy as np

from tests.gradcheck.cases import D, H, N, case, normal, single, softmax, xp

DECAY = 0.1

case(
    "add_bias",
    normal((N, D), (D,)),
    lambda x, b: x + b,
    lambda d, x, b: (+d, d.sum(axis=0)),
    not_summed=lambda d, x, b: (+d, +d),
    mean_for_sum=lambda d, x, b: (+d, d.mean(axis=0)),
    one_row=lambda d, x, b: (+d, d[0]),
    summed_twice=lambda d, x, b: (+d, d.sum() + 0 * b),
    kept_axis=lambda d, x, b: (+d, d.sum(axis=0, keepdims=True)),
    swapped=lambda d, x, b: (d.sum(axis=0), d),
    by_engine=("not_summed", "kept_axis", "swapped"),
)
case(
    "add_column",
    normal((D, D), (D,)),
    lambda x, b: x + b,
    lambda d, x, b: (+d, d.sum(axis=0)),
    wrong_axis=lambda d, x, b: (+d, d.sum(axis=1)),
)
case(
    "subtract",
    normal((N, D), (N, D)),
    lambda a, b: a - b,
    lambda d, a, b: (+d, -d),
    sign=lambda d, a, b: (+d, +d),
    both_signs=lambda d, a, b: (-d, d),
)
case(
    "multiply",
    normal((N, D), (N, D)),
    lambda a, b: a * b,
    lambda d, a, b: (d * b, d * a),
    swapped=lambda d, a, b: (d * a, d * b),
    factor_missing=lambda d, a, b: (d, d * a),
    second_is_first=lambda d, a, b: (d * b, d * b),
)
case(
    "divide",
    lambda random: (random.normal(size=(N, D)), random.uniform(0.5, 2, size=(N, D))),
    lambda a, b: a / b,
    lambda d, a, b: (d / b, -d * a / b**2),
    sign=lambda d, a, b: (d / b, d * a / b**2),
    square_missing=lambda d, a, b: (d / b, -d * a / b),
    numerator_missing=lambda d, a, b: (d / b, -d / b**2),
)
case(
    "maximum",
    normal((N, D), (N, D)),
    lambda a, b: xp(a).maximum(a, b),
    lambda d, a, b: (d * (a > b), d * (b > a)),
    both=lambda d, a, b: (d, d),
    sides_swapped=lambda d, a, b: (d * (a < b), d * (b < a)),
    halves=lambda d, a, b: (d * 0.5, d * 0.5),
)
case(
    "matmul",
    normal((D, D), (D, D)),
    lambda x, w: x @ w,
    lambda d, x, w: (d @ w.T, x.T @ d),
    weight_not_transposed=lambda d, x, w: (d @ w, x.T @ d),
    input_not_transposed=lambda d, x, w: (d @ w.T, x @ d),
    result_transposed=lambda d, x, w: (d @ w.T, d.T @ x),
    swapped=lambda d, x, w: (x.T @ d, d @ w.T),
    other_order=lambda d, x, w: (w.T @ d, x.T @ d),
)
case(
    "linear_tanh",
    normal((N, D), (D, H), (H,)),
    lambda x, w, b: xp(x).tanh(x @ w + b),
    lambda d, x, w, b: linear_tanh_gradients(d, x, w, b),
    activation_forgotten=lambda d, x, w, b: (d @ w.T, x.T @ d, d.sum(axis=0)),
    batch_mean=lambda d, x, w, b: tuple(
        g if i == 0 else g / N for i, g in enumerate(linear_tanh_gradients(d, x, w, b))
    ),
    swapped=lambda d, x, w, b: tuple(linear_tanh_gradients(d, x, w, b)[i] for i in (1, 0, 2)),
    rotated=lambda d, x, w, b: tuple(linear_tanh_gradients(d, x, w, b)[i] for i in (1, 2, 0)),
    bias_forgotten=lambda d, x, w, b: (*linear_tanh_gradients(d, x, w, b)[:2], 0 * b),
    decay_on_the_bias=lambda d, x, w, b: (
        *linear_tanh_gradients(d, x, w, b)[:2],
        linear_tanh_gradients(d, x, w, b)[2] + DECAY * b,
    ),
    by_engine=("swapped", "rotated"),
)


def linear_tanh_gradients(d, x, w, b):
    y = xp(x).tanh(x @ w + b)
    d = d * (1 - y * y)
    return d @ w.T, x.T @ d, d.sum(axis=0)


# -- reductions, shapes, indexing ------------------------------------------------------------------

case(
    "sum",
    normal((N, D)),
    lambda x: x.sum(axis=0),
    single(lambda d, x: d + 0 * x),
    mean=single(lambda d, x: d / N + 0 * x),
    scalar=single(lambda d, x: d.sum() + 0 * x),
    ones=single(lambda d, x: xp(x).ones_like(x)),
)
case(
    "mean",
    normal((N, D)),
    lambda x: x.mean(axis=0),
    single(lambda d, x: d / N + 0 * x),
    divisor_missing=single(lambda d, x: d + 0 * x),
    divisor_twice=single(lambda d, x: d / N**2 + 0 * x),
    wrong_axis=single(lambda d, x: d / D + 0 * x),
    whole_size=single(lambda d, x: d / (N * D) + 0 * x),
)
case(
    "max",
    normal((N, D)),
    lambda x: x.max(axis=1),
    single(lambda d, x: d[:, None] * (x == x.max(axis=1, keepdims=True))),
    to_all=single(lambda d, x: d[:, None] + 0 * x),
    divided=single(lambda d, x: d[:, None] * (x == x.max(axis=1, keepdims=True)) / D),
    largest_of_all=single(lambda d, x: d[:, None] * (x == x.max())),
    value_for_mask=single(lambda d, x: d[:, None] * x * (x == x.max(axis=1, keepdims=True))),
)
case(
    "norm",
    normal((N, D)),
    lambda x: (x * x).sum() ** 0.5,
    single(lambda d, x: d * x / (x * x).sum() ** 0.5),
    that_of_the_square=single(lambda d, x: d * 2 * x),
    not_divided=single(lambda d, x: d * x),
    divided_by_square=single(lambda d, x: d * x / (x * x).sum()),
    twice=single(lambda d, x: d * 2 * x / (x * x).sum() ** 0.5),
)
case(
    "var",
    normal((N, D)),
    lambda x: ((x - x.mean(axis=0)) ** 2).sum(axis=0) / N,
    single(lambda d, x: d * 2 * (x - x.mean(axis=0)) / N),
    factor_missing=single(lambda d, x: d * (x - x.mean(axis=0)) / N),
    mean_forgotten=single(lambda d, x: d * 2 * x / N),
    unbiased=single(lambda d, x: d * 2 * (x - x.mean(axis=0)) / (N - 1)),
)
case(
    "transpose",
    normal((D, D)),
    lambda x: x.T,
    single(lambda d, x: +d.T),
    not_undone=single(lambda d, x: +d),
)
case(
    "permute",
    normal((H, H, H)),
    lambda x: xp(x).permute_dims(x, (1, 2, 0)),
    single(lambda d, x: +xp(d).permute_dims(d, (2, 0, 1))),
    same_again=single(lambda d, x: +xp(d).permute_dims(d, (1, 2, 0))),
)
case(
    "flip",
    normal((N, D)),
    lambda x: x[:, ::-1],
    single(lambda d, x: +d[:, ::-1]),
    not_undone=single(lambda d, x: +d),
    wrong_axis=single(lambda d, x: d[::-1]),
)
case(
    "reshape",
    normal((N, D)),
    lambda x: x.reshape((D, N)),
    single(lambda d, x: +d.reshape((N, D))),
    transposed=single(lambda d, x: +d.T),
    not_reshaped=single(lambda d, x: d),
    by_engine=("not_reshaped",),
)
case(
    "cumulative_sum",
    normal((N, D)),
    lambda x: xp(x).cumsum(x, axis=1),
    single(lambda d, x: xp(x).cumsum(d[:, ::-1], axis=1)[:, ::-1]),
    not_reversed=single(lambda d, x: xp(x).cumsum(d, axis=1)),
    not_summed=single(lambda d, x: d),
)


def gathered(d, x, index, adds):
    g = xp(x).zeros_like(x)
    if adds:
        xp(x).add.at(g, index, d)
    else:
        for k, i in enumerate([0, 2, 2, 4, 0]):
            g[i] = d[k]
    return g


case(
    "gather",
    lambda random: (random.normal(size=(N, D)), np.array([0, 2, 2, 4, 0])),
    lambda x, index: x[index],
    single(lambda d, x, index: gathered(d, x, index, adds=True)),
    repeated_lost=single(lambda d, x, index: gathered(d, x, index, adds=False)),
    gathered_again=single(lambda d, x, index: d[index]),
    everywhere=single(lambda d, x, index: d),
)
case(
    "softmax",
    normal((N, D)),
    softmax,
    single(lambda d, x: softmax(x) * (d - (d * softmax(x)).sum(axis=1, keepdims=True))),
    diagonal_only=single(lambda d, x: d * softmax(x) * (1 - softmax(x))),
    zero=single(lambda d, x: 0 * x),
    sum_over_the_batch=single(
        lambda d, x: softmax(x) * (d - (d * softmax(x)).sum(axis=0, keepdims=True))
    ),
    factor_missing=single(lambda d, x: d - (d * softmax(x)).sum(axis=1, keepdims=True)),
    twice=single(lambda d, x: 2 * softmax(x) * (d - (d * softmax(x)).sum(axis=1, keepdims=True))),
)
case(
    "log_softmax",
    normal((N, D)),
    lambda x: xp(x).log(softmax(x)),
    single(lambda d, x: d - softmax(x) * d.sum(axis=1, keepdims=True)),
    sum_forgotten=single(lambda d, x: d - softmax(x)),
    that_of_softmax=single(
        lambda d, x: softmax(x) * (d - (d * softmax(x)).sum(axis=1, keepdims=True))
    ),
    second_term_missing=single(lambda d, x: d),
)
case(
    "logsumexp",
    normal((N, D)),
    lambda x: xp(x).log(xp(x).exp(x).sum(axis=1)),
    single(lambda d, x: d[:, None] * softmax(x)),
    ones=single(lambda d, x: d[:, None] + 0 * x),
    not_normalised=single(lambda d, x: d[:, None] * xp(x).exp(x)),
    over_the_batch=single(lambda d, x: d[:, None] * softmax(x.T).T),
)
