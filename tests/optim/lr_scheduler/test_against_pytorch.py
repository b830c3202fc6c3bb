"""Schedules give the learning rates of torch.optim.lr_scheduler, with any settings."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg import optim

torch = pytest.importorskip("torch")

pytestmark = [
    pytest.mark.host,
    # PyTorch's own SequentialLR calls its schedulers in a way that they warn about
    pytest.mark.filterwarnings("ignore::UserWarning"),
]

STEPS = 50
# PyTorch multiplies up to 50 factors, each rounded to ε = 1.1e-16: 6e-15. The difference of two
# close cosines loses up to a factor of 2 T²/π² = 500 for T = 50.
CLOSE = 1e-12

rates = st.lists(st.floats(1e-4, 10), min_size=1, max_size=3)
factors = st.floats(0.1, 1.1)
counts = st.integers(1, 60)


def optimizers(lrs, name="SGD"):
    """The same optimizer of both libraries, with a group for each learning rate."""
    return [
        getattr(library.optim, name)(
            [{"params": [library.zeros(1, requires_grad=True)], "lr": lr} for lr in lrs]
        )
        for library in (mr, torch)
    ]


def assert_equal_rates(lrs, make, steps=STEPS, name="SGD", watched=("lr",), atol=0.0):
    """Compare the options `watched` of every group, at first and after each of `steps` steps.

    Args:
        make: takes a library's `lr_scheduler` and its optimizer, returns the schedule.
    """
    found = []
    for optimizer, library in zip(optimizers(lrs, name), (optim, torch.optim)):
        schedule = make(library.lr_scheduler, optimizer)
        path = []
        for step in range(steps + 1):
            path.append([np.hstack([g[w] for w in watched]) for g in optimizer.param_groups])
            assert schedule.get_last_lr() == [g["lr"] for g in optimizer.param_groups]
            assert schedule.last_epoch == step
            optimizer.step()
            if step < steps:
                schedule.step()
        found.append(path)
    np.testing.assert_allclose(*found, rtol=CLOSE, atol=atol)


@given(lrs=rates, step_size=counts, gamma=factors)
def test_step_lr_equals_pytorch(lrs, step_size, gamma):
    assert_equal_rates(lrs, lambda s, o: s.StepLR(o, step_size, gamma))


@given(lrs=rates, milestones=st.lists(st.integers(0, 60), max_size=5), gamma=factors)
def test_multi_step_lr_equals_pytorch(lrs, milestones, gamma):
    assert_equal_rates(lrs, lambda s, o: s.MultiStepLR(o, milestones, gamma))


@given(lrs=rates, gamma=factors)
def test_exponential_lr_equals_pytorch(lrs, gamma):
    assert_equal_rates(lrs, lambda s, o: s.ExponentialLR(o, gamma))


@given(lrs=rates, T_max=counts, eta_min=st.just(0.0) | st.floats(1e-6, 1))
def test_cosine_annealing_lr_equals_pytorch(lrs, T_max, eta_min):
    assert_equal_rates(lrs, lambda s, o: s.CosineAnnealingLR(o, T_max, eta_min), min(STEPS, T_max))


@given(lrs=rates, T_max=st.integers(1, 20), eta_min=st.floats(1e-3, 1))
def test_cosine_annealing_lr_rises_again_as_pytorchs_does(lrs, T_max, eta_min):
    # PyTorch adds to and subtracts from η at each step, rounding at the size of the largest rate
    atol = CLOSE * max(*lrs, eta_min)
    assert_equal_rates(lrs, lambda s, o: s.CosineAnnealingLR(o, T_max, eta_min), atol=atol)


@given(lrs=rates, start=st.floats(0.01, 1), end=st.floats(0.01, 1), total=counts)
def test_linear_lr_equals_pytorch(lrs, start, end, total):
    assert_equal_rates(lrs, lambda s, o: s.LinearLR(o, start, end, total))


@given(lrs=rates, factor=st.floats(0.01, 1), total=counts)
def test_constant_lr_equals_pytorch(lrs, factor, total):
    assert_equal_rates(lrs, lambda s, o: s.ConstantLR(o, factor, total))


@given(lrs=rates, power=st.floats(-2, 0))
def test_lambda_lr_equals_pytorch(lrs, power):
    assert_equal_rates(lrs, lambda s, o: s.LambdaLR(o, lambda t: (1 + t) ** power))
    assert_equal_rates(
        lrs, lambda s, o: s.LambdaLR(o, [lambda t, i=i: 1 / (1 + i + t) for i in range(len(lrs))])
    )


@given(
    lrs=rates,
    peak=st.floats(1e-3, 10),
    total=st.integers(2, STEPS),
    pct_start=st.floats(0.0, 0.9),
    strategy=st.sampled_from(["cos", "linear"]),
    factors=st.tuples(st.floats(1, 100), st.floats(1, 1e4)),
    momenta=st.tuples(*[st.just(0.0) | st.floats(0.01, 0.99)] * 2),
)
@pytest.mark.parametrize(("name", "watched"), [("SGD", "momentum"), ("AdamW", "betas")])
def test_one_cycle_lr_and_its_momentum_equal_pytorch(
    name, watched, lrs, peak, total, pct_start, strategy, factors, momenta
):
    if pct_start * total == 1:  # PyTorch divides by zero
        pct_start = 0.0
    peaks = [peak * (i + 1) for i in range(len(lrs))]

    def make(library, optimizer):
        return library.OneCycleLR(
            optimizer,
            peaks,
            total,
            pct_start=pct_start,
            anneal_strategy=strategy,
            base_momentum=momenta[0],
            max_momentum=momenta[1],
            div_factor=factors[0],
            final_div_factor=factors[1],
        )

    assert_equal_rates(lrs, make, total - 1, name, ("lr", watched))


def test_one_cycle_lr_has_the_defaults_of_pytorch():
    assert_equal_rates([0.1], lambda s, o: s.OneCycleLR(o, 0.5, epochs=4, steps_per_epoch=5), 19)
    assert_equal_rates([0.1], lambda s, o: s.OneCycleLR(o, 0.5, 20, cycle_momentum=False), 19)


@given(
    lrs=rates,
    warm_up=st.integers(1, 20),
    length=st.integers(10, 40),
    start=st.floats(0.01, 1),
    gamma=factors,
)
def test_sequential_lr_equals_pytorch(lrs, warm_up, length, start, gamma):
    def make(library, optimizer):
        parts = [
            library.LinearLR(optimizer, start_factor=start, total_iters=warm_up),
            library.CosineAnnealingLR(optimizer, length, eta_min=1e-3),
            library.StepLR(optimizer, 3, gamma),
        ]
        return library.SequentialLR(optimizer, parts, [warm_up, warm_up + length])

    assert_equal_rates(lrs, make)


@given(
    lrs=rates,
    mode=st.sampled_from(["min", "max"]),
    threshold_mode=st.sampled_from(["rel", "abs"]),
    threshold=st.floats(0, 0.5),
    factor=st.floats(0.01, 0.99),
    patience=st.integers(0, 5),
    cooldown=st.integers(0, 5),
    min_lr=st.floats(0, 0.1),
    values=st.lists(
        st.floats(-5, 5) | st.just(float("nan")) | st.just(float("inf")), min_size=50, max_size=50
    ),
)
def test_reduce_lr_on_plateau_equals_pytorch(lrs, values, **settings):
    found = []
    for optimizer, library in zip(optimizers(lrs), (optim, torch.optim)):
        schedule = library.lr_scheduler.ReduceLROnPlateau(optimizer, **settings)
        path = []
        for value in values:
            schedule.step(value)
            path.append(list(schedule.get_last_lr()))
        found.append(path)
    assert found[0] == found[1]


def test_the_defaults_are_those_of_pytorch():
    for make in (
        lambda s, o: s.StepLR(o, 7),
        lambda s, o: s.MultiStepLR(o, [3, 9]),
        lambda s, o: s.CosineAnnealingLR(o, 50),
        lambda s, o: s.LinearLR(o),
        lambda s, o: s.ConstantLR(o),
    ):
        assert_equal_rates([0.1, 0.5], make)
    (ours, theirs) = (
        library.lr_scheduler.ReduceLROnPlateau(optimizer)
        for optimizer, library in zip(optimizers([0.1]), (optim, torch.optim))
    )
    for name in ("mode", "factor", "patience", "threshold", "threshold_mode", "cooldown", "eps"):
        assert getattr(ours, name) == getattr(theirs, name)
    assert ours.min_lrs == theirs.min_lrs
