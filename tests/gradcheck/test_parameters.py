"""The parameters of a model are checked in place and restored afterwards."""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg import nn
from minireg.backend import namespace
from minireg.errors import ArgumentError, ArgumentTypeError
from minireg.gradcheck import assert_gradients, check_backward, check_gradients
from tests.gradcheck.verdicts import unwrapped


def data():
    random = np.random.default_rng(0)
    return mr.tensor(random.normal(size=(5, 7))), mr.tensor(np.array([0, 2, 1, 1, 0]))


def network():
    return nn.Sequential(nn.Linear(7, 4), nn.ReLU(), nn.Linear(4, 3))


def loss_of(model):
    return lambda x, y: mr.cross_entropy(model(x), y)


class Held:
    """Everything about some Tensors that a check might change."""

    def __init__(self, tensors):
        self.tensors = list(tensors)
        self.before = self.state()

    def state(self):
        return [
            (id(t.data), t.numpy().tobytes(), str(t.dtype), t.requires_grad, id(t.grad))
            for t in self.tensors
        ]

    def unchanged(self) -> bool:
        return self.state() == self.before


def test_a_model_passes_with_its_parameters():
    model, (x, y) = network(), data()
    report = check_gradients(loss_of(model), x, y, parameters=model.named_parameters())
    assert report, report
    assert [finding.name for finding in report.findings] == [
        "x", "0.weight", "0.bias", "2.weight", "2.bias",
    ]  # fmt: skip
    assert report.checked == 5 * 7 + 4 * 7 + 4 + 3 * 4 + 3


@pytest.mark.parametrize("form", [list, iter, dict])
def test_parameters_come_as_tensors_pairs_or_a_dictionary(form):
    model, (x, y) = network(), data()
    given = model.named_parameters() if form is dict else model.parameters()
    report = check_gradients(loss_of(model), x, y, parameters=form(given))
    assert report, report
    assert report.findings[1].name == ("0.weight" if form is dict else "parameter 0")


def test_parameters_alone_are_enough():
    model, (x, y) = network(), data()
    assert_gradients(lambda: loss_of(model)(x, y), parameters=model.parameters())


def test_a_parameter_that_is_used_twice_is_checked_once():
    p = mr.tensor(np.array([0.5, -1.0]), requires_grad=True)
    report = check_gradients(lambda: p * p + mr.exp(p), parameters=[p, p])
    assert report, report
    assert report.checked == 2


def test_a_wrong_gradient_of_a_parameter_is_named():
    model, (x, y) = network(), data()

    def loss(x, y):
        return mr.cross_entropy(model(x), y) + 0.01 * (model[0].weight.detach() ** 2).sum()

    report = check_gradients(loss, x, y, parameters=model.named_parameters())
    assert report.verdict == "fail"
    assert "the gradient of 0.weight is wrong" in unwrapped(report)
    # The penalty 0.01 w² is in the loss and not in the gradient.
    assert report.from_numbers[0].name == "penalty-missing"
    assert "yours - numeric = -0.02 * x" in report.from_numbers[0].evidence


def test_second_derivatives_of_a_model_pass():
    model, (x, y) = network(), data()
    assert_gradients(loss_of(model), x, y, parameters=model.parameters(), order=2)


# -- nothing is changed ----------------------------------------------------------------------------


def test_inputs_and_parameters_keep_every_bit():
    model, (x, y) = network(), data()
    mr.cross_entropy(model(x.astype(mr.float32)), y).backward()  # so that .grad is not None
    held = Held([x, y, *model.parameters()])
    for order in (1, 2):
        assert check_gradients(loss_of(model), x, y, parameters=model.parameters(), order=order)
        assert held.unchanged()


def test_parameters_that_are_not_named_keep_their_gradient():
    model, (x, y) = network(), data()
    held = Held(model.parameters())
    # float32 weights with float64 inputs: what is computed is float64.
    assert check_gradients(loss_of(model), x, y)
    assert held.unchanged()


@pytest.mark.parametrize("fatal_call", [1, 2, 3, 20, 60])
def test_everything_is_put_back_when_the_function_raises(fatal_call):
    model, (x, y) = network(), data()
    held, calls = Held([x, y, *model.parameters()]), []

    def loss(x, y):
        calls.append(1)
        if len(calls) == fatal_call:
            raise KeyboardInterrupt
        return mr.cross_entropy(model(x), y)

    with pytest.raises(KeyboardInterrupt):
        check_gradients(loss, x, y, parameters=model.parameters())
    assert held.unchanged()


def test_everything_is_put_back_after_a_failure():
    model, (x, y) = network(), data()
    held = Held([x, y, *model.parameters()])
    assert not check_gradients(
        lambda x, y: loss_of(model)(x.detach(), y), x, y, parameters=model.parameters()
    )
    assert held.unchanged()


def test_arrays_are_bit_for_bit_what_they_were(backend):
    arrays = [
        backend.asarray(a) for a in (np.random.default_rng(0).normal(size=(3, 4)), np.ones(4))
    ]
    before = [namespace(a).to_host(a).tobytes() for a in arrays]

    def raising(upstream, x, b):
        raise ZeroDivisionError

    check_backward(lambda x, b: x * b, lambda d, x, b: (d * b, (d * x).sum(axis=0)), *arrays)
    assert check_backward(lambda x, b: x * b, raising, *arrays).verdict == "fail"
    assert [namespace(a).to_host(a).tobytes() for a in arrays] == before


def test_the_state_of_recording_does_not_matter():
    x, _ = data()
    with mr.no_grad():
        assert check_gradients(mr.tanh, x)
        assert not mr.exp(mr.tensor(1.0, requires_grad=True)).requires_grad


# -- what is refused -------------------------------------------------------------------------------


@pytest.mark.host
def test_what_is_not_a_parameter_is_named():
    x, _ = data()
    p = mr.tensor([1.0], requires_grad=True)
    with pytest.raises(ArgumentTypeError, match=r"write \[p\]"):
        check_gradients(mr.exp, x, parameters=p)
    with pytest.raises(ArgumentTypeError, match="parameter 0 must be a Tensor, got an array"):
        check_gradients(mr.exp, x, parameters=[np.ones(3)])
    with pytest.raises(ArgumentError, match="w is not a parameter: it must be a leaf"):
        check_gradients(mr.exp, x, parameters={"w": p * 2})
    with pytest.raises(ArgumentError, match="requires_grad=True"):
        check_gradients(mr.exp, x, parameters=[mr.tensor([1.0])])


def test_everything_is_put_back_after_a_search_for_causes():
    @mr.primitive
    def doubled(x):
        return x * 2, (lambda g: g * x,)

    model, (x, y) = network(), data()
    held = Held([x, y, *model.parameters()])
    parameters = model.named_parameters()
    assert not check_gradients(lambda x: doubled(model(x)), x, parameters=parameters)
    assert held.unchanged()
