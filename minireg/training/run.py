"""A training in progress: its parts, its epochs, and the callbacks that act in it.

`prepare` makes a `Run`, and `run.train()` trains.  Everything that acts during the training is
a `Callback`, whose methods are called at fixed moments.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from ..backend import use_backend
from ..data import DataLoader
from ..errors import ArgumentTypeError, NonFiniteLossError
from ..nn import Module
from ..optim import Optimizer
from ..random import Generator, default_generator
from ..regularizers import OutputPenalty
from .evaluation import Mean, find_backend, measure
from .history import History
from .metrics import Metric
from .modes import keep_measured, set_mode
from .progress import show_progress
from .steps import take_step

if TYPE_CHECKING:
    from .regularization import Regularization

MEASURED_BATCH = 250  # examples at a time where no gradients are kept


class Callback:
    """The base of all callbacks: a subclass defines the methods that it needs.

    One that remembers something defines `state` and `resume`, too, so that a run with a checkpoint
    can continue; one that draws random numbers defines `generators`.

    >>> class Countdown(Callback):
    ...     def after_epoch(self, run):
    ...         print(run.epochs - run.epoch)
    >>> model = mr.nn.Linear(1, 2)
    >>> _ = mr.fit(model, ([[0.0]], [1]), epochs=2, callbacks=[Countdown()], progress=False)
    1
    0
    """

    def check(self, run: Run) -> None:
        """Raise an error here if something does not fit; nothing has changed yet."""

    def on_start(self, run: Run) -> None:
        """Before the first epoch."""

    def before_step(self, run: Run) -> None:
        """The gradients are in `.grad`: change them here.

        If an optimizer asks for the gradients of a step twice, this is called both times.
        """

    def after_step(self, run: Run) -> None:
        """After each step of the optimizer.  Reading an array here makes a GPU wait every time."""

    def after_epoch(self, run: Run) -> None:
        """After an epoch was measured; `run.history[-1]` is its row."""

    def at_end(self, run: Run) -> None:
        """At the end, also after Ctrl-C and errors; only called if `on_start` was called."""

    def evaluated(self, run: Run) -> AbstractContextManager[Any]:
        """A `with` block in which the model has the weights that are measured and kept as best.

        By default these are the trained weights; a callback that averages weights replaces them
        by the average within the block.
        """
        return nullcontext()

    def state(self) -> Any:
        """Return what is needed to resume the run from here: arrays and plain values."""
        return None

    def resume(self, run: Run, state: Any) -> None:
        """After `on_start`: continue from this `state()`; the history of the run is restored."""

    def generators(self) -> list[Generator]:
        """The random streams that it draws from."""
        return []

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.extra_repr()})"

    def extra_repr(self) -> str:
        """Return the text inside the repr: the settings, which a resumed run must have, too."""
        return ""


@dataclass(eq=False)
class Run:
    """A training in progress, with all its parts.

    `checkpoint.py` saves everything that changes during the training.

    Attributes:
        model: the Module, in training mode within an epoch and in its own mode after one.
        optimizer: with the learning rates in `param_groups`.
        loader: of the training batches; its `generator` and `epoch` decide their order.
        validation: the loader of the validation examples, or None.
        criterion: the loss that is trained, with class weights.
        plain_criterion: the loss that is measured, without them.
        classes: the number of classes; None for float targets.
        regularization: the callback of the penalty, or None.
        terms: the penalties on outputs.
        metrics: what is measured after each epoch.
        measures_train: whether the training examples are measured, too.
        callbacks: all of them, early stopping and schedule included, in their order.
        epochs: how many there will be at most.
        accumulate: how many batches make a step of the optimizer.
        progress: as `fit` takes it.
        history: one row for each finished epoch.
        epoch: the one that is being trained, or was trained last; the first is 1.
        step: how many steps the optimizer has taken.
    """

    model: Any
    optimizer: Optimizer
    loader: DataLoader
    validation: DataLoader | None
    criterion: Callable
    plain_criterion: Callable
    classes: int | None
    regularization: Regularization | None
    terms: tuple[OutputPenalty, ...]
    metrics: tuple[Metric, ...]
    measures_train: bool
    callbacks: tuple[Callback, ...]
    epochs: int
    accumulate: int
    progress: Any
    history: History
    epoch: int = 0
    step: int = 0

    def train(self) -> History:
        """Train the epochs that are left; Ctrl-C ends them.  See `fit`."""
        with self.started():
            try:
                with (
                    use_backend(find_backend(self.model)),
                    show_progress(self.progress, self.epochs) as report,
                ):
                    while self.epoch < self.epochs and not self.history.stopped_early:
                        self.epoch += 1
                        self.train_epoch()
                        self.call("after_epoch")
                        report(self.history)
            except KeyboardInterrupt:
                self.history.interrupted = True
        return self.history

    def train_epoch(self) -> None:
        """Train one pass over the examples, measure, and add a row to the history.

        Losses and penalties are added up on the device and read at the end.
        """
        start, rate = time.perf_counter(), self.optimizer.param_groups[0].get("lr")
        losses, penalties, batches = Mean(), Mean(), iter(self.loader)
        with set_mode(self.model, training=True):
            while group := list(islice(batches, self.accumulate)):
                step = take_step(self, group)
                losses.add(step.loss, step.divisor)
                if step.penalty is not None:
                    penalties.add(step.penalty, sum(map(len, group)))
        loss, penalty = losses.read(), penalties.read()
        self.check_finite("loss", loss + penalty)
        with self.evaluated():
            on_train = self.measure("loss", self.clean if self.measures_train else None)
            on_validation = self.measure("validation loss", self.validation)
        self.history.add(
            epoch=self.epoch,
            loss=loss,
            penalty=penalty,
            learning_rate=None if rate is None else float(rate),
            **{f"train_{name}": on_train[name] for name in self.history.metrics},
            **{f"validation_{name}": value for name, value in on_validation.items()},
            seconds=time.perf_counter() - start,
        )

    def measure(self, name: str, loader: DataLoader | None) -> dict[str, Any]:
        """Return the loss and the metrics of these examples; all are None without examples."""
        if loader is None:
            return dict.fromkeys(["loss", *self.history.metrics])
        scores = measure(self.model, loader, self.plain_criterion, self.metrics)
        self.check_finite(name, scores["loss"])
        return scores

    def check_finite(self, name: str, value: float) -> None:
        if not math.isfinite(value):
            raise NonFiniteLossError(
                f"The {name} became {value} in epoch {self.epoch}: the steps are too large for "
                f"this loss. Use a smaller learning rate (a tenth, to begin with)."
            )

    def call(self, moment: str) -> None:
        """Call the method of this name of every callback, in their order."""
        for callback in self.callbacks:
            getattr(callback, moment)(self)

    @contextmanager
    def evaluated(self) -> Iterator[None]:
        """A `with` block in which the model has the weights that are measured and kept as best."""
        with ExitStack() as blocks:
            for callback in self.callbacks:
                blocks.enter_context(callback.evaluated(self))
            yield

    @contextmanager
    def started(self) -> Iterator[None]:
        """Call `on_start` of the callbacks before a `with` block, `at_end` after it, in order."""
        begun: list[Callback] = []
        try:
            for callback in self.callbacks:
                callback.on_start(self)
                begun.append(callback)
            yield
        finally:
            with ExitStack() as ends:  # if one of them raises, the others are still called
                for callback in reversed(begun):
                    ends.callback(callback.at_end, self)

    def stop(self) -> None:
        """End the training after this epoch."""
        self.history.stopped_early = True

    @property
    def steps_per_epoch(self) -> int:
        """How many steps the optimizer takes in each epoch."""
        return -(-len(self.loader) // self.accumulate)

    @cached_property
    def clean(self) -> DataLoader:
        """A loader of all training examples in their own order, to measure them.

        It is a copy of `loader`; the two share the data on the device.
        """
        plain = copy(self.loader)
        plain.batch_size, plain.shuffle = MEASURED_BATCH, False
        plain.transform = keep_measured(self.loader.transform)
        plain.drop_last, plain.min_last = False, 1
        return plain

    @cached_property
    def drawn_in_a_step(self) -> list[Generator]:
        """The random streams of a forward and backward pass: of model, criterion and callbacks."""
        streams: list[Generator] = []
        for part in (self.model, self.criterion):
            if isinstance(part, Module):
                streams += [generator for _, generator in part.named_generators()]
        for callback in self.callbacks:
            streams += callback.generators()
        return list(dict.fromkeys(streams))

    @property
    def generators(self) -> list[Generator]:
        """All random streams of the run, each once."""
        transform: Any = self.loader.transform
        drawn = transform.generators() if hasattr(transform, "generators") else []
        streams = [default_generator(), self.loader.generator, *drawn, *self.drawn_in_a_step]
        return list(dict.fromkeys(streams))


def as_callbacks(callbacks: Any) -> list[Callback]:
    """Return the callbacks given to `fit` as a list; a single one is accepted, too."""
    listed = list(callbacks) if isinstance(callbacks, Iterable) else [callbacks]
    for callback in listed:
        if not isinstance(callback, Callback):
            raise ArgumentTypeError(
                f"callbacks must be objects of subclasses of mr.callbacks.Callback, got "
                f"{callback!r}. Pass a function of the history as progress=function.",
                argument="callbacks",
            )
        for name in dir(type(callback)):
            if name.startswith(("on_", "before_", "after_")) and not hasattr(Callback, name):
                raise ArgumentTypeError(
                    f"{type(callback).__name__}.{name} would never be called. The moments of a "
                    f"training are on_start, before_step, after_step, after_epoch and at_end.",
                    argument="callbacks",
                )
    return listed
