"""What all schedules have in common: their progress, what they save, what they refuse."""

from __future__ import annotations

import copy
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg import optim
from minireg.errors import ArgumentError, ArgumentTypeError
from minireg.optim import lr_scheduler as schedules

pytestmark = pytest.mark.host


def optimizer_of(*lrs, kind=optim.SGD, **options):
    return kind(
        [{"params": [mr.zeros(1, requires_grad=True)], "lr": lr} for lr in lrs or (0.5, 0.25)],
        **options,
    )


def warm_up_then_cosine(optimizer):
    parts = [
        schedules.LinearLR(optimizer, start_factor=0.1, total_iters=4),
        schedules.CosineAnnealingLR(optimizer, 10),
    ]
    return schedules.SequentialLR(optimizer, parts, [4])


SCHEDULES = {
    "step": lambda o: schedules.StepLR(o, 3),
    "multi step": lambda o: schedules.MultiStepLR(o, [2, 5]),
    "exponential": lambda o: schedules.ExponentialLR(o, 0.9),
    "cosine": lambda o: schedules.CosineAnnealingLR(o, 7),
    "lambda": lambda o: schedules.LambdaLR(o, lambda t: 1 / (1 + t)),
    "linear": lambda o: schedules.LinearLR(o),
    "constant": lambda o: schedules.ConstantLR(o),
    "one cycle": lambda o: schedules.OneCycleLR(o, [1.0, 2.0], 40),
    "sequence": warm_up_then_cosine,
}
every_schedule = pytest.mark.parametrize("make", SCHEDULES.values(), ids=SCHEDULES)


def options(optimizer):
    return [
        {name: value for name, value in group.items() if name != "params"}
        for group in optimizer.param_groups
    ]


# -- progress --------------------------------------------------------------------------------------


@every_schedule
def test_it_sets_the_rate_of_epoch_0_at_once(make):
    optimizer = optimizer_of()
    schedule = make(optimizer)
    for epoch in range(20):
        assert schedule.last_epoch == epoch
        assert schedule.get_last_lr() == [group["lr"] for group in optimizer.param_groups]
        schedule.step()


@every_schedule
def test_base_rates_are_those_before_the_first_schedule(make):
    optimizer = optimizer_of()
    make(optimizer).step()
    if make is not SCHEDULES["one cycle"]:  # which has its own base rates
        assert [group["initial_lr"] for group in optimizer.param_groups] == [0.5, 0.25]
        assert make(optimizer).base_lrs == [0.5, 0.25]


@every_schedule
def test_rates_are_plain_numbers(make):
    optimizer = optimizer_of(np.float32(0.5), np.float64(0.25))
    schedule = make(optimizer)
    schedule.step()
    assert {type(lr) for lr in schedule.get_last_lr()} == {float}
    json.dumps(schedule.state_dict())


def test_rounding_does_not_add_up_over_many_epochs():
    schedule = schedules.StepLR(optimizer_of(0.1), 10_000, gamma=0.1)
    for _ in range(10_000):
        schedule.step()
    assert schedule.get_last_lr() == [0.1 * 0.1]


def test_warm_up_meets_cosine_at_the_base_rate():
    schedule = warm_up_then_cosine(optimizer_of(1.0))
    path = []
    for _ in range(15):
        path.append(schedule.get_last_lr()[0])
        schedule.step()
    assert path[0] == 0.1
    assert path[4] == max(path) == 1.0
    assert path[14] == 0.0


def test_sequences_can_be_nested():
    optimizer = optimizer_of(1.0)
    inner = schedules.SequentialLR(
        optimizer, [schedules.ConstantLR(optimizer, 0.5, 2), schedules.ConstantLR(optimizer)], [2]
    )
    outer = schedules.SequentialLR(optimizer, [schedules.LinearLR(optimizer, 0.25), inner], [3])
    path = []
    for _ in range(6):
        path.append(outer.get_last_lr()[0])
        outer.step()
    np.testing.assert_allclose(path, [0.25, 0.4, 0.55, 0.5, 0.5, 1 / 3], rtol=1e-15)
    epochs = [schedule.last_epoch for schedule in (outer, inner, inner.schedulers[1])]
    assert epochs == [6, 6 - 3, 6 - 3 - 2]


@given(total=st.integers(1, 30), pct_start=st.floats(0, 1), strategy=st.sampled_from(["cos", "l"]))
def test_one_cycle_is_defined_for_every_length_and_peak(total, pct_start, strategy):
    optimizer = optimizer_of(0.1, kind=optim.AdamW)
    schedule = schedules.OneCycleLR(
        optimizer,
        1.0,
        total,
        pct_start=pct_start,
        anneal_strategy="cos" if strategy == "cos" else "linear",
    )
    for _ in range(total):
        assert 4e-6 * (1 - 1e-9) <= schedule.get_last_lr()[0] <= 1.0 + 1e-12
        assert 0.85 - 1e-12 <= optimizer.param_groups[0]["betas"][0] <= 0.95 + 1e-12
        last = schedule.get_last_lr()
        schedule.step()
    assert schedule.get_last_lr() == last  # no training step follows


def test_one_cycle_peaks_where_pytorch_divides_by_zero():
    schedule = schedules.OneCycleLR(optimizer_of(0.1), 1.0, 10, pct_start=0.1)
    assert schedule.get_last_lr() == [1.0]


def test_one_cycle_reaches_exactly_its_peak():
    schedule = schedules.OneCycleLR(optimizer_of(0.1), 0.3, 10, pct_start=0.5)
    assert schedule.rates(4) == [0.3]


def test_one_cycle_refuses_to_continue_after_its_end():
    optimizer = optimizer_of(0.1)
    schedule = schedules.OneCycleLR(optimizer, 1.0, 3)
    for _ in range(3):
        schedule.step()
    before = options(optimizer)
    with pytest.raises(ArgumentError, match=r"made for 3 steps, and this is step 4. Call step"):
        schedule.step()
    assert schedule.last_epoch == 3
    assert options(optimizer) == before


def test_plateau_waits_lowers_and_cools_down():
    optimizer = optimizer_of(1.0)
    schedule = schedules.ReduceLROnPlateau(
        optimizer, factor=0.5, patience=1, cooldown=1, min_lr=0.3
    )
    path = []
    for _ in range(9):
        schedule.step(mr.tensor(1.0))
        path.append(schedule.get_last_lr()[0])
    # the first value improves; two without improvement are too many; one is not counted; …
    assert path == [1.0, 1.0, 0.5, 0.5, 0.5, 0.3, 0.3, 0.3, 0.3]


def test_a_schedule_of_your_own_takes_three_lines():
    class HalfLR(optim.lr_scheduler.LRScheduler):
        def rate(self, base, epoch):
            return base / 2**epoch

    schedule = HalfLR(optimizer_of(1.0, 0.5))
    schedule.step()
    assert schedule.get_last_lr() == [0.5, 0.25]
    with pytest.raises(NotImplementedError, match="LRScheduler must define rate"):
        optim.lr_scheduler.LRScheduler(optimizer_of())


# -- saving and loading ----------------------------------------------------------------------------


@every_schedule
@given(steps=st.integers(0, 20))
@pytest.mark.parametrize("order", ["schedule first", "optimizer first"])
def test_what_is_loaded_goes_on_bit_by_bit(make, order, steps):
    optimizer = optimizer_of()
    schedule = make(optimizer)
    for _ in range(steps):
        schedule.step()
    # through a text, as a checkpoint may keep it
    saved = json.loads(json.dumps([optimizer.state_dict(), schedule.state_dict()]))

    other = optimizer_of(7.0, 7.0)
    if order == "optimizer first":
        other.load_state_dict(saved[0])
    fresh = make(other)
    if order == "schedule first":
        other.load_state_dict(saved[0])
    fresh.load_state_dict(saved[1])
    for _ in range(10):
        assert options(other) == options(optimizer)
        assert fresh.state_dict() == schedule.state_dict()
        schedule.step()
        fresh.step()


@given(values=st.lists(st.floats(0, 3), min_size=20, max_size=20))
def test_a_loaded_plateau_continues(values):
    optimizer, other = optimizer_of(), optimizer_of(7.0, 7.0)
    settings = {"patience": 1, "cooldown": 2, "factor": 0.5}
    schedule = schedules.ReduceLROnPlateau(optimizer, **settings)
    fresh = schedules.ReduceLROnPlateau(other, **settings)
    for value in values[:10]:
        schedule.step(value)
    other.load_state_dict(optimizer.state_dict())
    fresh.load_state_dict(schedule.state_dict())
    for value in values[10:]:
        schedule.step(value)
        fresh.step(value)
        assert fresh.state_dict() == schedule.state_dict()
        assert options(other) == options(optimizer)


BAD_STATES = {
    "no dictionary": (lambda s: None, ArgumentTypeError, "takes the dictionary"),
    "a name less": (
        lambda s: {"last_epoch": 1},
        ArgumentError,
        r"Missing: (?!.*last_epoch).*'base_lrs'",
    ),
    "a name more": (lambda s: {**s, "x": 1}, ArgumentError, r"unknown: \['x'\]"),
    "a bad epoch": (lambda s: {**s, "last_epoch": -1}, ArgumentError, "last_epoch must be at"),
    "a bad rate": (lambda s: {**s, "base_lrs": ["a", 1]}, ArgumentTypeError, "base_lrs must be"),
    "other groups": (lambda s: {**s, "base_lrs": [1.0]}, ArgumentError, "base_lrs has 1 entries"),
}


@pytest.mark.parametrize(("spoil", "error", "sentence"), BAD_STATES.values(), ids=BAD_STATES)
@every_schedule
def test_a_state_that_does_not_fit_changes_nothing(make, spoil, error, sentence):
    optimizer = optimizer_of()
    schedule = make(optimizer)
    schedule.step()
    before = copy.deepcopy((schedule.state_dict(), options(optimizer)))
    with pytest.raises(error, match=sentence):
        schedule.load_state_dict(spoil(schedule.state_dict()))
    assert (schedule.state_dict(), options(optimizer)) == before


def test_states_that_fail_late_change_nothing():
    optimizer = optimizer_of()
    one_cycle = schedules.OneCycleLR(optimizer, 1.0, 3)
    before = copy.deepcopy((one_cycle.state_dict(), options(optimizer)))
    with pytest.raises(ArgumentError, match="made for 3 steps"):
        one_cycle.load_state_dict({**one_cycle.state_dict(), "last_epoch": 9})
    assert (one_cycle.state_dict(), options(optimizer)) == before

    sequence = warm_up_then_cosine(optimizer_of())
    for wrong in (None, [], [sequence.schedulers[0].state_dict()]):
        with pytest.raises(ArgumentError, match="list of the states of 2 schedules"):
            sequence.load_state_dict({**sequence.state_dict(), "schedulers": wrong})
    with pytest.raises(ArgumentTypeError, match="takes the dictionary"):
        sequence.load_state_dict({**sequence.state_dict(), "schedulers": [1, 2]})

    plateau = schedules.ReduceLROnPlateau(optimizer_of())
    before = plateau.state_dict()
    with pytest.raises(ArgumentTypeError, match="best must be a number"):
        plateau.load_state_dict({**before, "best": "low"})
    with pytest.raises(ArgumentError, match="num_bad_epochs must be at least 0"):
        plateau.load_state_dict({**before, "best": 1.0, "num_bad_epochs": -1})
    with pytest.raises(ArgumentError, match="Missing"):
        plateau.load_state_dict({"best": 1.0})
    assert plateau.state_dict() == before


# -- refused ---------------------------------------------------------------------------------------

BAD = {
    "no optimizer": (lambda s, o: s.StepLR(None, 1), ArgumentTypeError, "StepLR takes an optim"),
    "step_size 0": (lambda s, o: s.StepLR(o, 0), ArgumentError, "step_size must be at least 1"),
    "gamma": (lambda s, o: s.StepLR(o, 1, -1), ArgumentError, "gamma must be at least 0, got -1"),
    "drop": (lambda s, o: s.MultiStepLR(o, [1], -0.5), ArgumentError, "gamma must be at least 0"),
    "sign": (lambda s, o: s.ExponentialLR(o, -0.5), ArgumentError, "gamma must be at least 0"),
    "one milestone": (lambda s, o: s.MultiStepLR(o, 3), ArgumentTypeError, "must be a list of ep"),
    "text": (lambda s, o: s.MultiStepLR(o, "30"), ArgumentTypeError, "milestones must be a list"),
    "half": (lambda s, o: s.MultiStepLR(o, [1.5]), ArgumentTypeError, "must be a whole number"),
    "exponent": (lambda s, o: s.ExponentialLR(o, "a"), ArgumentTypeError, "gamma must be a numb"),
    "T_max": (lambda s, o: s.CosineAnnealingLR(o, 0), ArgumentError, "T_max must be at least 1"),
    "eta": (lambda s, o: s.CosineAnnealingLR(o, 5, -1), ArgumentError, "eta_min must be at leas"),
    "no function": (lambda s, o: s.LambdaLR(o, 0.5), ArgumentTypeError, "must be a function of"),
    "functions": (lambda s, o: s.LambdaLR(o, [abs]), ArgumentError, "has 1 entries, but the"),
    "of no optimizer": (lambda s, o: s.LambdaLR(3, abs), ArgumentTypeError, "got a int"),
    "below 0": (lambda s, o: s.LambdaLR(o, lambda t: -1), ArgumentError, "must be at least 0"),
    "start": (lambda s, o: s.LinearLR(o, -1), ArgumentError, "start_factor must be at least 0"),
    "end": (lambda s, o: s.LinearLR(o, 1, -1), ArgumentError, "end_factor must be at least 0"),
    "total": (lambda s, o: s.LinearLR(o, total_iters=0), ArgumentError, "total_iters must be at"),
    "factor": (lambda s, o: s.ConstantLR(o, -1), ArgumentError, "factor must be at least 0"),
    "no length": (lambda s, o: s.OneCycleLR(o, 1.0), ArgumentError, "needs total_steps, or both"),
    "epochs": (lambda s, o: s.OneCycleLR(o, 1.0, epochs=3), ArgumentError, "needs total_steps"),
    "no steps": (lambda s, o: s.OneCycleLR(o, 1.0, 0), ArgumentError, "total_steps must be at"),
    "peaks": (lambda s, o: s.OneCycleLR(o, [1.0], 9), ArgumentError, "max_lr has 1 entries, but"),
    "peak 0": (lambda s, o: s.OneCycleLR(o, 0.0, 9), ArgumentError, "max_lr must be greater tha"),
    "pct": (lambda s, o: s.OneCycleLR(o, 1, 9, pct_start=2), ArgumentError, "pct_start must be"),
    "strategy": (
        lambda s, o: s.OneCycleLR(o, 1, 9, anneal_strategy="cosine"),
        ArgumentError,
        "must be 'cos' or 'linear', got 'cosine'",
    ),
    "momentum 1": (
        lambda s, o: s.OneCycleLR(o, 1, 9, max_momentum=1),
        ArgumentError,
        r"max_momentum must be in \[0, 1\)",
    ),
    "division": (
        lambda s, o: s.OneCycleLR(o, 1, 9, div_factor=0),
        ArgumentError,
        "div_factor must be greater than 0",
    ),
    "no momentum": (
        lambda s, o: s.OneCycleLR(optimizer_of(kind=optim.Adagrad), 1, 9),
        ArgumentError,
        "Adagrad has no momentum to cycle; pass cycle_momentum=False",
    ),
    "mode": (lambda s, o: s.ReduceLROnPlateau(o, "low"), ArgumentError, "mode must be 'min' or"),
    "threshold mode": (
        lambda s, o: s.ReduceLROnPlateau(o, threshold_mode="relative"),
        ArgumentError,
        "must be 'rel' or 'abs', got 'relative'",
    ),
    "threshold": (
        lambda s, o: s.ReduceLROnPlateau(o, threshold=1),
        ArgumentError,
        "A relative threshold must be below 1, got 1",
    ),
    "factor 1": (lambda s, o: s.ReduceLROnPlateau(o, factor=1), ArgumentError, "must be below 1"),
    "patience": (lambda s, o: s.ReduceLROnPlateau(o, patience=-1), ArgumentError, "patience must"),
    "minima": (lambda s, o: s.ReduceLROnPlateau(o, min_lr=[0]), ArgumentError, "has 1 entries"),
    "value": (lambda s, o: s.ReduceLROnPlateau(o).step("1"), ArgumentTypeError, "got '1'"),
    "no schedules": (lambda s, o: s.SequentialLR(o, None, []), ArgumentTypeError, "takes a list"),
    "plateau": (
        lambda s, o: s.SequentialLR(o, [s.ReduceLROnPlateau(o)], []),
        ArgumentTypeError,
        "functions of the epoch, got a ReduceLROnPlateau",
    ),
    "of another": (
        lambda s, o: s.SequentialLR(o, [s.LinearLR(optimizer_of())], []),
        ArgumentError,
        "LinearLR has another one",
    ),
    "too few milestones": (
        lambda s, o: s.SequentialLR(o, [s.LinearLR(o), s.LinearLR(o)], []),
        ArgumentError,
        r"one milestone fewer, in increasing order, got 2 schedules and the milestones \[\]",
    ),
    "an empty sequence": (
        lambda s, o: s.SequentialLR(o, [], []),
        ArgumentError,
        "got 0 schedules",
    ),
    "falling milestones": (
        lambda s, o: s.SequentialLR(o, [s.LinearLR(o)] * 3, [5, 2]),
        ArgumentError,
        r"got 3 schedules and the milestones \[5, 2\]",
    ),
}


@pytest.mark.parametrize(("make", "error", "sentence"), BAD.values(), ids=BAD)
def test_settings_that_cannot_be_used_are_refused(make, error, sentence):
    with pytest.raises(error, match=sentence):
        make(schedules, optimizer_of())


@pytest.mark.parametrize(
    "make", [SCHEDULES["step"], schedules.ReduceLROnPlateau], ids=["step", "plateau"]
)
def test_a_group_added_after_the_schedule_is_refused(make):
    optimizer = optimizer_of()
    schedule = make(optimizer)
    optimizer.add_param_group({"params": [mr.zeros(1, requires_grad=True)]})
    with pytest.raises(ArgumentError, match=r"has 3 groups .* had 2 .* after the last add_param"):
        schedule.step(*[1.0] * (make is schedules.ReduceLROnPlateau))
    assert schedule.last_epoch == 0
