"""Buffers: state that is not learned."""

from __future__ import annotations

import copy

import numpy as np
import pytest

import minireg as mr
from minireg import nn
from minireg.errors import ArgumentError, ArgumentTypeError
from tests.guarded import counting


class Average(nn.Module):
    """Scales by a learned gain, after subtracting the running mean of its inputs."""

    def __init__(self, width):
        self.register_buffer("mean", mr.zeros(width))
        self.gain = nn.Parameter(mr.ones(width))
        self.steps = nn.Buffer(mr.tensor(0))
        self.register_buffer("last", mr.zeros(width), persistent=False)
        self.inner = nn.Linear(width, width)

    def forward(self, x):
        if self.training:
            self.mean = 0.5 * self.mean + 0.5 * x.mean(axis=0)
            self.steps.data += 1
        return self.inner((x - self.mean) * self.gain)


def net():
    return nn.Sequential(nn.Linear(2, 3), Average(3), nn.ReLU())


X = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)


# -- finding ---------------------------------------------------------------------------------------


@pytest.mark.host
def test_state_has_names_order_and_dtypes_of_pytorch():
    torch = pytest.importorskip("torch")

    class TorchAverage(torch.nn.Module):
        def __init__(self, width):
            super().__init__()
            self.register_buffer("mean", torch.zeros(width))
            self.gain = torch.nn.Parameter(torch.ones(width))
            self.register_buffer("steps", torch.tensor(0))
            self.register_buffer("last", torch.zeros(width), persistent=False)
            self.inner = torch.nn.Linear(width, width)

    theirs = torch.nn.Sequential(torch.nn.Linear(2, 3), TorchAverage(3), torch.nn.ReLU())
    expected = {name: (tuple(t.shape), str(t.dtype)) for name, t in theirs.state_dict().items()}
    found = {name: (a.shape, f"torch.{a.dtype}") for name, a in net().state_dict().items()}
    assert list(found.items()) == list(expected.items())
    assert [name for name, _ in net().named_buffers()] == [n for n, _ in theirs.named_buffers()]


def test_buffers_are_not_parameters_and_have_no_gradient():
    model = net()
    assert [name for name, _ in model.named_buffers()] == ["1.mean", "1.steps", "1.last"]
    assert [b is getattr(model[1], n) for b, n in zip(model.buffers(), ("mean", "steps", "last"))]
    assert not {id(b) for b in model.buffers()} & {id(p) for p in model.parameters()}
    model(mr.ones((4, 2))).sum().backward()
    assert all(not b.requires_grad and b.grad is None for b in model.buffers())
    assert model[1].gain.grad is not None


def test_a_shared_buffer_is_stored_under_each_name():
    one, other = Average(2), Average(2)
    other.mean = one.mean
    model = nn.Sequential(one, other)
    assert [n for n, _ in model.named_buffers()].count("1.mean") == 0
    assert {"0.mean", "1.mean"} <= set(model.state_dict())


def test_registering_none_makes_no_state():
    layer = nn.Module()
    layer.register_buffer("running_mean", None)
    assert layer.running_mean is None
    assert layer.state_dict() == {}


# -- values ----------------------------------------------------------------------------------------


def test_assigning_to_a_buffer_drops_the_graph():
    layer, x = Average(3), mr.tensor(X, requires_grad=True)
    with counting() as counts:
        for _ in range(3):
            layer(x).sum().backward()  # fails if the buffer kept the freed graph of the last step
    assert counts.host_reads == 0, counts.where()
    assert isinstance(layer.mean, nn.Buffer)
    assert layer.mean.is_leaf
    np.testing.assert_allclose(layer.mean.numpy(), (1 - 0.5**3) * X.mean(axis=0), rtol=1e-6)
    assert layer.steps.item() == 3
    assert layer.steps.dtype == np.int64


def test_assignment_keeps_a_buffer_persistent_or_not():
    layer = Average(3)
    layer.last = mr.ones(3)
    assert isinstance(layer.last, nn.Buffer)
    assert not layer.last.persistent
    assert "last" not in layer.state_dict()


def test_a_buffer_refuses_numbers_and_host_arrays():
    layer = Average(3)
    for value in (0.0, X, [1.0]):
        with pytest.raises(ArgumentTypeError, match=r"mean is a Buffer.*mean\.data\[\.\.\.\]"):
            layer.mean = value
    layer.mean = None
    assert "mean" not in layer.state_dict()


@pytest.mark.host
def test_registering_checks_its_arguments():
    layer = nn.Linear(2, 2)
    with pytest.raises(ArgumentError, match="Linear already has an attribute 'weight'"):
        layer.register_buffer("weight", mr.zeros(2))
    with pytest.raises(ArgumentError, match="Linear already has an attribute 'forward'"):
        layer.register_buffer("forward", mr.zeros(2))
    for name in ("a.b", "", 3):
        with pytest.raises(ArgumentTypeError, match="a string without dots"):
            layer.register_buffer(name, mr.zeros(2))
    with pytest.raises(ArgumentTypeError, match=r"nn\.Buffer takes .* got a float.*mr\.tensor"):
        layer.register_buffer("mean", 1.0)
    with pytest.raises(ArgumentTypeError, match="list of modules, parameters or buffers"):
        layer.means = [nn.Buffer(mr.zeros(2))]
    layer.register_buffer("mean", mr.zeros(2))
    layer.register_buffer("mean", mr.ones(2))  # again is fine, as in PyTorch
    assert layer.mean.tolist() == [1.0, 1.0]


# -- storing and moving ----------------------------------------------------------------------------


def test_the_state_copies_buffers_and_restores_them(backend):
    layer = Average(3)
    layer(mr.tensor(X))
    state = layer.state_dict()
    stored = backend.to_host(state["mean"]).copy()
    layer(mr.tensor(10 + X))
    assert layer.steps.item() == 2
    np.testing.assert_array_equal(backend.to_host(state["mean"]), stored)
    layer.load_state_dict(state)
    assert layer.steps.item() == 1
    np.testing.assert_array_equal(layer.mean.numpy(), stored)
    state["mean"] += 1
    np.testing.assert_array_equal(layer.mean.numpy(), stored)


def test_to_moves_buffers_of_every_kind(backend):
    layer = Average(3)
    layer(mr.tensor(X))
    before = layer.mean.tolist()
    layer.to("numpy")
    assert {b.backend for b in layer.buffers()} == {"numpy"}
    layer.to(backend.name)
    assert {b.backend for b in layer.buffers()} == {backend.name}
    assert layer.mean.tolist() == before
    layer(mr.tensor(X))


def test_a_deep_copy_has_its_own_buffers():
    layer = Average(3)
    twin = copy.deepcopy(layer)
    twin(mr.tensor(X))
    assert (layer.steps.item(), twin.steps.item()) == (0, 1)
    assert not twin.last.persistent
