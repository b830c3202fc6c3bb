"""Schedule: a learning rate that changes during the training."""

from __future__ import annotations

import inspect
from typing import Any

from ..checks import check_choice
from ..errors import ArgumentError, ArgumentTypeError
from ..optim import Optimizer
from .monitor import Monitor
from .run import Callback, Run


class Schedule(Callback):
    """Change the learning rate: call `schedule.step()` after every epoch, or after every step.

    `fit(schedule=s)` is short for `fit(callbacks=[Schedule(s)])`.  A schedule whose `step` needs a
    value, such as `ReduceLROnPlateau`, gets the last one of the column `monitor`.  A schedule with
    a fixed length (`total_steps` of `OneCycleLR`) must fit the run.

    Args:
        schedule: one of `optim.lr_scheduler`, or any object with a function `step`.
        every: "epoch" or "step"; a step of the optimizer, as `OneCycleLR` counts them.
        monitor: a column of the history; None is the validation loss, or without validation data
            the training loss.  The `mode` of the schedule decides which values are better.

    >>> model, data = mr.nn.Linear(1, 2), ([[-1.0], [1.0]], [0, 1])
    >>> optimizer = optim.SGD(model.parameters(), lr=1.0)
    >>> halving = Schedule(optim.lr_scheduler.StepLR(optimizer, 1, gamma=0.5), every="epoch")
    >>> mr.fit(
    ...     model, data, epochs=3, optimizer=optimizer, schedule=halving, progress=False
    ... ).learning_rate
    [1.0, 0.5, 0.25]
    """

    def __init__(self, schedule: Any, *, every: str = "epoch", monitor: str | None = None) -> None:
        if isinstance(schedule, Optimizer) or not callable(getattr(schedule, "step", None)):
            raise ArgumentTypeError(
                f"schedule must be an object with a function step() that moves the learning rate, "
                f"such as those of optim.lr_scheduler, got {schedule!r}.",
                argument="schedule",
            )
        self.schedule = schedule
        self.every = check_choice("every", every, ("epoch", "step"))
        self.needs_value = any(
            p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)
            for p in inspect.signature(schedule.step).parameters.values()
        )
        mode = getattr(schedule, "mode", "min") if self.needs_value else "min"
        self.monitor = Monitor(monitor, mode)
        if self.needs_value and every == "step":
            raise ArgumentError(
                f"{type(schedule).__name__}.step needs a value, which is only known after an "
                f"epoch: use every='epoch'.",
                argument="every",
            )

    def check(self, run: Run) -> None:
        if getattr(self.schedule, "optimizer", run.optimizer) is not run.optimizer:
            raise ArgumentError(
                f"The {type(self.schedule).__name__} moves the learning rate of another optimizer "
                f"than the one that trains. Pass that one to fit: optimizer=schedule.optimizer.",
                argument="schedule",
            )
        self.monitor.check(run)
        if hasattr(self.schedule, "total_steps"):
            self.check_length(run, self.schedule.total_steps)

    def check_length(self, run: Run, length: int) -> None:
        """Refuse a schedule that is made for another number of calls of `step`."""
        calls = getattr(self.schedule, "last_epoch", 0)
        calls += run.epochs if self.every == "epoch" else run.epochs * run.steps_per_epoch
        # By steps, a longer one may continue in another run; by epochs, it was meant for steps.
        if length < calls or (self.every == "epoch" and length > calls):
            raise ArgumentError(
                f"{type(self.schedule).__name__} is made for {length} calls of step(), but with "
                f"every={self.every!r} there would be {calls}. There are {run.epochs} epochs of "
                f"{run.steps_per_epoch} steps; to call it after each step: "
                f"schedule=mr.callbacks.Schedule(schedule, every='step').",
                argument="schedule",
            )

    def after_step(self, run: Run) -> None:
        if self.every == "step":
            self.schedule.step()

    def after_epoch(self, run: Run) -> None:
        if self.every == "epoch":
            self.schedule.step(*([self.monitor.value(run.history)] if self.needs_value else []))

    def state(self) -> Any:
        return self.schedule.state_dict() if hasattr(self.schedule, "state_dict") else None

    def resume(self, run: Run, state: Any) -> None:
        if state is not None:
            self.schedule.load_state_dict(state)

    def extra_repr(self) -> str:
        return f"{self.schedule!r}, every={self.every!r}, {self.monitor!r}"


def as_schedule(schedule: Any) -> Schedule:
    """Return the argument of `fit` as a `Schedule`."""
    return schedule if isinstance(schedule, Schedule) else Schedule(schedule)
