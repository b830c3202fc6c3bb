"""Right answers in another form than the solutions pass, too."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from minireg.exercises import check

pytestmark = pytest.mark.host


def to_first_of_tie(upstream, x, axis):
    gradient = np.zeros_like(x)
    place = np.expand_dims(x.argmax(axis=axis), axis)
    np.put_along_axis(gradient, place, np.expand_dims(upstream, axis), axis)
    return gradient


def to_last_of_tie(upstream, x, axis):
    return np.flip(to_first_of_tie(upstream, np.flip(x, axis), axis), axis).copy()


def with_unequal_shares(upstream, x, axis):
    first, last = to_first_of_tie(upstream, x, axis), to_last_of_tie(upstream, x, axis)
    return 0.3 * first + 0.7 * last


def by_matrix_product(upstream, table, indices):
    one_hot = np.eye(len(table))[indices.ravel()]
    return one_hot.T @ upstream.reshape(-1, table.shape[1])


def by_half_tanh(upstream, x):
    return upstream * (1 - np.tanh(x / 2) ** 2) / 4


def by_sum_over_entries(upstream, a, b):
    return np.einsum("ij,kj->ik", upstream, b), np.einsum("ik,ij->kj", a, upstream)


def by_jacobian(upstream, x):
    y = np.exp(x - x.max(axis=1, keepdims=True))
    y /= y.sum(axis=1, keepdims=True)
    jacobian = np.stack([np.diag(row) - np.outer(row, row) for row in y])
    return np.einsum("ik,ikj->ij", upstream, jacobian)


def as_one_line(x, gamma, beta, eps):
    slope = gamma / np.sqrt((x**2).mean(axis=0) - x.mean(axis=0) ** 2 + eps)
    return slope * x + (beta - slope * x.mean(axis=0))


def in_small_steps(upstream, x, gamma, beta, eps):
    n, centred, inverse = len(x), x - x.mean(axis=0), 1 / np.sqrt(x.var(axis=0) + eps)
    dz = upstream * gamma
    dvar = (dz * centred).sum(axis=0) * -0.5 * inverse**3
    dmean = (-dz * inverse).sum(axis=0) - 2 * dvar * centred.mean(axis=0)
    dx = dz * inverse + dvar * 2 * centred / n + dmean / n
    return dx, (upstream * centred * inverse).sum(axis=0), upstream.sum(axis=0)


def by_clipping(w, t):
    return w - np.clip(w, -t, t)


def by_sums_of_windows(x, kernels):
    windows = np.lib.stride_tricks.sliding_window_view(x, kernels.shape[2:], axis=(2, 3))
    return np.einsum("ncijab,mcab->nmij", windows, kernels)


def by_loop_over_kernel_entries(upstream, x, kernels):
    dx, dkernels = np.zeros_like(x), np.zeros_like(kernels)
    rows, columns = upstream.shape[2:]
    for a, b in np.ndindex(kernels.shape[2:]):
        part = slice(a, a + rows), slice(b, b + columns)
        dx[:, :, *part] += np.einsum("nmij,mc->ncij", upstream, kernels[:, :, a, b])
        dkernels[:, :, a, b] = np.einsum("nmij,ncij->mc", upstream, x[:, :, *part])
    return dx, dkernels


def max_of_slices(x):
    even, odd = slice(0, None, 2), slice(1, None, 2)
    corners = [x[:, :, a, b] for a in (even, odd) for b in (even, odd)]
    return np.maximum.reduce(corners)


def to_first_of_window(upstream, x):
    gradient = np.zeros_like(x)
    for n, c, i, j in np.ndindex(upstream.shape):
        window = x[n, c, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
        row, column = divmod(int(window.argmax()), 2)
        gradient[n, c, 2 * i + row, 2 * j + column] = upstream[n, c, i, j]
    return gradient


def with_decay_in_the_step(w, gradient, m, v, t, lr, beta1, beta2, eps, weight_decay):
    m, v = m + (1 - beta1) * (gradient - m), v + (1 - beta2) * (gradient**2 - v)
    root = np.sqrt(v) / np.sqrt(1 - beta2**t)
    return [w - lr * (m / (1 - beta1**t) / (root + eps) + weight_decay * w), m, v]


def by_lowest_so_far(losses, patience):
    for epoch in range(patience + 1, len(losses) + 1):
        if losses[:epoch].argmin() + 1 <= epoch - patience:
            return epoch, losses[:epoch].argmin() + 1
    return len(losses), losses.argmin() + 1


def by_depth_first_search(parents, output):
    order, seen, stack = [], {output}, [(output, iter(parents[output]))]
    while stack:
        node, rest = stack[-1]
        new = next((parent for parent in rest if parent not in seen), None)
        if new is None:
            order.append(node)
            stack.pop()
        else:
            seen.add(new)
            stack.append((new, iter(parents[new])))
    return order[::-1]


def from_output_to_inputs(parents, slopes, output):
    gradients = [np.float64(i == output) for i in range(len(parents))]
    for node in by_depth_first_search(parents, output):
        for parent, slope in zip(parents[node], slopes[node]):
            gradients[parent] = gradients[parent] + gradients[node] * slope
    return tuple(gradients)


ANSWERS = (
    ("max_axis", {"max_axis_backward": to_first_of_tie}),
    ("max_axis", {"max_axis_backward": to_last_of_tie}),
    ("max_axis", {"max_axis_backward": with_unequal_shares}),
    ("embedding", {"embedding_backward": by_matrix_product}),
    ("sigmoid", {"sigmoid": lambda x: (1 + np.tanh(x / 2)) / 2, "sigmoid_backward": by_half_tanh}),
    ("matmul", {"matmul_backward": by_sum_over_entries}),
    ("softmax", {"softmax": lambda x: special.softmax(x, axis=1), "softmax_backward": by_jacobian}),
    ("batch_norm", {"batch_norm": as_one_line, "batch_norm_backward": in_small_steps}),
    ("soft_threshold", {"soft_threshold": by_clipping}),
    ("conv2d", {"conv2d": by_sums_of_windows, "conv2d_backward": by_loop_over_kernel_entries}),
    ("max_pool", {"max_pool": max_of_slices, "max_pool_backward": to_first_of_window}),
    ("adamw", {"adamw": with_decay_in_the_step}),
    ("early_stopping", {"early_stopping": by_lowest_so_far}),
    ("backward", {"find_order": by_depth_first_search, "backward": from_output_to_inputs}),
)


@pytest.mark.parametrize(("name", "functions"), ANSWERS)
def test_another_right_answer_passes(name, functions):
    assert (result := check(name, **functions)), result
