"""Pooling layers have the settings and results of the functions."""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg import nn
from minireg.errors import ArgumentError

IMAGES = np.random.default_rng(0).normal(size=(2, 3, 7, 6)).astype(np.float32)


@pytest.mark.parametrize(
    ("layer", "function"),
    [
        (nn.MaxPool2d(2), lambda x: mr.max_pool2d(x, 2)),
        (nn.MaxPool2d(3, 1, 1, 2), lambda x: mr.max_pool2d(x, 3, 1, 1, 2)),
        (nn.AvgPool2d((2, 3)), lambda x: mr.avg_pool2d(x, (2, 3))),
        (nn.AvgPool2d(3, 2, 1, False), lambda x: mr.avg_pool2d(x, 3, 2, 1, False)),
        (nn.AdaptiveAvgPool2d((3, 1)), lambda x: mr.adaptive_avg_pool2d(x, (3, 1))),
    ],
    ids=lambda value: repr(value) if isinstance(value, nn.Module) else "",
)
def test_a_layer_is_its_function_with_these_settings(layer, function):
    x = mr.tensor(IMAGES)
    assert layer(x).tolist() == function(x).tolist()
    assert list(layer.parameters()) == []


@pytest.mark.host
def test_their_repr_names_what_is_not_the_default():
    assert repr(nn.MaxPool2d(2)) == "MaxPool2d(kernel_size=(2, 2))"
    assert repr(nn.MaxPool2d(3, 2, 1, 2)) == (
        "MaxPool2d(kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), dilation=(2, 2))"
    )
    assert repr(nn.AvgPool2d(2, padding=(0, 1), count_include_pad=False)) == (
        "AvgPool2d(kernel_size=(2, 2), padding=(0, 1), count_include_pad=False)"
    )
    assert repr(nn.AdaptiveAvgPool2d(1)) == "AdaptiveAvgPool2d(output_size=(1, 1))"


@pytest.mark.host
@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.MaxPool2d(0), "^kernel_size must be at least 1, got 0"),
        (lambda: nn.MaxPool2d(2, stride=0), "^stride must be at least 1, got 0"),
        (lambda: nn.MaxPool2d(2, padding=2), "^padding must be at most half"),
        (lambda: nn.MaxPool2d(2, dilation=0), "^dilation must be at least 1, got 0"),
        (lambda: nn.AvgPool2d((2, 0)), "^kernel_size must be at least 1, got 0"),
        (lambda: nn.AvgPool2d(2, padding=2), "^padding must be at most half"),
        (lambda: nn.AdaptiveAvgPool2d(0), "^output_size must be at least 1"),
    ],
)
def test_wrong_settings_raise_when_the_layer_is_made(make, message):
    with pytest.raises(ArgumentError, match=message):
        make()
