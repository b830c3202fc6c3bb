"""A training in progress, and the callbacks that are told of it.

`fit` calls each callback at four moments and gives it the `Run`, everything that the training
consists of.  What a callback raises ends the training.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from ..data import DataLoader
from ..errors import ArgumentTypeError
from ..optim import Optimizer
from .history import History


@dataclass
class Run:
    """A training in progress: everything that it consists of.

    What changes while it goes on is what `checkpoint.py` keeps.

    Attributes:
        model: the Module, in training mode within an epoch and in its own mode after one.
        optimizer: with the learning rates in `param_groups`.
        train: the loader; its `generator` and `epoch` decide the order of the examples.
        history: one row for each finished epoch.
        callbacks: all of them, early stopping and schedule included, in their order.
        epochs: how many there will be at most.
        steps_per_epoch: how many steps the optimizer takes in each.
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
    steps_per_epoch: int
    epoch: int = 0
    step: int = 0
    has_validation: bool = False
    options: dict[str, Any] = field(default_factory=dict)

    def stop(self) -> None:
        """End the training after this epoch."""
        self.history.stopped_early = True


class Callback:
    """The base of all callbacks: a subclass defines those functions that it needs.

    One that remembers something defines `state` and `resume`, too, so that a run with a checkpoint
    can go on.

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
