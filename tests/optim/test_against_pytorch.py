"""All optimizers take the same steps as those of torch.optim, with any settings."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg import optim

torch = pytest.importorskip("torch")

NAMES = ["SGD", "Adam", "AdamW", "RMSprop", "Adagrad"]
STEPS = 20
SHAPES = [(3, 4), (5,), (), (0, 2)]
# Both libraries do the same dozen operations in another order: ε · 20 steps · 12 operations = 5e-14
# relative to the largest intermediate number (the parameters and steps here stay below 1000).
CLOSE = {"rtol": 1e-12, "atol": 1e-12}

learning_rates = st.floats(1e-4, 1)
decays = st.just(0.0) | st.floats(0, 1)
momenta = st.just(0.0) | st.floats(0, 0.99)
# With a smaller β₂, one gradient near 0 decides the step, and so does its rounding.
betas = st.tuples(momenta, st.just(0.999) | st.floats(0.5, 0.9999))
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
            if (step + i) % 5 == 4:  # now and then a parameter has no gradient
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


def options(**strategies):
    """Keyword arguments of an optimizer, drawn."""
    return st.fixed_dictionaries({"lr": learning_rates, "weight_decay": decays, **strategies})


@given(options=options(momentum=momenta, dampening=st.just(0.0) | st.floats(0, 1)), seed=seeds)
def test_sgd_equals_pytorch(backend, options, seed):
    def make(library, parameters):
        return library.SGD(parameters, **options)

    assert_equal_parameters(*descend(backend, make, seed), **CLOSE)


@given(options=options(momentum=st.floats(0.01, 0.99)), seed=seeds)
def test_nesterov_equals_pytorch(backend, options, seed):
    def make(library, parameters):
        return library.SGD(parameters, nesterov=True, **options)

    assert_equal_parameters(*descend(backend, make, seed), **CLOSE)


@given(options=options(betas=betas, eps=epsilons, amsgrad=st.booleans()), seed=seeds)
def test_adam_equals_pytorch(backend, options, seed):
    def make(library, parameters):
        return library.Adam(parameters, **options)

    assert_equal_parameters(*descend(backend, make, seed), **CLOSE)


@given(
    options=options(
        weight_decay=st.just(0.0),  # it could cancel the gradient, up to its rounding
        betas=st.tuples(momenta, st.floats(0, 0.5)),
        eps=epsilons,
        amsgrad=st.booleans(),
    ),
    seed=seeds,
)
def test_adam_with_a_short_memory_equals_pytorch(backend, options, seed):
    def make(library, parameters):
        return library.Adam(parameters, **options)

    assert_equal_parameters(*descend(backend, make, seed), **CLOSE)


@given(options=options(betas=betas, eps=epsilons, amsgrad=st.booleans()), seed=seeds)
def test_adamw_equals_pytorch(backend, options, seed):
    def make(library, parameters):
        return library.AdamW(parameters, **options)

    assert_equal_parameters(*descend(backend, make, seed), **CLOSE)


@given(options=options(betas=betas, eps=epsilons, amsgrad=st.booleans()), seed=seeds)
def test_adamw_equals_decoupled_adam_of_pytorch(backend, options, seed):
    def make(library, parameters):
        if library is optim:
            return library.AdamW(parameters, **options)
        return library.Adam(parameters, decoupled_weight_decay=True, **options)

    assert_equal_parameters(*descend(backend, make, seed), **CLOSE)


@given(
    lr=st.floats(0.01, 1), decay=st.floats(0, 1),
    rates=st.lists(st.floats(0, 1), min_size=STEPS, max_size=STEPS),
)  # fmt: skip
def test_independent_decay_is_that_of_pytorch_over_lr(backend, lr, decay, rates):
    """λ w lr / (initial lr): PyTorch's AdamW with λ / (initial lr)."""

    def make(library, parameters):
        if library is torch.optim:
            return library.AdamW(parameters, lr=lr, weight_decay=decay / lr)
        optimizer = library.AdamW(parameters, lr=lr, weight_decay=decay, independent_decay=True)
        optim.lr_scheduler.StepLR(optimizer, 1)  # now the group knows its initial rate
        return optimizer

    schedule = [lr * rate for rate in rates]
    assert_equal_parameters(*descend(backend, make, 0, schedule=schedule), **CLOSE)


# α from 0.1: with α near 0 the variance v − m² of the centered form is all rounding
@given(
    options=options(
        alpha=st.floats(0.1, 0.999), eps=epsilons, momentum=momenta, centered=st.booleans()
    ),
    seed=seeds,
)
def test_rmsprop_equals_pytorch(backend, options, seed):
    def make(library, parameters):
        return library.RMSprop(parameters, **options)

    # v − m² is at least α (1 − α) g² ≥ 1e-3 g² at first, which makes its rounding 1000 times larger
    assert_equal_parameters(*descend(backend, make, seed), rtol=1e-10, atol=1e-10)


@given(
    options=options(
        lr_decay=decays,
        initial_accumulator_value=decays,
        eps=st.sampled_from([1e-10, 1e-3, 1.0]),
    ),
    seed=seeds,
)
def test_adagrad_equals_pytorch(backend, options, seed):
    def make(library, parameters):
        return library.Adagrad(parameters, **options)

    assert_equal_parameters(*descend(backend, make, seed), **CLOSE)


@given(options=st.lists(st.tuples(learning_rates, momenta, decays), min_size=4, max_size=4))
def test_groups_with_their_own_options_equal_pytorch(backend, options):
    groups = [
        {"lr": lr, "momentum": momentum, "weight_decay": decay} for lr, momentum, decay in options
    ]

    def make(library, parameters):
        return library.SGD(parameters, lr=0.5)

    assert_equal_parameters(*descend(backend, make, 0, groups=groups), **CLOSE)


@given(rates=st.lists(st.floats(0, 0.5), min_size=STEPS, max_size=STEPS))
@pytest.mark.parametrize("name", NAMES)
def test_a_changed_learning_rate_equals_pytorch(backend, name, rates):
    def make(library, parameters):
        return getattr(library, name)(parameters, lr=1.0, weight_decay=0.1)

    assert_equal_parameters(*descend(backend, make, 0, schedule=rates), **CLOSE)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_float32_stays_float32_and_equals_pytorch(backend, momentum):
    def make(library, parameters):
        return library.SGD(parameters, lr=0.1, momentum=momentum, weight_decay=0.01)

    # ε = 6e-8; 20 steps of about 6 roundings each, of numbers below 10
    assert_equal_parameters(*descend(backend, make, 0, np.float32), rtol=2e-6, atol=2e-6)


@pytest.mark.parametrize("name", NAMES[1:])
def test_the_adaptive_optimizers_in_float32_equal_pytorch(backend, name):
    def make(library, parameters):
        return getattr(library, name)(parameters, lr=0.01, weight_decay=0.01)

    assert_equal_parameters(*descend(backend, make, 0, np.float32), rtol=2e-6, atol=2e-6)


@pytest.mark.host
@pytest.mark.parametrize("name", NAMES)
def test_the_defaults_are_those_of_pytorch(name):
    ours = getattr(optim, name)([mr.zeros(1, requires_grad=True)])
    theirs = getattr(torch.optim, name)([torch.zeros(1, requires_grad=True)])
    for option in ours.defaults.keys() - {"independent_decay"}:
        assert ours.defaults[option] == theirs.defaults[option], option
