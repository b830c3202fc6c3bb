"""effective_step(p): how far a unit of a constant gradient moves p."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg import optim
from minireg.errors import ArgumentError
from tests.guarded import counting

OPTIMIZERS = {
    "sgd": (optim.SGD, {"dampening": 0.5}),
    "momentum": (optim.SGD, {"momentum": 0.75}),
    "dampened": (optim.SGD, {"momentum": 0.75, "dampening": 0.5}),
    "nesterov": (optim.SGD, {"momentum": 0.75, "nesterov": True}),
    "sgdw": (optim.SGDW, {"momentum": 0.75, "weight_decay": 0.0}),
    "adam": (optim.Adam, {"eps": 0.1}),
    "amsgrad": (optim.Adam, {"betas": (0.5, 0.75), "amsgrad": True}),
    "adamw": (optim.AdamW, {"weight_decay": 0.0}),
    "rmsprop": (optim.RMSprop, {"eps": 0.1}),
    "rmsprop with momentum": (optim.RMSprop, {"momentum": 0.75, "alpha": 0.5}),
    "centered": (optim.RMSprop, {"centered": True, "eps": 0.1}),
    "adagrad": (optim.Adagrad, {"lr_decay": 0.1, "initial_accumulator_value": 0.5}),
}
every_optimizer = pytest.mark.parametrize(
    ("kind", "options"), OPTIMIZERS.values(), ids=OPTIMIZERS.keys()
)


@every_optimizer
@given(
    lr=st.floats(1e-3, 1),
    size=st.lists(st.floats(0.1, 10) | st.floats(-10, -0.1), min_size=3, max_size=3),
)
def test_it_is_the_step_for_a_unit_of_a_constant_gradient(backend, kind, options, lr, size):
    w = mr.tensor(np.zeros(3), requires_grad=True)
    optimizer, g = kind([w], lr=lr, **options), np.array(size)
    w.grad = backend.asarray(g)
    for _ in range(120):  # 0.75¹²⁰ = 1e-15 of the momentum is missing
        w.data[...] = 0
        optimizer.step()
    step = optimizer.effective_step(w)
    step = step if isinstance(step, float) else backend.to_host(step)
    np.testing.assert_allclose(-w.numpy(), step * g, rtol=1e-11)


@every_optimizer
def test_where_entries_differ_it_is_zero_before_a_step(backend, kind, options):
    w = mr.tensor(np.array([1.0, 2.0]), requires_grad=True)
    step = kind([w], lr=0.5, **options).effective_step(w)
    if issubclass(kind, optim.SGD):
        momentum, dampening = options.get("momentum", 0), options.get("dampening", 0)
        assert step == (0.5 * (1 - dampening) / (1 - momentum) if momentum else 0.5)
    else:
        assert backend.to_host(step).tolist() == [0.0, 0.0]


@every_optimizer
def test_it_reads_and_uploads_nothing_and_changes_nothing(backend, kind, options):
    w = mr.tensor(np.array(1.0), requires_grad=True)
    optimizer = kind([w], lr=0.5, **options)
    w.grad = backend.asarray(np.array(0.25))
    optimizer.step()
    before = optimizer.state_dict()["state"][0] if optimizer.state[w] else {}
    with counting() as counts:
        step = optimizer.effective_step(w)
    assert (counts.host_reads, counts.uploads) == (0, 0), counts.where()
    assert getattr(step, "shape", ()) == ()
    for name, kept in before.items():  # arrays without axes, and counts
        assert float(kept) == float(optimizer.state[w][name])


def test_each_group_has_steps_of_its_own_length():
    w, v = (mr.zeros(1, requires_grad=True) for _ in range(2))
    optimizer = optim.SGD([{"params": [w], "lr": 0.25}, {"params": [v], "momentum": 0.5}], lr=1.0)
    assert [optimizer.effective_step(p) for p in (w, v)] == [0.25, 2.0]


@every_optimizer
def test_it_needs_a_parameter_of_the_optimizer(kind, options):
    optimizer = kind([mr.zeros(1, requires_grad=True)], **options)
    with pytest.raises(ArgumentError, match=f"is not a parameter of this {kind.__name__}"):
        optimizer.effective_step(mr.zeros(1))


def test_an_optimizer_of_ones_own_must_define_it():
    class Own(optim.Optimizer):
        pass

    w = mr.zeros(1, requires_grad=True)
    with pytest.raises(NotImplementedError, match=r"Own must define effective_step\(p\)"):
        Own([w], {"lr": 0.1}).effective_step(w)
