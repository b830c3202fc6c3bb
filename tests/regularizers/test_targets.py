"""Which parameters a penalty acts on, and what it refuses."""

from __future__ import annotations

import re

import numpy as np
import pytest

import minireg as mr
from minireg import nn
from minireg import regularizers as reg
from minireg.errors import ArgumentError, ArgumentTypeError


def leaf(*values):
    return mr.tensor(list(values), requires_grad=True)


def test_biases_are_left_out_by_default():
    net = nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 1))
    penalty = reg.L1(0.1) + reg.L2(0.1)
    (0 * net(mr.ones((1, 3))).sum()).backward()
    penalty.add_gradients(net)
    for name, p in net.named_parameters():
        assert (np.abs(mr.tensor(p.grad).numpy()).sum() > 0) == name.endswith("weight"), name
    net.zero_grad()
    penalty(net).backward()
    assert net[0].weight.grad is not None
    assert net[0].bias.grad is None


def test_the_flag_of_a_parameter_decides():
    layer = nn.Linear(2, 2)
    layer.bias.regularize, layer.weight.regularize = True, False
    layer.bias.data[...] = 3.0
    np.testing.assert_allclose(reg.L1(0.5)(layer).item(), 3.0, rtol=1e-6)


def test_a_shared_parameter_is_penalized_once():
    net = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3))
    net[1].weight = net[0].weight
    expected = 0.1 * np.abs(net[0].weight.numpy()).sum()
    np.testing.assert_allclose(reg.L1(0.1)(net).item(), expected, rtol=1e-6)


def test_tensors_can_be_given_instead_of_a_model():
    a, b = leaf(1.0, -2.0), leaf(3.0)
    penalty = reg.L1(1.0)
    assert penalty(a).item() == 3.0
    assert penalty([a, b]).item() == 6.0
    assert penalty(t for t in (a, b)).item() == 6.0
    net = nn.Linear(2, 2)
    assert penalty(net.parameters()).item() == penalty(net).item()


def test_frozen_parameters_count_and_stay_as_they_are():
    net = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3))
    frozen = net[0].weight
    frozen.requires_grad = False
    before = frozen.tolist()
    penalty = reg.L1(10.0)
    everything = 10 * sum(np.abs(layer.weight.numpy()).sum() for layer in net)
    np.testing.assert_allclose(penalty(net).item(), everything, rtol=1e-6)
    penalty(net).backward()
    assert frozen.grad is None
    net.zero_grad()
    penalty.add_gradients(net)
    assert frozen.grad is None
    assert net[1].weight.grad is not None
    penalty.apply_proximal(net, 1.0)
    assert frozen.tolist() == before
    assert np.count_nonzero(net[1].weight.numpy()) == 0


def test_a_model_without_anything_to_penalize_raises():
    class OnlyBias(nn.Module):
        def __init__(self):
            self.bias = nn.Parameter(mr.ones(2), regularize=False)

    for model in (OnlyBias(), nn.ReLU(), []):
        for use in (
            lambda model: reg.L1(0.1)(model),
            lambda model: reg.L1(0.1).add_gradients(model),
            lambda model: reg.L1(0.1).apply_proximal(model, 0.1),
        ):
            with pytest.raises(ArgumentError, match=r"L1\(0\.1\) found nothing to penalize"):
                use(model)


def test_a_frozen_model_raises_where_it_would_be_changed():
    w = mr.tensor([1.0, 2.0])
    assert reg.L2(1.0)(w).item() == 2.5
    for use in (
        lambda: reg.L2(1.0).add_gradients(w),
        lambda: reg.L2(1.0).apply_proximal(w, 0.1),
    ):
        with pytest.raises(ArgumentError, match="no penalized parameter requires a gradient"):
            use()
    assert w.grad is None
    assert w.tolist() == [1.0, 2.0]


@pytest.mark.host
def test_what_is_not_a_model_is_refused():
    for wrong in (3.0, None, reg.L1(0.1)):
        with pytest.raises(ArgumentTypeError, match="a Module, a Tensor or an iterable of Tensors"):
            reg.L1(0.1)(wrong)
    for wrong in (np.ones(3), [leaf(1.0), 3.0], "weights", {"w": leaf(1.0)}):
        with pytest.raises(ArgumentTypeError, match="A penalty applies to Tensors, and number"):
            reg.L1(0.1)(wrong)


def test_a_gradient_without_axes_is_an_array():
    w = mr.tensor(2.0, requires_grad=True)
    for _ in range(2):
        (reg.L1(0.5) + reg.L2(0.25)).add_gradients(w)
        assert type(w.grad) is type(w.data)
        assert w.grad.shape == ()
    assert mr.tensor(w.grad).item() == 2.0


@pytest.mark.host
@pytest.mark.parametrize(
    ("penalty", "shape"),
    [
        (reg.GroupLasso(0.1, axis=2), (3, 4)),
        (reg.SparseGroupLasso(0.1, axis=2), (3, 4)),
        (reg.MaxNorm(2.0, axis=2), (3, 4)),
        (reg.UnitNorm(axis=2), (3, 4)),
        (reg.L1(0.1) + reg.GroupLasso(0.1), ()),
        (reg.Orthogonal(0.1), ()),
        (reg.Spectral(0.1), ()),
        (reg.Nuclear(0.1), ()),
    ],
    ids=repr,
)
def test_weights_without_the_axis_are_named_by_every_use(penalty, shape):
    net = nn.ModuleList([nn.Linear(2, 2)])
    net[0].weight = nn.Parameter(mr.ones(shape))
    for use in (
        penalty, penalty.select, penalty.add_gradients, lambda m: reg.describe(m, penalty),
        lambda m: penalty.apply_proximal(m, 0.1),
    ):  # fmt: skip
        with pytest.raises(ArgumentError, match=rf"'0\.weight' of shape {re.escape(str(shape))}"):
            use(net)
