"""Penalties that belong to layers."""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg import nn
from minireg import regularizers as reg
from minireg.errors import ArgumentError, ArgumentTypeError
from tests.training.problems import blobs, in_double, still

LAYERS = {
    "Linear": lambda penalty: nn.Linear(3, 2, regularizer=penalty),
    "Conv2d": lambda penalty: nn.Conv2d(1, 2, 3, regularizer=penalty),
    "Embedding": lambda penalty: nn.Embedding(4, 2, regularizer=penalty),
    "DropConnect": lambda penalty: nn.DropConnect(3, 2, regularizer=penalty),
}
every_layer = pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS)


@every_layer
def test_a_layers_own_penalty_acts_on_its_weight_alone(make):
    layer, penalty = make(reg.L1(0.1) + reg.L2(0.2)), reg.L1(0.1) + reg.L2(0.2)
    net = nn.Sequential(nn.Linear(3, 2), layer)
    expected = penalty.value(layer.weight).item()
    assert reg.of_layers(net)(net).item() == pytest.approx(expected, rel=1e-6)
    assert [path for path, *_ in reg.of_layers(net).select(net)] == ["1.weight"]


@every_layer
@pytest.mark.host
def test_the_repr_of_a_layer_shows_its_penalty(make):
    assert ", regularizer=L1(0.1)" in repr(make(reg.L1(0.1)))
    assert "regularizer" not in repr(make(None))


@every_layer
@pytest.mark.host
@pytest.mark.parametrize("wrong", ["l2", 0.1, np.sum, reg.L1])
def test_a_regularizer_that_is_not_a_penalty_is_refused(make, wrong):
    with pytest.raises(ArgumentTypeError, match="regularizer must be a penalty") as caught:
        make(wrong)
    assert caught.value.argument == "regularizer"


def test_paths_with_signs_of_patterns_are_taken_literally():
    net = nn.ModuleDict({"a[1]": nn.Linear(2, 2, regularizer=reg.L1(0.1)), "a1": nn.Linear(2, 2)})
    assert [path for path, *_ in reg.of_layers(net).select(net)] == ["a[1].weight"]


def test_without_penalties_of_layers_there_is_none():
    assert reg.of_layers(nn.Sequential(nn.Linear(3, 2), nn.ReLU())) is None
    for wrong in (None, nn.Linear):
        with pytest.raises(ArgumentTypeError, match=r"must be an nn\.Module, got"):
            reg.of_layers(wrong)


def test_a_module_of_your_own_may_have_a_penalty():
    class Scale(nn.Module):
        def __init__(self, regularizer):
            self.weight = nn.Parameter(mr.tensor([3.0]))
            self.regularizer = regularizer

    assert reg.of_layers(Scale(reg.L1(0.5)))(Scale(reg.L1(0.5))).item() == 1.5
    for wrong in ("l2", reg.L1):
        with pytest.raises(ArgumentTypeError, match="of the model must be a penalty"):
            reg.of_layers(Scale(wrong))


def test_fit_adds_the_penalties_of_layers_to_its_own():
    l1, x = reg.L1(0.3), blobs(60)
    net = in_double(
        nn.Sequential(nn.Linear(2, 4, regularizer=l1), nn.Linear(4, 3, regularizer=l1.on("*")))
    )
    both = reg.L2(0.2, "half_mean", samples=60)(net).item() + l1(net).item()
    for penalty, expected in ((reg.L2(0.2, "half_mean"), both), (None, l1(net).item())):
        history = mr.fit(
            net, x, epochs=1, optimizer=still(net), penalty=penalty, progress=False
        )  # fmt: skip
        assert history.penalty == [pytest.approx(expected, rel=1e-12)]


def test_fit_trains_alike_with_either_way_to_give_a_penalty():
    found = []
    for own in (True, False):
        mr.seed(3)
        net = in_double(nn.Linear(2, 3, regularizer=reg.L1(0.1) if own else None))
        mr.fit(
            net, blobs(), epochs=2, optimizer=mr.optim.SGD(net.parameters(), lr=0.1),
            penalty=None if own else reg.L1(0.1), proximal=True, progress=False,
        )  # fmt: skip
        found.append(net.weight.numpy())
    np.testing.assert_array_equal(*found)


def test_a_schedule_of_a_layers_penalty_is_seen():
    net = in_double(nn.Linear(2, 3, regularizer=reg.L1(0.3)))
    schedule = mr.callbacks.ValueSchedule(net.regularizer, "strength", lambda epoch: 1.0 * epoch)
    found = mr.fit(
        net, blobs(), epochs=3, optimizer=still(net), callbacks=[schedule], progress=False
    ).penalty
    np.testing.assert_allclose(np.divide(found, found[0]), [1, 2, 3], rtol=1e-12)


def test_a_weight_with_regularize_false_is_an_error():
    net = nn.Linear(2, 3, regularizer=reg.L1(0.3))
    net.weight.regularize = False
    net.bias.regularize = True
    with pytest.raises(ArgumentError, match="selects no parameter"):
        reg.of_layers(net)(net)
