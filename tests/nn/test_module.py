"""Module: how parameters and sub-modules are found, switched, protected and shown."""

from __future__ import annotations

import copy

import numpy as np
import pytest

import minireg as mr
from minireg import nn
from minireg.errors import ArgumentTypeError


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.inner = nn.Linear(width, width)
        self.scale = nn.Parameter(mr.ones(width))
        self.drop = nn.Dropout(0.5)

    def forward(self, x):
        return self.drop(self.inner(x).relu()) * self.scale


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.entry = nn.Linear(4, 3)
        self.block = Block(3)
        self.exit = nn.Linear(3, 2, bias=False)

    def forward(self, x):
        return self.exit(self.block(self.entry(x)))


NAMES = [
    "entry.weight",
    "entry.bias",
    "block.scale",
    "block.inner.weight",
    "block.inner.bias",
    "exit.weight",
]


# -- finding ---------------------------------------------------------------------------------------


@pytest.mark.host
def test_parameters_have_names_and_order_of_pytorch():
    torch = pytest.importorskip("torch")

    class TorchBlock(torch.nn.Module):
        def __init__(self, width):
            super().__init__()
            self.inner = torch.nn.Linear(width, width)
            self.scale = torch.nn.Parameter(torch.ones(width))
            self.drop = torch.nn.Dropout(0.5)

    class TorchNet(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.entry = torch.nn.Linear(4, 3)
            self.block = TorchBlock(3)
            self.exit = torch.nn.Linear(3, 2, bias=False)

    theirs = TorchNet()
    assert [name for name, _ in Net().named_parameters()] == NAMES
    assert [name for name, _ in theirs.named_parameters()] == NAMES
    named = [(name, type(m).__name__) for name, m in theirs.named_modules()]
    ours = [(name, type(m).__name__) for name, m in Net().named_modules()]
    assert [name for name, _ in ours] == [name for name, _ in named]


def test_parameters_are_the_attributes_themselves():
    net = Net()
    found = list(net.parameters())
    assert found[0] is net.entry.weight
    assert found[2] is net.block.scale
    assert all(isinstance(p, nn.Parameter) and p.requires_grad for p in found)


def test_a_shared_parameter_is_found_once_by_its_first_name():
    net = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3))
    net[1].weight = net[0].weight
    assert [name for name, _ in net.named_parameters()] == ["0.weight", "0.bias", "1.bias"]
    assert len(list(net.parameters())) == 3
    state = net.state_dict()  # under each of its names, as in PyTorch
    assert list(state) == ["0.weight", "0.bias", "1.weight", "1.bias"]
    net.load_state_dict(state)
    assert net[1].weight is net[0].weight


def test_a_shared_module_contributes_its_parameters_once():
    layer = nn.Linear(3, 3)
    net = nn.Sequential(layer, nn.ReLU(), layer)
    assert len(list(net.parameters())) == 2
    net(mr.ones((2, 3))).sum().backward()
    mr.optim.SGD(net.parameters(), lr=0.1).step()  # no complaint about duplicates


def test_a_parameter_assigned_after_construction_is_found():
    net = nn.Linear(2, 2)
    net.gain = nn.Parameter(mr.ones(2))
    assert [name for name, _ in net.named_parameters()] == ["weight", "bias", "gain"]


def test_modules_are_walked_in_order_of_assignment():
    net = Net()
    assert [name for name, _ in net.named_children()] == ["entry", "block", "exit"]
    assert list(net.children()) == [net.entry, net.block, net.exit]
    assert next(net.modules()) is net
    assert [name for name, _ in net.named_modules()] == [
        "",
        "entry",
        "block",
        "block.inner",
        "block.drop",
        "exit",
    ]


def test_named_generators_are_the_streams_among_attributes_once():
    shared = mr.Generator(3)
    model = nn.Sequential(nn.Dropout(0.5), nn.Linear(2, 2), nn.Dropout(0.1, generator=shared))
    model.noise = nn.Sequential(nn.Dropout(0.2, generator=shared))
    model.source = mr.Generator(1)
    assert [(name, g) for name, g in model.named_generators()] == [
        ("source", model.source), ("0.generator", model[0].generator), ("2.generator", shared),
    ]  # fmt: skip


def test_the_base_constructor_need_not_be_called():
    class Plain(nn.Module):
        def __init__(self):
            self.layer = nn.Linear(2, 1)

        def forward(self, x):
            return self.layer(x)

    class PyTorchStyle(nn.Module):
        def __init__(self):
            super(PyTorchStyle, self).__init__()  # noqa: UP008  as older scripts write it
            self.layer = nn.Linear(2, 1)

        def forward(self, x):
            return self.layer(x)

    for kind in (Plain, PyTorchStyle):
        assert len(list(kind().parameters())) == 2
        assert kind()(mr.ones((3, 2))).shape == (3, 1)


def test_a_parameter_copies_nothing_and_checks_its_data():
    start = mr.ones((2, 3))
    assert nn.Parameter(start).data is start.data
    assert nn.Parameter(start).regularize
    assert not nn.Parameter(start, regularize=False).regularize
    with pytest.raises(ArgumentTypeError, match="floating-point"):
        nn.Parameter(mr.tensor([1, 2]))
    with pytest.raises(ArgumentTypeError, match=r"nn\.Parameter.*list.*mr\.tensor"):
        nn.Parameter([1.0, 2.0])


def test_second_argument_of_parameter_freezes_as_in_pytorch():
    frozen, free = nn.Parameter(mr.ones(2), False), nn.Parameter(mr.ones(2), True)
    (frozen * free).sum().backward()
    assert (frozen.requires_grad, frozen.grad, frozen.regularize) == (False, None, True)
    assert mr.Tensor(free.grad).tolist() == [1, 1]
    with pytest.raises(TypeError, match="positional"):
        nn.Buffer(mr.ones(2), False)  # `persistent` is given by keyword, as there


def test_a_parameter_computes_like_any_tensor(backend):
    p = nn.Parameter(mr.tensor([1.0, 2.0]))
    (3 * p * p).sum().backward()
    assert backend.to_host(p.grad).tolist() == [6.0, 12.0]
    assert type(p * 1) is mr.Tensor


# -- calling ---------------------------------------------------------------------------------------


def test_a_module_without_forward_says_so():
    class Empty(nn.Module):
        pass

    with pytest.raises(NotImplementedError, match="Empty must define forward"):
        Empty()(1)


def test_keyword_arguments_reach_forward():
    class Scale(nn.Module):
        def forward(self, x, factor=1.0):
            return x * factor

    assert Scale()(mr.tensor([2.0]), factor=3.0).tolist() == [6.0]


# -- training mode ---------------------------------------------------------------------------------


def test_train_and_eval_reach_every_module():
    net = Net()
    assert all(m.training for m in net.modules())
    assert net.eval() is net
    assert not any(m.training for m in net.modules())
    net.block.train()
    assert [m.training for m in net.modules()] == [False, False, True, True, True, False]
    assert net.train() is net
    assert all(m.training for m in net.modules())
    net.train(False)
    assert not any(m.training for m in net.modules())


def test_eval_of_one_model_leaves_other_models_alone():
    one, other = Net(), Net()
    one.eval()
    assert all(m.training for m in other.modules())


def test_zero_grad_clears_every_gradient():
    net = Net()
    net(mr.ones((5, 4))).sum().backward()
    assert all(p.grad is not None for p in net.parameters())
    net.zero_grad()
    assert all(p.grad is None for p in net.parameters())


def test_frozen_parameters_get_no_gradient():
    net = Net()
    assert net.entry.requires_grad_(False) is net.entry
    net(mr.ones((5, 4))).sum().backward()
    assert [p.grad is None for p in net.parameters()] == [True, True, False, False, False, False]
    net.requires_grad_()
    net(mr.ones((5, 4))).sum().backward()
    assert all(p.grad is not None for p in net.parameters())


def test_apply_calls_its_function_once_with_every_module():
    shared, called = nn.ReLU(), []
    net = nn.Sequential(shared, Net(), shared)
    assert net.apply(called.append) is net
    assert called == list(net.modules())
    assert len(called) == len({id(module) for module in called}) == 8


# -- what must not happen silently -----------------------------------------------------------------


@pytest.mark.parametrize(
    "value", [np.ones(3, np.float32), 1.0, [1.0, 2.0, 3.0]], ids=["array", "number", "list"]
)
def test_a_parameter_is_not_overwritten_by_something_else(value):
    layer = nn.Linear(2, 3)
    bias = layer.bias
    with pytest.raises(ArgumentTypeError, match=r"bias is a Parameter.*bias\.data\[\.\.\.\]"):
        layer.bias = value
    assert layer.bias is bias


def test_wrong_hand_written_updates_are_refused():
    layer = nn.Linear(2, 3)
    layer(mr.ones((1, 2))).sum().backward()
    before = layer.weight.tolist()
    with pytest.raises(ArgumentTypeError, match="weight is a Parameter"):
        layer.weight = layer.weight - 0.1 * layer.weight.grad
    with pytest.raises(ArgumentTypeError, match=r"p\.data -="):
        layer.weight -= 0.1 * layer.weight.grad
    assert layer.weight.tolist() == before


def test_a_parameter_may_be_replaced_by_a_parameter_or_none():
    layer = nn.Linear(2, 3)
    layer.weight = nn.Parameter(mr.zeros((3, 2)))
    layer.bias = None
    assert len(list(layer.parameters())) == 1
    assert layer(mr.ones((1, 2))).tolist() == [[0.0, 0.0, 0.0]]


# -- repr ------------------------------------------------------------------------------------------


@pytest.mark.host
def test_repr_shows_the_tree_as_pytorch_does():
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.features = nn.Sequential(
                nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Dropout(0.5)
            )
            self.head = nn.Linear(128, 10, bias=False)

    assert repr(Model()) == (
        "Model(\n"
        "  (features): Sequential(\n"
        "    (0): Flatten()\n"
        "    (1): Linear(784, 128)\n"
        "    (2): ReLU()\n"
        "    (3): Dropout(p=0.5)\n"
        "  )\n"
        "  (head): Linear(128, 10, bias=False)\n"
        ")"
    )
    assert repr(nn.Linear(1, 1)) == "Linear(1, 1)"


@pytest.mark.host
def test_extra_repr_is_shown_between_the_brackets():
    class Scale(nn.Module):
        def extra_repr(self):
            return "factor=2"

    assert repr(Scale()) == "Scale(factor=2)"


def test_repr_has_the_tree_lines_of_pytorch():
    torch = pytest.importorskip("torch")

    def model(nn):
        inner = nn.Sequential(nn.Linear(3, 2), nn.ReLU())
        return nn.Sequential(nn.Flatten(), inner, nn.Dropout(0.25))

    ours, theirs = repr(model(nn)).splitlines(), repr(model(torch.nn)).splitlines()
    assert len(ours) == len(theirs)
    for a, b in zip(ours, theirs, strict=True):  # indentation, name and class; options differ
        assert a.split("(")[:2] == b.split("(")[:2], (a, b)


def test_a_list_of_layers_is_refused():
    class Net(nn.Module):
        def __init__(self):
            self.layers = [nn.Linear(2, 2), nn.Linear(2, 2)]

    with pytest.raises(ArgumentTypeError, match=r"layers is a list of modules.*Sequential"):
        Net()


def test_a_layer_is_not_overwritten_by_its_own_output():
    class Net(nn.Module):
        def __init__(self):
            self.fc = nn.Linear(2, 2)

        def forward(self, x):
            self.fc = self.fc(x)
            return self.fc

    net = Net()
    with pytest.raises(ArgumentTypeError, match="fc is a Linear of this module and would be lost"):
        net(mr.ones((1, 2)))
    assert len(list(net.parameters())) == 2


def test_a_cycle_of_modules_is_walked_once():
    a, b = nn.Sequential(nn.Linear(2, 2)), nn.Sequential(nn.Linear(2, 2))
    a.other, b.other = b, a
    assert len(list(a.parameters())) == 4
    assert not a.eval().other.training
    assert list(a.state_dict()) == ["0.weight", "0.bias", "other.0.weight", "other.0.bias"]


def test_a_deep_copy_is_another_model_with_the_same_values():
    model = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
    twin = copy.deepcopy(model)
    x = mr.ones((4, 2))
    np.testing.assert_array_equal(model(x).numpy(), twin(x).numpy())
    (model(x) * 2 + twin(x) * 3).sum().backward()  # both in one graph
    for p, q in zip(model.parameters(), twin.parameters()):
        assert q.regularize == p.regularize
        own, others = backend_array(p), backend_array(q)
        np.testing.assert_allclose(others, 1.5 * own, rtol=1e-6)


def backend_array(p):
    """The gradient of a parameter as a NumPy array."""
    return mr.Tensor(p.grad).numpy()
