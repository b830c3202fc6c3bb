"""`penalty.on(...)`: by layer class, by pattern, by predicate; each term of a sum has its own."""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg import nn
from minireg import regularizers as reg
from minireg.errors import ArgumentError, ArgumentTypeError


class Block(nn.Module):
    def __init__(self):
        self.fc1 = nn.Linear(8, 3)
        self.fc2 = nn.Linear(3, 2)

    def forward(self, x):
        return self.fc2(self.fc1(x))


def network():
    return nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten(), Block())


def paths(penalty, model):
    return [path for path, _, _ in penalty.select(model)]


CHOICES = {
    "a layer class": ([nn.Conv2d], ["0.weight"]),
    "a class of your own": ([Block], ["3.fc1.weight", "3.fc2.weight"]),
    "the base class": ([nn.Module], ["0.weight", "3.fc1.weight", "3.fc2.weight"]),
    "a pattern": (["3.fc1.*"], ["3.fc1.weight"]),
    "a path": (["3.fc2.weight"], ["3.fc2.weight"]),
    "a predicate": ([lambda path, p: p.ndim == 2 and "fc1" in path], ["3.fc1.weight"]),
    "either": ([nn.Conv2d, "*.fc2.*"], ["0.weight", "3.fc2.weight"]),
}


@pytest.mark.host
@pytest.mark.parametrize(("selectors", "expected"), CHOICES.values(), ids=CHOICES)
def test_a_selector_chooses_among_regularized_parameters(selectors, expected):
    net = network()
    assert paths(reg.L1(0.1).on(*selectors), net) == expected
    assert paths((reg.L1(0.1) + reg.L2(0.1)).on(*selectors), net) == expected
    assert paths(reg.L1(0.1), net) == ["0.weight", "3.fc1.weight", "3.fc2.weight"]


@pytest.mark.host
def test_chained_selections_narrow():
    penalty = reg.L2(0.1).on(nn.Linear).on("*.fc2.*")
    assert paths(penalty, network()) == ["3.fc2.weight"]
    assert repr(penalty) == "L2(0.1, scale='half').on(Linear).on('*.fc2.*')"


@pytest.mark.host
def test_a_bias_is_selected_once_its_flag_is_true():
    net = Block()
    with pytest.raises(ArgumentError, match=r"selects no parameter .* fc1\.weight, fc2\.weight"):
        reg.L1(0.1).on("*.bias").select(net)
    net.fc1.bias.regularize = True
    assert paths(reg.L1(0.1).on("*.bias"), net) == ["fc1.bias"]


def test_each_term_of_a_sum_acts_where_it_is_selected(backend):
    net = network()
    net[0].weight.data[...] = 0.25
    penalty = reg.L1(0.5).on("3.fc1.*") + reg.L2(2.0).on(nn.Conv2d)
    conv, fc1 = net[0].weight.numpy().copy(), net[3].fc1.weight.numpy().copy()
    expected = 0.5 * np.abs(fc1).sum() + (conv * conv).sum()
    np.testing.assert_allclose(penalty(net).item(), expected, rtol=1e-6)

    penalty.add_gradients(net)
    np.testing.assert_allclose(backend.to_host(net[0].weight.grad), 2 * conv, rtol=1e-6)
    np.testing.assert_array_equal(backend.to_host(net[3].fc1.weight.grad), 0.5 * np.sign(fc1))
    assert net[3].fc2.weight.grad is None

    others = net[3].fc2.weight.numpy().copy()
    penalty.apply_proximal(net, 0.1)
    np.testing.assert_allclose(net[0].weight.numpy(), conv / 1.2, rtol=1e-6)
    soft = np.sign(fc1) * np.maximum(np.abs(fc1) - np.float32(0.05), 0)
    np.testing.assert_allclose(net[3].fc1.weight.numpy(), soft, atol=1e-7)
    np.testing.assert_array_equal(net[3].fc2.weight.numpy(), others)


def test_any_two_terms_may_act_on_different_parameters():
    class Half(reg.Penalty):
        def proximal(self, w, step):
            return w / 2

    net = Block()
    before = [layer.weight.numpy().copy() for layer in (net.fc1, net.fc2)]
    (Half().on("fc1.*") + reg.L1(100.0).on("fc2.*")).apply_proximal(net, 1.0)
    np.testing.assert_array_equal(net.fc1.weight.numpy(), before[0] / 2)
    assert not net.fc2.weight.numpy().any()


def test_fit_trains_with_selected_terms():
    nets = []
    for selected in (True, False):
        mr.seed(1)
        net = Block()
        x = np.random.default_rng(0).normal(size=(20, 8)).astype(np.float32)
        penalty = reg.L2(0.5).on("fc2.*") if selected else None
        decay = [{"params": net.fc2.weight, "weight_decay": 0.0 if selected else 0.5}]
        rest = [p for p in net.parameters() if p is not net.fc2.weight]
        optimizer = mr.optim.SGD([*decay, {"params": rest}], lr=0.1)
        mr.fit(
            net, (x, np.zeros((20, 2), np.float32)), criterion=mr.mse_loss, epochs=3,
            optimizer=optimizer, penalty=penalty, progress=False,
        )  # fmt: skip
        nets.append(net)
    for p, q in zip(nets[0].parameters(), nets[1].parameters(), strict=True):
        np.testing.assert_allclose(p.numpy(), q.numpy(), rtol=1e-5, atol=1e-7)


@pytest.mark.host
def test_a_selection_that_matches_nothing_lists_the_names():
    net = network()
    penalty = reg.L2(0.1) + reg.L1(0.1).on("3.fc9.*")
    for use in (penalty, penalty.add_gradients, lambda m: penalty.apply_proximal(m, 0.1)):
        with pytest.raises(
            ArgumentError,
            match=r"L1\(0\.1\)\.on\('3\.fc9\.\*'\) selects no .* 0\.weight, 3\.fc1\.weight, 3\.fc2",
        ):
            use(net)
    with pytest.raises(ArgumentError, match=r"on\(Embedding\) selects no parameter"):
        penalty.on(nn.Embedding).select(net)


@pytest.mark.host
def test_tensors_are_selected_by_number_or_predicate():
    a, b = mr.ones((2,)), mr.ones((2, 3))
    assert reg.L1(1.0).on(lambda path, p: p.ndim == 2)([a, b]).item() == 6
    assert reg.L1(1.0).on("0")([a, b]).item() == 2
    with pytest.raises(ArgumentError, match="are 0, 1"):
        reg.L1(1.0).on(nn.Linear)([a, b])


@pytest.mark.host
@pytest.mark.parametrize("wrong", [3, None, ("fc1.*",), nn.Linear(2, 2), mr.ones((2,))])
def test_what_selects_nothing_is_refused_at_once(wrong):
    with pytest.raises(ArgumentTypeError, match="takes layer classes, patterns") as caught:
        reg.L1(0.1).on(wrong)
    assert caught.value.argument == "selectors"


@pytest.mark.host
def test_samples_reach_a_selected_term():
    penalty = reg.L1(0.1) + reg.L2(3.0, "half_mean").on("fc2.*")
    assert "samples=10).on('fc2.*')" in repr(penalty.with_samples(10))
