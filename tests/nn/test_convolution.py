"""Conv2d as a layer: its parameters, its initial values, and a step without host reads."""

from __future__ import annotations

import math

import numpy as np
import pytest

import minireg as mr
from minireg import nn, optim
from minireg.errors import ArgumentError, ArgumentTypeError
from tests.guarded import counting


def test_it_is_conv2d_with_its_own_weight_and_settings():
    layer = nn.Conv2d(4, 6, (3, 2), stride=2, padding=1, dilation=2, groups=2)
    x = mr.tensor(np.random.default_rng(0).normal(size=(2, 4, 8, 9)).astype(np.float32))
    y = mr.conv2d(x, layer.weight, layer.bias, stride=2, padding=1, dilation=2, groups=2)
    assert layer(x).tolist() == y.tolist()


@pytest.mark.parametrize(("groups", "size"), [(1, 3), (2, (1, 5)), (8, 2)])
def test_initial_values_lie_within_the_bound_of_a_kernel(groups, size):
    layer = nn.Conv2d(8, 800, size, groups=groups, generator=mr.Generator(0))
    bound = np.float32(1 / math.sqrt(math.prod(layer.weight.shape[1:])))
    weight = layer.weight.numpy()
    assert weight.dtype == np.float32
    assert np.abs(weight).max() <= bound
    assert np.abs(layer.bias.numpy()).max() <= bound
    # at least 3200 uniform values: the largest is below 0.99 of the bound with probability e⁻¹⁶
    assert weight.max() > 0.99 * bound
    assert weight.min() < -0.99 * bound


def test_a_seed_gives_one_layer_on_every_backend():
    mr.seed(3)
    default = nn.Conv2d(2, 3, 3)
    with mr.use_backend("numpy"):
        own = nn.Conv2d(2, 3, 3, generator=mr.Generator(3))
    for p, q in zip(default.parameters(), own.parameters(), strict=True):
        assert p.tolist() == q.tolist()


def test_penalties_apply_to_the_kernels_and_not_to_the_bias():
    layer = nn.Conv2d(2, 3, 3)
    assert layer.weight.regularize
    assert not layer.bias.regularize
    assert [name for name, _ in nn.Conv2d(2, 3, 3, bias=False).named_parameters()] == ["weight"]


@pytest.mark.host
def test_its_repr_names_what_is_not_the_default():
    assert repr(nn.Conv2d(1, 8, 3)) == "Conv2d(1, 8, kernel_size=(3, 3))"
    layer = nn.Conv2d(2, 8, 3, stride=2, padding="valid", dilation=(1, 2), groups=2, bias=False)
    assert repr(layer) == (
        "Conv2d(2, 8, kernel_size=(3, 3), stride=(2, 2), padding='valid', dilation=(1, 2), "
        "groups=2, bias=False)"
    )


@pytest.mark.host
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((0, 8, 3), ArgumentError, "in_channels must be at least 1, got 0"),
        ((1, 0, 3), ArgumentError, "out_channels must be at least 1, got 0"),
        ((1, 8, 0), ArgumentError, "kernel_size must be at least 1, got 0"),
        ((1, 8, (3, 3, 3)), ArgumentError, r"kernel_size must be one whole number or two"),
        ((1, 8, "3"), ArgumentTypeError, "kernel_size must be a whole number, got '3'"),
        ((1, 8, 3, 0), ArgumentError, "stride must be at least 1, got 0"),
        ((1, 8, 3, 1, -1), ArgumentError, "padding must be at least 0, got -1"),
        ((1, 8, 3, 1, "wide"), ArgumentError, "'valid' or 'same', got 'wide'"),
        ((1, 8, 3, 2, "same"), ArgumentError, r"stride must be 1, got \(2, 2\)"),
        ((1, 8, 3, 1, 0, 0), ArgumentError, "dilation must be at least 1, got 0"),
        ((3, 8, 3, 1, 0, 1, 2), ArgumentError, "groups=2 must divide in_channels=3"),
    ],
)
def test_wrong_settings_raise_when_the_layer_is_made(arguments, error, message):
    with pytest.raises(error, match=message):
        nn.Conv2d(*arguments)


def test_other_channels_raise_and_name_both_shapes():
    with pytest.raises(ArgumentError, match=r"\(8, 3, 3, 3\) does not fit .*\(5, 1, 28, 28\)"):
        nn.Conv2d(3, 8, 3)(mr.zeros((5, 1, 28, 28)))


def small_network():
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(4, 6, 3, padding="same", groups=2),
        nn.BatchNorm2d(6, momentum=None),
        nn.AvgPool2d(2, padding=1, count_include_pad=False),
        nn.AdaptiveAvgPool2d((2, 1)),
        nn.Flatten(),
        nn.LayerNorm(12),
        nn.Linear(12, 3),
        nn.BatchNorm1d(3),
    )


def test_a_step_of_a_cnn_reads_and_uploads_nothing():
    rng = np.random.default_rng(0)
    images = mr.tensor(rng.uniform(size=(8, 1, 8, 8)).astype(np.float32))
    labels = mr.tensor(rng.integers(0, 3, 8))
    net = small_network()
    optimizer = optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    with counting() as counts:
        for _ in range(3):
            loss = mr.cross_entropy(net(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        net.eval()
        net(images)
    assert (counts.host_reads, counts.uploads) == (0, 0), counts.where()


def test_a_convolutional_network_learns_to_classify_bars():
    """Horizontal or vertical, at places that did not occur in training."""
    rng = np.random.default_rng(0)

    def bars(places):
        x = np.zeros((len(places), 1, 8, 8), np.float32)
        labels = rng.integers(0, 2, len(places))
        for image, place, upright in zip(x, places, labels):
            image[0][(slice(None), place) if upright else (place, slice(None))] = 1
        return mr.tensor(x), mr.tensor(labels)

    net = nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
        nn.Linear(4, 2),
    )  # fmt: skip
    optimizer = optim.Adam(net.parameters(), lr=0.05)
    for _ in range(150):
        x, labels = bars(rng.integers(1, 4, 16))
        loss = mr.cross_entropy(net(x), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    x, labels = bars(np.repeat([4, 5, 6], 8))
    assert net(x).argmax(axis=1).tolist() == labels.tolist()
