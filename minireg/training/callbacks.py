"""Callbacks that come with minireg, and the names that one's own ones need."""

from __future__ import annotations

import inspect
from typing import Any, TextIO

from ..errors import ArgumentError, ArgumentTypeError
from ..files import as_path, remove_leftovers, unwritable
from ..optim import Optimizer
from ..serialization import save
from .early_stopping import EarlyStopping
from .history import csv_line
from .monitor import Monitor
from .run import Callback, Run

__all__ = ["BestModel", "CSVLog", "Callback", "EarlyStopping", "Run", "Schedule"]


class BestModel(Callback):
    """Keep the weights of the best epoch, by default that with the lowest validation loss.

    However the training ends, the best weights are put back into the model.

    Args:
        path: a file in which the best weights are kept, too, whole at any time (safetensors, with
            the names of `model.state_dict()`).
        restore: put the best weights back at the end.
        monitor: the column of the history to watch; None is the validation loss, or without
            validation data the training loss.
        mode: "min" or "max", which of its values are better; only for a loss it goes without
            saying.

    Attributes:
        epoch: the best one so far, counting from 1; None before the first.
        value: the watched value in it.
        weights: its `state_dict()`.

    >>> import minireg as mr
    >>> data, best = ([[-1.0], [1.0]], [0, 1]), BestModel()
    >>> history = mr.fit(mr.nn.Linear(1, 2), data, data, callbacks=[best], progress=False)
    >>> best.epoch == history.best_epoch
    True
    """

    def __init__(
        self,
        path: Any = None,
        restore: bool = True,
        monitor: str | None = None,
        mode: str | None = None,
    ) -> None:
        self.path = None if path is None else as_path(path)
        self.restore = restore
        self.monitor = Monitor(monitor, mode)
        self.reset()

    def reset(self) -> None:
        """Forget an earlier run."""
        self.epoch: int | None = None
        self.value: float | None = None
        self.lowest_cost = float("inf")
        self.weights: dict[str, Any] | None = None

    def on_start(self, run: Run) -> None:
        self.monitor.check(run.history, run.has_validation)
        self.reset()
        if self.path is not None:
            check_writable(self.path)

    def state(self) -> Any:
        return {name: getattr(self, name) for name in ("epoch", "value", "lowest_cost", "weights")}

    def resume(self, run: Run, state: Any) -> None:
        for name, value in state.items():
            setattr(self, name, value)

    def after_epoch(self, run: Run) -> None:
        cost = self.monitor.cost(run.history)
        if cost < self.lowest_cost:
            self.lowest_cost, self.value = cost, self.monitor.value(run.history)
            self.epoch, self.weights = run.epoch, run.model.state_dict()
            if self.path is not None:
                save(self.weights, self.path)

    def at_end(self, run: Run) -> None:
        if self.restore and self.weights is not None:
            run.model.load_state_dict(self.weights)


def check_writable(path: Any) -> None:
    """Find out before the training whether a file can be written there; it stays as it is."""
    remove_leftovers(path)
    try:
        existed = path.exists()
        path.open("ab").close()
        if not existed:
            path.unlink()
    except OSError as error:
        raise unwritable(path.parent, error) from error


class CSVLog(Callback):
    """Write the history into a CSV file, a line for each epoch as soon as it is finished.

    Each line is handed to the system at once, so a training that is killed has lost no finished
    epoch; a run that goes on from a checkpoint writes the lines of the earlier one again.
    `History.to_csv` writes the same file at the end.

    Args:
        path: the file; what was there is replaced after the first epoch.

    >>> import minireg as mr, pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "log.csv"
    ...     data, log = ([[-1.0], [1.0]], [0, 1]), CSVLog(path)
    ...     _ = mr.fit(mr.nn.Linear(1, 2), data, epochs=2, callbacks=[log], progress=False)
    ...     lines = path.read_text().splitlines()
    >>> len(lines), lines[0].split(",")[:2]
    (3, ['epoch', 'loss'])
    """

    def __init__(self, path: Any) -> None:
        self.path = as_path(path)
        self.file: TextIO | None = None

    def on_start(self, run: Run) -> None:
        check_writable(self.path)  # an old log stays until there is something to write

    def resume(self, run: Run, state: Any) -> None:
        for i in range(len(run.history)):
            self.write(run, csv_line(run.history[i].values()))

    def after_epoch(self, run: Run) -> None:
        self.write(run, csv_line(run.history[-1].values()))

    def write(self, run: Run, line: str) -> None:
        if self.file is None:
            try:
                self.file = self.path.open("w", encoding="utf-8", newline="")
            except OSError as error:
                raise unwritable(self.path.parent, error) from error
            self.file.write(csv_line(run.history.columns))
        self.file.write(line)
        self.file.flush()

    def at_end(self, run: Run) -> None:
        if self.file is not None:
            self.file.close()
            self.file = None


class Schedule(Callback):
    """Move the learning rate: call `schedule.step()` after every epoch, or after every step.

    `fit(schedule=s)` is short for `fit(callbacks=[Schedule(s)])`.  A schedule whose `step` needs a
    value, as that of `ReduceLROnPlateau`, gets the last one of the column `monitor`.  One that
    knows its length (`total_steps` of `OneCycleLR`) must fit the run.

    Args:
        schedule: one of `optim.lr_scheduler`, or any object with a function `step`.
        every: "epoch" or "step"; a step of the optimizer, as `OneCycleLR` counts them.
        monitor: a column of the history; None is the validation loss, or without validation data
            the training loss.  The schedule itself says which values are better.

    >>> import minireg as mr
    >>> from minireg import optim
    >>> model, data = mr.nn.Linear(1, 2), ([[-1.0], [1.0]], [0, 1])
    >>> optimizer = optim.SGD(model.parameters(), lr=1.0)
    >>> halving = Schedule(optim.lr_scheduler.StepLR(optimizer, 1, gamma=0.5), every="epoch")
    >>> mr.fit(
    ...     model, data, epochs=3, optimizer=optimizer, schedule=halving, progress=False
    ... ).learning_rate
    [1.0, 0.5, 0.25]
    """

    def __init__(self, schedule: Any, every: str = "epoch", monitor: str | None = None) -> None:
        if isinstance(schedule, Optimizer) or not callable(getattr(schedule, "step", None)):
            raise ArgumentTypeError(
                f"schedule must be an object with a function step() that moves the learning rate, "
                f"such as those of optim.lr_scheduler, got {schedule!r}."
            )
        if every not in ("epoch", "step"):
            raise ArgumentError(f"every must be 'epoch' or 'step', got {every!r}.")
        self.schedule = schedule
        self.every = every
        self.needs_value = any(
            p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)
            for p in inspect.signature(schedule.step).parameters.values()
        )
        mode = getattr(schedule, "mode", "min") if self.needs_value else "min"
        self.monitor = Monitor(monitor, mode)
        if self.needs_value and every == "step":
            raise ArgumentError(
                f"{type(schedule).__name__}.step needs a value, which is known after an epoch: "
                f"every='epoch'."
            )

    def on_start(self, run: Run) -> None:
        if getattr(self.schedule, "optimizer", run.optimizer) is not run.optimizer:
            raise ArgumentError(
                f"The {type(self.schedule).__name__} moves the learning rate of another optimizer "
                f"than the one that trains. Give fit the same: optimizer=schedule.optimizer."
            )
        self.monitor.check(run.history, run.has_validation)
        if hasattr(self.schedule, "total_steps"):
            self.check_length(run, self.schedule.total_steps)

    def check_length(self, run: Run, length: int) -> None:
        """Say so if `step` will be called more often than the schedule is made for, or less."""
        calls = getattr(self.schedule, "last_epoch", 0)
        calls += run.epochs if self.every == "epoch" else run.epochs * run.steps_per_epoch
        # Longer than a run by steps: another run may go on.  By epochs: it was meant by steps.
        if length < calls or (self.every == "epoch" and length > calls):
            raise ArgumentError(
                f"{type(self.schedule).__name__} is made for {length} calls of step(), and with "
                f"every={self.every!r} there would be {calls}. There are {run.epochs} epochs of "
                f"{run.steps_per_epoch} steps; to call it after each step: "
                f"schedule=mr.callbacks.Schedule(schedule, every='step')."
            )

    def state(self) -> Any:
        return self.schedule.state_dict() if hasattr(self.schedule, "state_dict") else None

    def resume(self, run: Run, state: Any) -> None:
        if state is not None:
            self.schedule.load_state_dict(state)

    def after_step(self, run: Run) -> None:
        if self.every == "step":
            self.schedule.step()

    def after_epoch(self, run: Run) -> None:
        if self.every == "epoch":
            self.schedule.step(*([self.monitor.value(run.history)] if self.needs_value else []))


def as_schedule(schedule: Any) -> Schedule:
    return schedule if isinstance(schedule, Schedule) else Schedule(schedule)
