"""Sequential, ModuleList, ModuleDict."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg import nn
from minireg.errors import ArgumentError, ArgumentTypeError, IndexRangeError

# -- Sequential ------------------------------------------------------------------------------------


def test_sequential_applies_its_modules_one_after_the_other():
    first, second = nn.Linear(4, 3), nn.Linear(3, 2)
    net = nn.Sequential(first, nn.ReLU(), second)
    x = mr.tensor(np.random.default_rng(0).normal(size=(5, 4)).astype(np.float32))
    assert net(x).tolist() == second(first(x).relu()).tolist()


def test_sequential_is_indexed_like_a_list():
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


def test_parameters_of_a_sequential_are_named_by_position():
    net = nn.Sequential(nn.Flatten(), nn.Linear(4, 3), nn.Sequential(nn.Linear(3, 2)))
    assert [name for name, _ in net.named_parameters()] == [
        "1.weight",
        "1.bias",
        "2.0.weight",
        "2.0.bias",
    ]


@pytest.mark.host
def test_what_is_not_a_module_is_refused_with_its_place():
    with pytest.raises(ArgumentTypeError, match=r"number 2 is <function.*Sequential\(\*layers\)"):
        nn.Sequential(nn.Linear(2, 2), mr.relu)
    with pytest.raises(ArgumentTypeError, match=r"number 1 is \[Linear"):
        nn.Sequential([nn.Linear(2, 2)])
    with pytest.raises(ArgumentTypeError, match="number 1 is <class"):
        nn.Sequential(nn.ReLU)


@pytest.mark.host
def test_a_dictionary_names_the_modules_of_a_sequential():
    net = nn.Sequential({"hidden": nn.Linear(4, 3), "act": nn.ReLU(), "out": nn.Linear(3, 2)})
    assert list(net.state_dict()) == ["hidden.weight", "hidden.bias", "out.weight", "out.bias"]
    assert net[1] is net.act
    assert net[-1] is net.out
    with pytest.raises(ArgumentTypeError, match=r"takes modules, and number 2 is 3"):
        nn.Sequential({"a": nn.ReLU(), "b": 3})
    for name in ("a.b", "", 0):
        with pytest.raises(ArgumentTypeError, match="strings without dots"):
            nn.Sequential({name: nn.ReLU()})
    with pytest.raises(ArgumentError, match="A Sequential already has an attribute 'forward'"):
        nn.Sequential({"forward": nn.ReLU()})


@pytest.mark.host
@given(start=st.none() | st.integers(-5, 5), stop=st.none() | st.integers(-5, 5))
def test_a_slice_keeps_the_names_of_its_modules(start, stop):
    torch = pytest.importorskip("torch")
    net, theirs = (
        kit.Sequential(kit.Linear(1, 2), kit.Tanh(), kit.Linear(2, 3), kit.Linear(3, 4))
        for kit in (nn, torch.nn)
    )
    part = net[start:stop]
    assert isinstance(part, nn.Sequential)
    assert list(part) == list(net)[start:stop]
    assert list(part.state_dict()) == list(theirs[start:stop].state_dict())


def test_what_is_appended_runs_last_and_is_trained():
    net = nn.Sequential(nn.Linear(2, 3)).append(nn.ReLU()).extend([nn.Linear(3, 4), nn.Tanh()])
    assert net(mr.ones((5, 2))).shape == (5, 4)
    assert list(net.state_dict()) == ["0.weight", "0.bias", "2.weight", "2.bias"]
    tail = net[2:].append(nn.Linear(4, 1))  # the names 2 and 3 are taken
    assert [name for name, _ in tail.named_children()] == ["2", "3", "4"]
    with pytest.raises(ArgumentTypeError, match="number 3 is 'relu'"):
        nn.Sequential(nn.Linear(2, 3), nn.ReLU()).append("relu")


def test_a_module_is_replaced_by_its_number():
    net = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 4))
    net[-1] = nn.Linear(3, 7)
    net[1] = nn.Tanh()
    assert net(mr.ones((5, 2))).shape == (5, 7)
    assert isinstance(net[1], nn.Tanh)
    with pytest.raises(ArgumentTypeError, match="takes modules"):
        net[0] = mr.relu
    with pytest.raises(IndexRangeError, match="has 3 modules: index 3 is out of range"):
        net[3] = nn.ReLU()


# -- ModuleList ------------------------------------------------------------------------------------


class Residual(nn.Module):
    def __init__(self, depth):
        self.layers = nn.ModuleList(nn.Linear(3, 3) for _ in range(depth))

    def forward(self, x):
        for layer in self.layers:
            x = x + layer(x).relu()
        return x


def test_the_parameters_of_a_list_are_found_and_trained():
    net = Residual(2)
    assert list(net.state_dict()) == [
        "layers.0.weight",
        "layers.0.bias",
        "layers.1.weight",
        "layers.1.bias",
    ]
    net(mr.ones((2, 3))).sum().backward()
    assert all(p.grad is not None for p in net.parameters())


@pytest.mark.host
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["append", "insert", "set"]), st.integers(-6, 6)), max_size=8
    )
)
def test_a_list_of_modules_behaves_as_a_list(steps):
    found, expected = nn.ModuleList(), []
    for name, i in steps:
        module = nn.Identity()
        if name == "append":
            found.append(module)
            expected.append(module)
        elif name == "insert":
            found.insert(i, module)
            expected.insert(i, module)
        elif -len(expected) <= i < len(expected):
            found[i] = expected[i] = module
        else:
            with pytest.raises(IndexError, match="is out of range"):
                found[i] = module
    assert list(found) == expected
    assert len(found) == len(expected)
    assert [name for name, _ in found.named_children()] == [str(i) for i in range(len(expected))]
    for part in (slice(None), slice(1, -1), slice(None, None, -1), slice(0, None, 2)):
        assert isinstance(found[part], nn.ModuleList)
        assert list(found[part]) == expected[part]


@pytest.mark.host
def test_a_list_checks_its_modules_and_has_no_forward():
    with pytest.raises(ArgumentTypeError, match="ModuleList takes modules, and number 2 is None"):
        nn.ModuleList([nn.ReLU(), None])
    layers = nn.ModuleList([nn.ReLU()])
    with pytest.raises(ArgumentTypeError, match="number 1 is 3"):
        layers.insert(0, 3)
    with pytest.raises(ArgumentTypeError, match="number 2 is 'x'"):
        layers.extend([nn.ReLU(), "x"])
    assert len(layers) == 1
    with pytest.raises(NotImplementedError, match=r"ModuleList .* use nn\.Sequential"):
        layers(1)


# -- ModuleDict ------------------------------------------------------------------------------------


@pytest.mark.host
def test_a_dictionary_of_modules_behaves_as_a_dictionary():
    a, b = nn.Linear(2, 3), nn.ReLU()
    found, expected = nn.ModuleDict({"a": a}), {"a": a}
    for mapping in (found, expected):
        mapping["b"] = b
        mapping.update({"c": a, "a": b})
        assert mapping.pop("c") is a
        assert "c" not in mapping
        assert mapping.get("c") is None
        with pytest.raises(KeyError):
            mapping["training"]
        with pytest.raises(KeyError):
            del mapping["training"]
    assert dict(found) == expected
    assert list(found) == list(found.keys()) == ["a", "b"]
    assert len(found) == 2
    assert list(nn.ModuleDict([("x", a), ("y", b)]).items()) == [("x", a), ("y", b)]
    found.clear()
    assert len(found) == 0


def test_parameters_of_a_dictionary_keep_its_order():
    heads = nn.ModuleDict({"digit": nn.Linear(2, 3), "parity": nn.Linear(2, 1)})
    assert list(heads.state_dict()) == [
        "digit.weight",
        "digit.bias",
        "parity.weight",
        "parity.bias",
    ]
    assert heads["parity"](mr.ones((4, 2))).shape == (4, 1)
    assert not heads.eval()["digit"].training
    assert heads in {heads}  # equal to itself only, as every module
    assert heads != nn.ModuleDict(heads)


@pytest.mark.host
def test_a_dictionary_says_what_it_cannot_hold():
    with pytest.raises(ArgumentTypeError, match="ModuleDict takes modules, and 'a' is 1"):
        nn.ModuleDict({"a": 1})
    with pytest.raises(ArgumentTypeError, match="strings without dots"):
        nn.ModuleDict({"a.b": nn.ReLU()})
    for name in ("keys", "training", "forward"):
        with pytest.raises(ArgumentError, match=f"A ModuleDict already has an attribute '{name}'"):
            nn.ModuleDict({name: nn.ReLU()})
    with pytest.raises(NotImplementedError, match="A ModuleDict has no forward"):
        nn.ModuleDict()(1)
