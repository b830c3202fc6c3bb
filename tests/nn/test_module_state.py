"""Module: storing parameters, loading them, moving them to another backend."""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg import nn
from minireg.errors import ArgumentError, ArgumentTypeError


class Block(nn.Module):
    def __init__(self):
        self.inner = nn.Linear(3, 3)
        self.scale = nn.Parameter(mr.ones(3))

    def forward(self, x):
        return self.inner(x).relu() * self.scale


class Net(nn.Module):
    def __init__(self):
        self.entry = nn.Linear(4, 3)
        self.block = Block()
        self.exit = nn.Linear(3, 2, bias=False)

    def forward(self, x):
        return self.exit(self.block(self.entry(x)))


def values(module):
    return {name: np.array(p.numpy()) for name, p in module.named_parameters()}


def assert_same(found, expected):
    assert list(found) == list(expected)
    for name in found:
        np.testing.assert_array_equal(found[name], expected[name], err_msg=name)


# -- state -----------------------------------------------------------------------------------------


def test_state_dict_round_trip_gives_the_same_model():
    mr.seed(1)
    one = Net()
    mr.seed(2)
    other = Net()
    x = mr.tensor(np.random.default_rng(0).normal(size=(5, 4)).astype(np.float32))
    one.eval()
    other.eval()
    assert one(x).tolist() != other(x).tolist()
    other.load_state_dict(one.state_dict())
    assert_same(values(other), values(one))
    assert one(x).tolist() == other(x).tolist()


def test_state_dict_is_a_copy():
    net = Net()
    before, state = values(net), net.state_dict()
    for array in state.values():
        array += 1
    assert_same(values(net), before)


def test_loading_keeps_the_arrays_that_an_optimizer_holds():
    net = Net()
    arrays = [p.data for p in net.parameters()]
    net.load_state_dict(Net().state_dict())
    assert all(p.data is array for p, array in zip(net.parameters(), arrays, strict=True))


def test_loading_takes_host_arrays_tensors_and_other_dtypes():
    net = Net()
    wanted = {name: value.astype(np.float64) + 0.5 for name, value in values(net).items()}
    net.load_state_dict(wanted)
    assert_same(values(net), {name: value.astype(np.float32) for name, value in wanted.items()})
    net.load_state_dict({name: mr.tensor(value * 2) for name, value in wanted.items()})
    assert_same(values(net), {name: (v * 2).astype(np.float32) for name, v in wanted.items()})
    assert all(p.dtype == np.float32 for p in net.parameters())


def test_a_state_that_does_not_fit_changes_nothing():
    net = Net()
    before = values(net)
    state = {name: array + 1 for name, array in net.state_dict().items()}

    missing = dict(state)
    del missing["block.scale"]
    with pytest.raises(ArgumentError, match=r"Missing: \['block\.scale'\]; unknown: nothing"):
        net.load_state_dict(missing)

    with pytest.raises(ArgumentError, match=r"Missing: nothing; unknown: \['exit\.bias'\]"):
        net.load_state_dict({**state, "exit.bias": state["entry.bias"]})

    # The last of all parameters is wrong: the first ones must not have been written.
    with pytest.raises(ArgumentError, match=r"exit\.weight has shape \(2, 3\) .* \(3, 2\)"):
        net.load_state_dict({**state, "exit.weight": state["exit.weight"].T})

    with pytest.raises(ValueError, match=r"abc|<U3"):
        net.load_state_dict({**state, "exit.weight": np.full((2, 3), "abc")})

    for no_state in ("model.safetensors", None, {"entry.weight": [[1.0]]}):
        with pytest.raises(ArgumentTypeError, match="takes the dictionary that state_dict"):
            net.load_state_dict(no_state)

    assert_same(values(net), before)


def test_loading_pytorch_weights_gives_pytorch_outputs():
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    theirs = torch.nn.Sequential(
        torch.nn.Flatten(), torch.nn.Linear(12, 7), torch.nn.ReLU(), torch.nn.Linear(7, 3)
    ).double()
    ours = nn.Sequential(nn.Flatten(), nn.Linear(12, 7), nn.ReLU(), nn.Linear(7, 3))
    for p in ours.parameters():
        p.data = p.data.astype(np.float64)
    ours.load_state_dict({name: value.numpy() for name, value in theirs.state_dict().items()})
    x = np.random.default_rng(0).normal(size=(5, 3, 2, 2))
    expected = theirs(torch.tensor(x)).detach().numpy()
    np.testing.assert_allclose(ours(mr.tensor(x)).numpy(), expected, rtol=1e-13, atol=1e-14)


# -- moving ----------------------------------------------------------------------------------------


def test_to_moves_parameters_in_place(backend):
    net = Net()
    net(mr.ones((2, 4))).sum().backward()
    parameters, before = list(net.parameters()), values(net)
    assert net.to("numpy") is net
    assert all(p.backend == "numpy" and p.grad is None for p in net.parameters())
    assert all(a is b for a, b in zip(net.parameters(), parameters, strict=True))
    assert_same(values(net), before)
    net.to(backend.name)
    assert all(p.backend == backend.name for p in net.parameters())
    assert_same(values(net), before)
    net(mr.ones((2, 4))).sum().backward()


def test_to_an_unknown_backend_moves_nothing(backend):
    net = Net()
    with pytest.raises(ArgumentError, match=r"'abacus'.*Known: 'numpy'"):
        net.to("abacus")
    assert all(p.backend == backend.name for p in net.parameters())
