"""BatchNorm and LayerNorm as layers: parameters, buffers, modes; see also the PyTorch tests."""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg import nn
from minireg import regularizers as reg
from minireg.errors import ArgumentError

X = np.random.default_rng(0).normal(2, 3, size=(6, 3, 4, 4)).astype(np.float32)


def test_parameters_start_at_one_and_zero_without_penalty():
    for layer in (nn.BatchNorm1d(3), nn.BatchNorm2d(3), nn.LayerNorm(3)):
        assert layer.weight.tolist() == [1, 1, 1]
        assert layer.bias.tolist() == [0, 0, 0]
        assert not any(p.regularize for p in layer.parameters())
    net = nn.Sequential(nn.Linear(2, 3, bias=False), nn.BatchNorm1d(3))
    both, alone = reg.L2(1.0)(net).item(), reg.L2(1.0)(net[0]).item()
    assert both == alone


def test_buffers_have_the_names_and_first_values_of_pytorch():
    layer = nn.BatchNorm2d(2)
    found = {name: buffer.tolist() for name, buffer in layer.named_buffers()}
    assert found == {"running_mean": [0, 0], "running_var": [1, 1], "num_batches_tracked": 0}
    assert layer.num_batches_tracked.dtype == np.int64
    assert list(layer.state_dict()) == ["weight", "bias", *found]


def test_a_tenth_of_the_way_at_each_batch():
    layer, x = nn.BatchNorm2d(3), X.astype(np.float64)
    mean, var = np.zeros(3), np.ones(3)
    for _ in range(3):
        layer(mr.tensor(X))
        mean = 0.9 * mean + 0.1 * x.mean(axis=(0, 2, 3))
        var = 0.9 * var + 0.1 * x.var(axis=(0, 2, 3), ddof=1)
    np.testing.assert_allclose(layer.running_mean.numpy(), mean, rtol=1e-5)
    np.testing.assert_allclose(layer.running_var.numpy(), var, rtol=1e-5)
    assert layer.num_batches_tracked.item() == 3


def test_without_momentum_the_mean_is_over_all_batches():
    batches = np.random.default_rng(0).normal(size=(5, 4, 2))
    layer = nn.BatchNorm1d(2, momentum=None)
    for batch in batches:
        layer(mr.tensor(batch.astype(np.float32)))
    np.testing.assert_allclose(layer.running_mean.numpy(), batches.mean(axis=(0, 1)), rtol=1e-4)


def test_evaluation_sees_one_example_and_changes_nothing():
    layer = nn.BatchNorm2d(3)
    layer(mr.tensor(X))
    layer.eval()
    before = {name: buffer.tolist() for name, buffer in layer.named_buffers()}
    together, alone = layer(mr.tensor(X)).numpy(), layer(mr.tensor(X[:1])).numpy()
    np.testing.assert_allclose(together[:1], alone, rtol=1e-6)
    assert {name: buffer.tolist() for name, buffer in layer.named_buffers()} == before


def test_without_running_values_evaluation_is_training():
    layer = nn.BatchNorm2d(3, track_running_stats=False)
    assert list(layer.named_buffers()) == []
    y = layer(mr.tensor(X)).tolist()
    assert layer.eval()(mr.tensor(X)).tolist() == y


def test_running_values_are_part_of_the_state():
    layer, other = nn.BatchNorm2d(3), nn.BatchNorm2d(3)
    layer(mr.tensor(X))
    other.load_state_dict(layer.state_dict())
    assert other.eval()(mr.tensor(X)).tolist() == layer.eval()(mr.tensor(X)).tolist()
    assert other.num_batches_tracked.item() == 1


def test_layer_norm_is_the_same_in_evaluation():
    layer = nn.LayerNorm((4, 4))
    assert layer(mr.tensor(X)).tolist() == layer.eval()(mr.tensor(X)).tolist()


@pytest.mark.parametrize(
    ("make", "shape", "message"),
    [
        (
            lambda: nn.BatchNorm1d(3),
            (4, 2),
            r"BatchNorm1d takes \(N, C\) or \(N, C, L\) with C = 3, got",
        ),
        (lambda: nn.BatchNorm1d(3), (4, 3, 2, 2), r"got shape \(4, 3, 2, 2\)"),
        (lambda: nn.BatchNorm2d(3), (4, 3), r"BatchNorm2d takes \(N, C, H, W\) with C = 3, got"),
        (lambda: nn.BatchNorm2d(3), (1, 3, 1, 1), "at least two values"),
        (lambda: nn.LayerNorm(3), (4, 2), r"normalized_shape \(3,\), got shape \(4, 2\)"),
    ],
)
def test_shapes_that_do_not_fit_raise_and_are_not_counted(make, shape, message):
    layer = make()
    with pytest.raises(ArgumentError, match=message):
        layer(mr.zeros(shape))
    found = {name: buffer.tolist() for name, buffer in layer.named_buffers()}
    assert found == {name: buffer.tolist() for name, buffer in make().named_buffers()}


@pytest.mark.host
@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.BatchNorm1d(0), "num_features must be at least 1, got 0"),
        (lambda: nn.BatchNorm2d(3, eps=-1), "eps must be at least 0, got -1"),
        (lambda: nn.BatchNorm2d(3, momentum=2), r"momentum must be in \[0, 1\], got 2"),
        (lambda: nn.LayerNorm(()), "at least one axis"),
        (lambda: nn.LayerNorm((3, 0)), "normalized_shape must be at least 1, got 0"),
    ],
)
def test_wrong_settings_raise_when_the_layer_is_made(make, message):
    with pytest.raises(ArgumentError, match=message):
        make()


@pytest.mark.host
def test_their_repr_names_what_is_not_the_default():
    assert repr(nn.BatchNorm2d(8)) == "BatchNorm2d(8, eps=1e-05, momentum=0.1)"
    assert repr(nn.BatchNorm1d(8, momentum=None, affine=False, track_running_stats=False)) == (
        "BatchNorm1d(8, eps=1e-05, momentum=None, affine=False, track_running_stats=False)"
    )
    assert repr(nn.LayerNorm((2, 3), bias=False)) == "LayerNorm((2, 3), eps=1e-05, bias=False)"
