"""Every optimizer and schedule in the settings, and combinations that are refused."""

from __future__ import annotations

import math

import numpy as np
import pytest

from minireg import nn, optim
from minireg.errors import ArgumentError
from minireg.models import Settings
from minireg.models.optimization import (
    OPTIMIZERS,
    SCHEDULES,
    build_optimizer,
    build_schedule,
    describe_optimizer,
    optimizer_options,
)
from minireg.training.callbacks import Schedule

pytestmark = pytest.mark.host

PLAIN = {"optimizer": "sgd", "lr": 1.0, "epochs": 6}


def rates(steps_per_epoch=1, **changes):
    """The learning rate at the beginning of each epoch."""
    settings = Settings(**PLAIN | changes)
    optimizer = build_optimizer(settings, nn.Linear(2, 2))
    schedule = build_schedule(settings, optimizer, steps_per_epoch)
    found = []
    for _ in range(settings.epochs):
        found.append(optimizer.param_groups[0]["lr"])
        if isinstance(schedule, Schedule):
            for _ in range(steps_per_epoch):
                schedule.schedule.step()
        elif schedule is not None:
            schedule.step()
    return found


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_takes_defaults_and_other_values(name):
    model = nn.Linear(2, 2)
    kind, defaults = OPTIMIZERS[name]
    group = build_optimizer(Settings(optimizer=name), model).param_groups[0]
    assert {key: group[key] for key in defaults} == defaults
    optimizer = build_optimizer(Settings(optimizer=name, lr=0.5, weight_decay=0.25), model)
    assert type(optimizer) is getattr(optim, kind)
    group = optimizer.param_groups[0]
    assert (group["lr"], group["weight_decay"]) == (0.5, 0.25)


def test_momentum_is_refused_where_there_is_none():
    assert optimizer_options(Settings(optimizer="sgd", momentum=0.0))["momentum"] == 0
    with pytest.raises(ArgumentError, match="an option of rmsprop, sgd, sgdw, not of adam"):
        Settings(optimizer="adam", momentum=0.5)


@pytest.mark.parametrize("name", ["adamw", "sgdw"])
def test_independent_decay_does_not_depend_on_lr(name):
    settings = Settings(optimizer=name, lr=1e-30, weight_decay=0.25, independent_decay=True)
    assert "weight decay 0.25, independent decay" in describe_optimizer(settings)
    model = nn.Linear(2, 2)
    before = model.weight.numpy().copy()
    optimizer = build_optimizer(settings, model)
    for p in model.parameters():
        p.grad = np.zeros_like(p.data)
    optimizer.step()
    np.testing.assert_allclose(model.weight.numpy(), 0.75 * before, rtol=1e-6)


def test_cosine_falls_along_a_half_wave_after_its_warm_up():
    expected = [(1 + math.cos(math.pi * t / 6)) / 2 for t in range(6)]
    assert rates(schedule="cosine") == pytest.approx(expected)
    warm = rates(schedule="cosine", warmup=2)
    assert warm[:3] == pytest.approx([0.1, 0.55, 1.0])
    assert warm[3:] == pytest.approx([(1 + math.cos(math.pi * t / 4)) / 2 for t in (1, 2, 3)])


def test_steps_fall_to_a_tenth_after_each_third():
    assert rates(schedule="step") == pytest.approx([1, 1, 0.1, 0.1, 0.01, 0.01])


def test_without_a_schedule_a_warm_up_ends_at_the_rate():
    assert rates(warmup=3) == pytest.approx([0.1, 0.4, 0.7, 1, 1, 1])
    assert rates() == [1] * 6


def test_one_cycle_goes_up_and_down_by_the_step():
    found = rates(4, schedule="one-cycle", epochs=10)
    assert max(found) == pytest.approx(1, abs=0.05)
    assert found[0] == pytest.approx(1 / 25)
    assert found[-1] < 0.05


def test_plateau_waits_for_the_loss():
    model = nn.Linear(2, 2)
    settings = Settings(**PLAIN | {"schedule": "plateau", "epochs": 8})
    optimizer = build_optimizer(settings, model)
    schedule = build_schedule(settings, optimizer, 1)
    for _ in range(5):
        schedule.step(1.0)
    assert optimizer.param_groups[0]["lr"] == pytest.approx(0.3)


def test_every_schedule_is_known():
    for name in SCHEDULES:
        rates(schedule=name) if name != "plateau" else None
        words = describe_optimizer(Settings(schedule=name))
        assert (name == "none") == ("schedule" not in words)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"schedule": "one-cycle", "warmup": 1}, "begins with a warm-up of its own"),
        ({"schedule": "plateau", "warmup": 1}, "cannot be followed by the plateau schedule"),
        ({"schedule": "cosine", "warmup": 6}, "is too long: epochs is 6"),
    ],
)
def test_a_warm_up_that_does_not_fit_is_refused(settings, words):
    with pytest.raises(ArgumentError, match=words):
        Settings(**PLAIN | settings)


def test_a_momentum_that_was_chosen_is_not_cycled():
    settings = Settings(**PLAIN | {"schedule": "one-cycle", "momentum": 0.5})
    optimizer = build_optimizer(settings, nn.Linear(2, 2))
    build_schedule(settings, optimizer, 4)
    assert optimizer.param_groups[0]["momentum"] == 0.5
