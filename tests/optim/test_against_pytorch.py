"""SGD and Adam take the steps of torch.optim, whatever the settings."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg import optim

torch = pytest.importorskip("torch")

STEPS = 20
SHAPES = [(3, 4), (5,), (), (0, 2)]
# Both libraries do the same dozen operations in another order: ε · 20 steps · 12 operations = 5e-14
# relative to the largest number on the way (the parameters and steps here stay below 1000).
CLOSE = {"rtol": 1e-12, "atol": 1e-12}

learning_rates = st.floats(1e-4, 1)
decays = st.just(0.0) | st.floats(0, 1)
momenta = st.just(0.0) | st.floats(0, 0.99)
betas = st.tuples(momenta, st.just(0.999) | st.floats(0, 0.9999))
epsilons = st.sampled_from([1e-8, 1e-3, 1.0])
seeds = st.integers(0, 2**32 - 1)


def descend(backend, make, seed, dtype=np.float64, groups=None, schedule=None):
    """The parameters after STEPS steps in minireg and in PyTorch, on the same random gradients.

    Args:
        make: takes a library's `optim` and its parameters or groups, returns the optimizer.
        groups: options of each parameter's own group; None: all in one group.
        schedule: the learning rate of each step, for all groups.
    """
    rng = np.random.default_rng(seed)
    starts = [rng.normal(size=shape).astype(dtype) for shape in SHAPES]
    ours = [mr.tensor(start, requires_grad=True) for start in starts]
    theirs = [torch.tensor(start, requires_grad=True) for start in starts]

    def grouped(parameters):
        if groups is None:
            return parameters
        return [{"params": [p], **g} for p, g in zip(parameters, groups, strict=True)]

    our_optimizer = make(optim, grouped(ours))
    their_optimizer = make(torch.optim, grouped(theirs))
    for step in range(STEPS):
        for i, (p, q) in enumerate(zip(ours, theirs, strict=True)):
            if (step + i) % 5 == 4:  # now and then a parameter takes no part
                p.grad = q.grad = None
                continue
            g = rng.normal(size=p.shape).astype(dtype)
            p.grad, q.grad = backend.asarray(g), torch.tensor(g)
        for optimizer in (our_optimizer, their_optimizer):
            if schedule is not None:
                for group in optimizer.param_groups:
                    group["lr"] = schedule[step]
            optimizer.step()
    return [p.numpy() for p in ours], [q.detach().numpy() for q in theirs]


def assert_equal_parameters(found, expected, rtol, atol):
    for ours, theirs in zip(found, expected, strict=True):
        assert ours.dtype == theirs.dtype
        np.testing.assert_allclose(ours, theirs, rtol=rtol, atol=atol)


@given(lr=learning_rates, momentum=momenta, weight_decay=decays, seed=seeds)
def test_sgd_equals_pytorch(backend, lr, momentum, weight_decay, seed):
    def make(library, parameters):
        return library.SGD(parameters, lr=lr, momentum=momentum, weight_decay=weight_decay)

    assert_equal_parameters(*descend(backend, make, seed), **CLOSE)


@given(lr=learning_rates, betas=betas, eps=epsilons, weight_decay=decays, seed=seeds)
def test_adam_equals_pytorch(backend, lr, betas, eps, weight_decay, seed):
    def make(library, parameters):
        return library.Adam(parameters, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)

    assert_equal_parameters(*descend(backend, make, seed), **CLOSE)


@given(options=st.lists(st.tuples(learning_rates, momenta, decays), min_size=4, max_size=4))
def test_groups_with_options_of_their_own_equal_pytorch(backend, options):
    groups = [
        {"lr": lr, "momentum": momentum, "weight_decay": decay} for lr, momentum, decay in options
    ]

    def make(library, parameters):
        return library.SGD(parameters, lr=0.5)

    assert_equal_parameters(*descend(backend, make, 0, groups=groups), **CLOSE)


@given(rates=st.lists(st.floats(0, 0.5), min_size=STEPS, max_size=STEPS))
@pytest.mark.parametrize("name", ["SGD", "Adam"])
def test_a_learning_rate_changed_during_training_equals_pytorch(backend, name, rates):
    def make(library, parameters):
        return getattr(library, name)(parameters, lr=1.0, weight_decay=0.1)

    assert_equal_parameters(*descend(backend, make, 0, schedule=rates), **CLOSE)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_float32_stays_float32_and_equals_pytorch(backend, momentum):
    def make(library, parameters):
        return library.SGD(parameters, lr=0.1, momentum=momentum, weight_decay=0.01)

    # ε = 6e-8; 20 steps of about 6 roundings each, of numbers below 10
    assert_equal_parameters(*descend(backend, make, 0, np.float32), rtol=2e-6, atol=2e-6)


def test_adam_in_float32_equals_pytorch(backend):
    def make(library, parameters):
        return library.Adam(parameters, lr=0.01, weight_decay=0.01)

    assert_equal_parameters(*descend(backend, make, 0, np.float32), rtol=2e-6, atol=2e-6)


@pytest.mark.host
@pytest.mark.parametrize("name", ["SGD", "Adam"])
def test_the_defaults_are_those_of_pytorch(name):
    ours = getattr(optim, name)([mr.zeros(1, requires_grad=True)])
    theirs = getattr(torch.optim, name)([torch.zeros(1, requires_grad=True)])
    for option, value in ours.defaults.items():
        assert value == theirs.defaults[option], option
