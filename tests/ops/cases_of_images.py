"""The table of convolution, pooling and normalisation: see `cases.py`."""

from __future__ import annotations

import warnings

from hypothesis import strategies as st

import minireg as mr
from tests.ops.case import Case, functional
from tests.ops.drawing_images import (
    adaptive,
    batch_of_channels,
    convolved,
    image_windows,
    normalized_rows,
    overlapping,
    pair,
    pooled,
    reach,
    sampled,
)


def torch_conv2d(torch, tensors, options):
    with warnings.catch_warnings():  # padding="same" of an even kernel takes a copy
        warnings.simplefilter("ignore")
        return torch.nn.functional.conv2d(*tensors, **options)


def torch_windows(torch, tensors, options):
    (x,), kernel_size = tensors, pair(options["kernel_size"])
    columns = torch.nn.functional.unfold(x, **options)
    covered = reach(kernel_size, options.get("dilation", 1))[0]
    rows = (x.shape[2] - covered) // pair(options["stride"])[0] + 1
    return columns.reshape(*x.shape[:2], *kernel_size, rows, -1)


def torch_overlap_add(torch, tensors, options):
    (y,), chosen = tensors, dict(options)
    columns = y.reshape(y.shape[0], -1, y.shape[4] * y.shape[5])
    size = chosen.pop("size")
    return torch.nn.functional.fold(columns, size, tuple(y.shape[2:4]), **chosen)


def batch_norm(x, weight=None, bias=None, **options):
    running = [mr.tensor(options.pop(name)) for name in ("running_mean", "running_var")]
    return mr.batch_norm(x, *running, weight, bias, **options)


def torch_batch_norm(torch, tensors, options):
    x, weight, bias = (*tensors, None, None)[:3]
    chosen = dict(options)
    running = [torch.tensor(chosen.pop(name)) for name in ("running_mean", "running_var")]
    return torch.nn.functional.batch_norm(x, *running, weight, bias, **chosen)


def layer_norm(x, *affine, **options):
    return mr.layer_norm(x, options.pop("normalized_shape"), *affine, **options)


def torch_layer_norm(torch, tensors, options):
    (x, *affine), chosen = tensors, dict(options)
    return torch.nn.functional.layer_norm(x, chosen.pop("normalized_shape"), *affine, **chosen)


# PyTorch has no second derivative of `grid_sample`; the first ones are compared with it in
# `test_sampling_derivatives.py`.
IMAGES = {
    "adaptive_avg_pool2d": Case(adaptive, torch=functional("adaptive_avg_pool2d")),
    "affine_sample": Case(sampled(by_matrices=True)),
    "avg_pool2d": Case(
        pooled(dilated=False, count_include_pad=st.booleans()), torch=functional("avg_pool2d")
    ),
    "batch_norm": Case(batch_of_channels, call=batch_norm, torch=torch_batch_norm),
    "conv2d": Case(convolved, torch=torch_conv2d),
    "grid_sample": Case(sampled(by_matrices=False)),
    "layer_norm": Case(normalized_rows, call=layer_norm, torch=torch_layer_norm),
    "max_pool2d": Case(pooled(dilated=True), torch=functional("max_pool2d")),
    "overlap_add": Case(overlapping, torch=torch_overlap_add),
    "windows": Case(image_windows, torch=torch_windows),
}
