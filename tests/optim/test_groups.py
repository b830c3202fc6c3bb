"""Parameter groups, zero_grad, and everything an optimizer refuses."""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg import nn, optim
from minireg.errors import ArgumentError, ArgumentTypeError

pytestmark = pytest.mark.host
KINDS = (optim.SGD, optim.SGDW, optim.Adam, optim.AdamW, optim.RMSprop, optim.Adagrad)
every_kind = pytest.mark.parametrize("kind", KINDS)


def leaf(*values):
    return mr.tensor(list(values) or [1.0], requires_grad=True)


def gradients(*tensors):
    for t in tensors:
        t.grad = np.ones(t.shape, np.float32)


# -- groups ----------------------------------------------------------------------------------------


@every_kind
def test_a_group_takes_missing_options_from_the_defaults(kind):
    w, b = leaf(), leaf()
    optimizer = kind([{"params": [w], "weight_decay": 0.1}, {"params": [b], "lr": 0.5}], lr=0.25)
    first, second = optimizer.param_groups
    assert (first["lr"], first["weight_decay"]) == (0.25, 0.1)
    assert (second["lr"], second["weight_decay"]) == (0.5, optimizer.defaults["weight_decay"])
    assert first["params"][0] is w


def test_groups_step_with_their_own_learning_rates():
    w, b = leaf(), leaf()
    optimizer = optim.SGD([{"params": [w]}, {"params": [b], "lr": 0.5}], lr=0.25)
    gradients(w, b)
    optimizer.step()
    assert (w.tolist(), b.tolist()) == ([0.75], [0.5])


def test_the_rate_of_a_group_can_change_between_steps():
    w = leaf()
    optimizer = optim.SGD([w], lr=0.5)
    gradients(w)
    optimizer.step()
    for group in optimizer.param_groups:
        group["lr"] *= 0.5
    optimizer.step()
    assert w.tolist() == [0.25]


def test_a_group_may_give_a_generator_or_a_single_tensor():
    net, single = nn.Linear(3, 2), leaf()
    optimizer = optim.SGD([{"params": net.parameters()}, {"params": single}])
    assert [len(group["params"]) for group in optimizer.param_groups] == [2, 1]


def test_a_group_added_later_is_trained():
    w, late = leaf(), leaf()
    optimizer = optim.SGD([w], lr=0.5)
    optimizer.add_param_group({"params": [late], "lr": 0.25})
    gradients(w, late)
    optimizer.step()
    assert (w.tolist(), late.tolist()) == ([0.5], [0.75])


def test_the_dictionaries_of_the_caller_are_not_changed():
    group = {"params": [leaf()]}
    optim.SGD([group], lr=0.5)
    assert list(group) == ["params"]


@every_kind
def test_zero_grad_clears_the_gradients_of_its_parameters(kind):
    w, b, other = leaf(), leaf(), leaf()
    optimizer = kind([{"params": [w]}, {"params": [b]}])
    gradients(w, b, other)
    optimizer.zero_grad()
    assert w.grad is None
    assert b.grad is None
    assert other.grad is not None


# -- refused ---------------------------------------------------------------------------------------


@every_kind
def test_no_parameters_raise_and_the_usual_cause_is_named(kind):
    for nothing in ([], (), iter([]), nn.ReLU().parameters()):
        with pytest.raises(ArgumentError, match=f"{kind.__name__} got no parameters.*attributes"):
            kind(nothing)


@every_kind
def test_only_an_iterable_of_parameters_is_taken(kind):
    for wrong in (leaf(), nn.Linear(2, 2), 3, None):
        with pytest.raises(ArgumentTypeError, match="takes an iterable of parameters"):
            kind(wrong)
    for wrong in (["weight"], [np.ones(3)], [None], nn.Linear(2, 2).named_parameters()):
        with pytest.raises(ArgumentTypeError, match=r"leaf tensors such as nn\.Parameter, got"):
            kind(wrong)


@every_kind
def test_tensors_that_cannot_be_trained_raise(kind):
    with pytest.raises(ArgumentError, match="None of the 1 parameters of the group requires"):
        kind([mr.tensor([1.0])])
    with pytest.raises(ArgumentTypeError, match=r"leaf tensors such as nn\.Parameter, got"):
        kind([leaf() * 2])


@every_kind
def test_frozen_parameters_stay_as_they_are(kind):
    model = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 2))
    model[0].requires_grad_(False)
    before = model[0].weight.numpy().copy()
    optimizer = kind(model.parameters())
    model(mr.ones((4, 2))).sum().backward()
    optimizer.step()
    np.testing.assert_array_equal(model[0].weight.numpy(), before)
    assert (model[1].weight.numpy() != 0).any()


@every_kind
def test_a_parameter_given_twice_raises(kind):
    w = leaf()
    with pytest.raises(ArgumentError, match="two groups"):
        kind([w, w])
    with pytest.raises(ArgumentError, match="two groups"):
        kind([{"params": [w]}, {"params": [w]}])


@every_kind
def test_an_unknown_option_of_a_group_names_the_known_ones(kind):
    with pytest.raises(ArgumentError, match=r"may have \['.*weight_decay.*learning_rate"):
        kind([{"params": [leaf()], "learning_rate": 0.1}])
    with pytest.raises(ArgumentError, match="needs 'params'"):
        kind([{"lr": 0.1}])


BAD = {
    "a negative lr": ("all", {"lr": -0.1}, ArgumentError, "lr must be at least 0, got -0.1"),
    "an infinite lr": ("all", {"lr": float("inf")}, ArgumentError, "lr must be finite"),
    "a huge whole lr": ("all", {"lr": 10**400}, ArgumentError, "lr must be finite"),
    "lr nan": ("all", {"lr": float("nan")}, ArgumentError, "lr must be finite"),
    "lr as text": ("all", {"lr": "0.1"}, ArgumentTypeError, "lr must be a number, got '0.1'"),
    "lr None": ("all", {"lr": None}, ArgumentTypeError, "lr must be a number"),
    "a negative decay": ("all", {"weight_decay": -1}, ArgumentError, "weight_decay must be at"),
    "momentum 1": (optim.SGD, {"momentum": 1.0}, ArgumentError, r"momentum must be in \[0, 1\)"),
    "momentum -1": (optim.SGD, {"momentum": -1}, ArgumentError, r"momentum must be in \[0, 1\)"),
    "momentum text": (optim.SGD, {"momentum": "n"}, ArgumentTypeError, "momentum must be a num"),
    "beta1 1": (optim.Adam, {"betas": (1.0, 0.9)}, ArgumentError, r"betas\[0\] must be in \[0, 1"),
    "beta2 2": (optim.Adam, {"betas": (0.9, 2)}, ArgumentError, r"betas\[1\] must be in \[0, 1\)"),
    "one beta": (optim.Adam, {"betas": 0.9}, ArgumentTypeError, "betas must be the pair.*got 0.9"),
    "three betas": (optim.Adam, {"betas": (0.9,) * 3}, ArgumentTypeError, "betas must be the pair"),
    "eps 0": (optim.Adam, {"eps": 0}, ArgumentError, "eps must be greater than 0, got 0"),
    "betas of AdamW": (optim.AdamW, {"betas": (1, 0)}, ArgumentError, r"betas\[0\] must be in \[0"),
    "amsgrad 1": (optim.Adam, {"amsgrad": 1}, ArgumentTypeError, "amsgrad must be True or False"),
    "dampening": (
        optim.SGD,
        {"dampening": 2},
        ArgumentError,
        r"dampening must be in \[0, 1\]",
    ),
    "nesterov": (optim.SGD, {"nesterov": "no"}, ArgumentTypeError, "nesterov must be True or Fal"),
    "nesterov alone": (optim.SGD, {"nesterov": True}, ArgumentError, "needs a momentum above 0"),
    "nesterov damped": (
        optim.SGD,
        {"nesterov": True, "momentum": 0.9, "dampening": 0.1},
        ArgumentError,
        "and no dampening, got momentum=0.9 and dampening=0.1",
    ),
    "alpha 1": (optim.RMSprop, {"alpha": 1.0}, ArgumentError, r"alpha must be in \[0, 1\), got 1"),
    "RMS eps": (optim.RMSprop, {"eps": 0}, ArgumentError, "eps must be greater than 0, got 0"),
    "RMS momentum": (
        optim.RMSprop,
        {"momentum": 1},
        ArgumentError,
        r"momentum must be in \[0, 1\)",
    ),
    "centered 0": (optim.RMSprop, {"centered": 0}, ArgumentTypeError, "centered must be True or F"),
    "lr_decay": (optim.Adagrad, {"lr_decay": -1}, ArgumentError, "lr_decay must be at least 0"),
    "sum below 0": (
        optim.Adagrad,
        {"initial_accumulator_value": -1},
        ArgumentError,
        "initial_accumulator_value must be at least 0, got -1",
    ),
    "Adagrad eps": (optim.Adagrad, {"eps": 0}, ArgumentError, "eps must be greater than 0, got 0"),
}


@pytest.mark.parametrize(("kind", "options", "error", "sentence"), BAD.values(), ids=BAD)
def test_options_out_of_range_are_refused(kind, options, error, sentence):
    for each in KINDS if kind == "all" else (kind,):
        with pytest.raises(error, match=sentence):
            each([leaf()], **options)
        with pytest.raises(error, match=sentence):
            each([{"params": [leaf()], **options}])


@every_kind
def test_a_refused_group_changes_nothing(kind):
    w, new, newer = leaf(), leaf(), leaf()
    optimizer = kind([w])
    for refused in (
        {"params": [new], "lr": -1},
        {"params": [new, w]},
        {"params": [new, new]},
        {"params": [new, leaf() * 2]},
        {"params": [new, newer], "unknown": 1},
    ):
        with pytest.raises((ArgumentError, ArgumentTypeError)):
            optimizer.add_param_group(refused)
        assert len(optimizer.param_groups) == 1
        assert list(optimizer.state) == [w]
    optimizer.add_param_group({"params": [new, newer]})
    assert len(optimizer.param_groups) == 2


def test_an_optimizer_without_an_update_says_so():
    class Lazy(optim.Optimizer):
        pass

    w = leaf()
    optimizer = Lazy([w], {"lr": 0.1})
    gradients(w)
    with pytest.raises(NotImplementedError, match="Lazy must define update"):
        optimizer.step()


def test_an_optimizer_of_your_own_takes_four_lines():
    class SignDescent(optim.Optimizer):
        def update(self, params, group):
            for p in params:
                p.data -= group["lr"] * np.sign(p.grad)

    w = leaf(1.0, 2.0)
    w.grad = np.array([5.0, -0.1], np.float32)
    SignDescent([w], {"lr": 0.5}).step()
    assert w.tolist() == [0.5, 2.5]
