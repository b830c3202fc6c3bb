"""ReLU, Flatten, Sequential."""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg import nn
from minireg.errors import ArgumentTypeError, IndexRangeError


def test_relu_keeps_what_is_positive_and_its_slope_at_the_kink_is_zero(backend):
    x = mr.tensor([-2.0, -0.0, 0.0, 3.0], requires_grad=True)
    y = nn.ReLU()(x)
    y.sum().backward()
    assert y.tolist() == [0.0, 0.0, 0.0, 3.0]
    assert backend.to_host(x.grad).tolist() == [0.0, 0.0, 0.0, 1.0]


@pytest.mark.parametrize(
    ("before", "after"),
    [((5, 1, 28, 28), (5, 784)), ((5, 7), (5, 7)), ((5,), (5,)), ((0, 3, 2), (0, 6))],
)
def test_flatten_keeps_the_batch(before, after):
    if len(before) == 1:
        with pytest.raises(IndexRangeError, match="flatten"):
            nn.Flatten()(mr.zeros(before))
        return
    assert nn.Flatten()(mr.zeros(before)).shape == after


def test_flatten_keeps_the_order_of_entries_and_hands_the_gradient_back(backend):
    values = np.arange(24.0).reshape(2, 3, 4)
    x = mr.tensor(values, requires_grad=True)
    y = nn.Flatten()(x)
    np.testing.assert_array_equal(y.numpy(), values.reshape(2, 12))
    (y * y).sum().backward()
    np.testing.assert_array_equal(backend.to_host(x.grad), 2 * values)


# -- Sequential ------------------------------------------------------------------------------------


def test_sequential_applies_its_modules_one_after_the_other():
    first, second = nn.Linear(4, 3), nn.Linear(3, 2)
    net = nn.Sequential(first, nn.ReLU(), second)
    x = mr.tensor(np.random.default_rng(0).normal(size=(5, 4)).astype(np.float32))
    assert net(x).tolist() == second(first(x).relu()).tolist()


def test_sequential_is_indexed_iterated_and_measured_like_a_list():
    parts = [nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2)]
    net = nn.Sequential(*parts)
    assert len(net) == 3
    assert list(net) == parts
    assert net[0] is parts[0]
    assert net[-1] is parts[-1]
    with pytest.raises(IndexError):
        net[3]


def test_an_empty_sequential_is_the_identity():
    x = mr.ones(3)
    assert nn.Sequential()(x) is x
    assert len(nn.Sequential()) == 0


def test_parameters_of_a_sequential_are_named_by_position_as_in_pytorch():
    net = nn.Sequential(nn.Flatten(), nn.Linear(4, 3), nn.Sequential(nn.Linear(3, 2)))
    assert [name for name, _ in net.named_parameters()] == [
        "1.weight",
        "1.bias",
        "2.0.weight",
        "2.0.bias",
    ]


@pytest.mark.host
def test_what_is_no_module_is_refused_with_its_place():
    with pytest.raises(ArgumentTypeError, match=r"number 2 is <function.*Sequential\(\*layers\)"):
        nn.Sequential(nn.Linear(2, 2), mr.relu)
    with pytest.raises(ArgumentTypeError, match=r"number 1 is \[Linear"):
        nn.Sequential([nn.Linear(2, 2)])
    with pytest.raises(ArgumentTypeError, match="number 1 is <class"):
        nn.Sequential(nn.ReLU)
