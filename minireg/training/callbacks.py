"""Callbacks: what else happens while a model is trained.

`fit` calls each callback at four moments and gives it the `Run`, everything that the training
consists of.  What a callback raises ends the training.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, TextIO

from ..data import DataLoader
from ..errors import ArgumentError, ArgumentTypeError
from ..files import as_path, remove_leftovers, unwritable
from ..optim import Optimizer
from ..serialization import save
from .history import History, csv_line

__all__ = ["BestModel", "CSVLog", "Callback", "Run", "Schedule"]


@dataclass
class Run:
    """A training in progress.  Its first four attributes and the callbacks are all that changes.

    Attributes:
        model: the Module, in training mode within an epoch and in its own mode after one.
        optimizer: with the learning rates in `param_groups`.
        train: the loader; its `generator` and `epoch` decide the order of the examples.
        history: one row for each finished epoch.
        callbacks: all of them, early stopping and schedule included, in their order.
        epochs: how many there will be at most.
        epoch: the one that is being trained, or was trained last; the first is 1.
        step: how many steps the optimizer has taken.
        has_validation: whether there are validation examples.
        options: those arguments of `fit` that decide what a step does, by name.
    """

    model: Any
    optimizer: Optimizer
    train: DataLoader
    history: History
    callbacks: tuple[Callback, ...]
    epochs: int
    epoch: int = 0
    step: int = 0
    has_validation: bool = False
    options: dict[str, Any] = field(default_factory=dict)

    def stop(self) -> None:
        """End the training after this epoch."""
        self.history.stopped_early = True


class Callback:
    """The base of all callbacks: a subclass defines those of the four functions that it needs.

    >>> import minireg as mr
    >>> class Countdown(Callback):
    ...     def after_epoch(self, run):
    ...         print(run.epochs - run.epoch)
    >>> model = mr.nn.Linear(1, 2)
    >>> _ = mr.fit(model, ([[0.0]], [1]), epochs=2, callbacks=[Countdown()], progress=False)
    1
    0
    """

    def on_start(self, run: Run) -> None:
        """Before the first epoch.  Raise here if something does not fit: nothing was trained."""

    def after_step(self, run: Run) -> None:
        """After each step of the optimizer.  Reading an array here makes a GPU wait every time."""

    def after_epoch(self, run: Run) -> None:
        """After an epoch was measured; `run.history[-1]` is its row."""

    def at_end(self, run: Run) -> None:
        """At the end, whatever ended it: also Ctrl-C and errors.  Called if `on_start` was."""

    def state(self) -> Any:
        """What it must remember if the run is interrupted here: arrays and plain values."""
        return None

    def resume(self, run: Run, state: Any) -> None:
        """After `on_start`: go on from the `state()` of an earlier run, which made the history."""


@contextmanager
def started(run: Run) -> Iterator[None]:
    """`on_start` and `at_end` of the callbacks around a `with` block, both in their order."""
    begun: list[Callback] = []
    try:
        for callback in run.callbacks:
            callback.on_start(run)
            begun.append(callback)
        yield
    finally:
        with ExitStack() as ends:  # if one of them raises, the others are called all the same
            for callback in reversed(begun):
                ends.callback(callback.at_end, run)


class BestModel(Callback):
    """Keep the weights of the best epoch: that with the lowest validation loss.

    Without validation data it is the lowest training loss.  However the training ends, the best
    weights are put back into the model.

    Args:
        path: a file in which the best weights are kept, too, whole at any time (safetensors, with
            the names of `model.state_dict()`).
        restore: put the best weights back at the end.

    Attributes:
        epoch: the best one so far, counting from 1; None before the first.
        loss: its loss.
        weights: its `state_dict()`.

    >>> import minireg as mr
    >>> data, best = ([[-1.0], [1.0]], [0, 1]), BestModel()
    >>> history = mr.fit(mr.nn.Linear(1, 2), data, data, callbacks=[best], progress=False)
    >>> best.epoch == history.best_epoch
    True
    """

    def __init__(self, path: Any = None, restore: bool = True) -> None:
        self.path = None if path is None else as_path(path)
        self.restore = restore
        self.reset()

    def reset(self) -> None:
        """Forget an earlier run."""
        self.epoch: int | None = None
        self.loss = float("inf")
        self.weights: dict[str, Any] | None = None

    def on_start(self, run: Run) -> None:
        self.reset()
        if self.path is not None:
            check_writable(self.path)

    def state(self) -> Any:
        return {"epoch": self.epoch, "loss": self.loss, "weights": self.weights}

    def resume(self, run: Run, state: Any) -> None:
        self.epoch, self.loss, self.weights = state["epoch"], state["loss"], state["weights"]

    def after_epoch(self, run: Run) -> None:
        loss = run.history.watched[-1]
        if loss < self.loss:
            self.epoch, self.loss, self.weights = run.epoch, loss, run.model.state_dict()
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
    epoch.  `History.to_csv` writes the same file at the end.

    Args:
        path: the file; what was there is replaced at the start.
    """

    def __init__(self, path: Any) -> None:
        self.path = as_path(path)
        self.file: TextIO | None = None

    def on_start(self, run: Run) -> None:
        try:
            self.file = self.path.open("w", encoding="utf-8", newline="")
        except OSError as error:
            raise unwritable(self.path.parent, error) from error
        self.write(run.history.columns)

    def after_epoch(self, run: Run) -> None:
        self.write(run.history[-1].values())

    def resume(self, run: Run, state: Any) -> None:
        for i in range(len(run.history)):
            self.write(run.history[i].values())

    def write(self, cells: Iterable[Any]) -> None:
        assert self.file is not None  # opened by on_start
        self.file.write(csv_line(cells))
        self.file.flush()

    def at_end(self, run: Run) -> None:
        if self.file is not None:
            self.file.close()
            self.file = None


class Schedule(Callback):
    """Move the learning rate: call `schedule.step()` after every epoch, or after every step.

    `fit(schedule=s)` is short for `fit(callbacks=[Schedule(s)])`.  A schedule whose `step` needs a
    value, as that of `ReduceLROnPlateau`, gets the validation loss (without validation data the
    training loss).

    Args:
        schedule: one of `optim.lr_scheduler`, or any object with a function `step`.
        every: "epoch" or "step"; a step of the optimizer, as `OneCycleLR` counts them.
    """

    def __init__(self, schedule: Any, every: str = "epoch") -> None:
        if isinstance(schedule, Optimizer) or not callable(getattr(schedule, "step", None)):
            raise ArgumentTypeError(
                f"schedule must be an object with a function step() that moves the learning rate, "
                f"such as those of optim.lr_scheduler, got {schedule!r}."
            )
        if every not in ("epoch", "step"):
            raise ArgumentError(f"every must be 'epoch' or 'step', got {every!r}.")
        self.schedule = schedule
        self.every = every
        self.needs_loss = any(
            parameter.default is parameter.empty and parameter.kind is not parameter.VAR_KEYWORD
            for parameter in inspect.signature(schedule.step).parameters.values()
        )
        if self.needs_loss and every == "step":
            raise ArgumentError(
                f"{type(schedule).__name__}.step needs a loss, which is known after an epoch: "
                f"every='epoch'."
            )

    def on_start(self, run: Run) -> None:
        if getattr(self.schedule, "optimizer", run.optimizer) is not run.optimizer:
            raise ArgumentError(
                f"The {type(self.schedule).__name__} moves the learning rate of another optimizer "
                f"than the one that trains. Give fit the same: optimizer=schedule.optimizer."
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
            self.schedule.step(*([run.history.watched[-1]] if self.needs_loss else []))


def as_schedule(schedule: Any) -> Schedule:
    return schedule if isinstance(schedule, Schedule) else Schedule(schedule)


def as_callbacks(callbacks: Any) -> list[Callback]:
    """The callbacks that `fit` was given; a single one counts as a list of it."""
    listed = list(callbacks) if isinstance(callbacks, Iterable) else [callbacks]
    for callback in listed:
        if not isinstance(callback, Callback):
            raise ArgumentTypeError(
                f"callbacks must be objects of classes made from mr.callbacks.Callback, got "
                f"{callback!r}. For a function of the history there is progress=function."
            )
    return listed
