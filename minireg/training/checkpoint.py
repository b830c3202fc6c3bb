"""Checkpoint: the whole state of a run in one file, from which it can go on bit by bit.

Everything is asked for by name, nothing is searched for: modules, transforms and callbacks say
which random streams they draw from, callbacks what they remember, settings what they are (`repr`).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..autograd import raw
from ..backend import namespace
from ..data import Dataset
from ..errors import ArgumentError, DataError, MiniregError
from ..files import as_path, check_writable
from ..nn import Module
from ..serialization import load, save
from .run import Callback, Run


class Checkpoint(Callback):
    """Write the state of the run after each epoch; go on from it after an interruption.

    `fit(checkpoint=path, resume=True)` is short for it.  The file holds everything that changes
    in a run: weights and buffers, the optimizer, the history, what the other callbacks remember
    (early stopping, the schedule), and the random streams of the order of the examples and of the
    transform, the model, the criterion (if it is a Module) and the callbacks.  So a run that was
    killed and resumed ends with the same bits as one that was not.  The file is replaced as a
    whole: whenever the run is killed, it is that of the last finished epoch.

    A run goes on only with the settings that it began with.  Compared are the data, the options of
    `fit` that are plain values, the optimizer with its options, and the `repr` of criterion,
    penalty, transform, schedule and callbacks.  **Not** compared are functions, objects without a
    repr of their own, files' names, and `epochs`, which may grow.

    Args:
        path: the file, safetensors.
        resume: go on from the file if there is one; False begins anew and replaces it.

    Raises:
        DataError: the file is damaged or not a checkpoint.
        ArgumentError: it belongs to another run: other weights, data, options or callbacks.

    >>> import pathlib, tempfile
    >>> data = ([[-1.0], [1.0]], [0, 1])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     options = dict(checkpoint=pathlib.Path(folder) / "run", resume=True, progress=False)
    ...     first = mr.fit(mr.nn.Linear(1, 2), data, epochs=2, **options)
    ...     second = mr.fit(mr.nn.Linear(1, 2), data, epochs=3, **options)
    >>> len(first), len(second), second.loss[:2] == first.loss
    (2, 3, True)
    """

    def __init__(self, path: Any, *, resume: bool = False) -> None:
        self.path = as_path(path)
        self.resumes = resume
        self.settings: dict[str, Any] = {}
        self.found: Any = None  # what the file holds, until the run goes on from it

    def check(self, run: Run) -> None:
        check_writable(self.path)
        self.settings = describe_run(run)  # as it is before anything moves
        if self.resumes and self.path.exists():
            self.found = load(self.path)
            with self.reading():
                check_same(self.found["settings"], self.settings)

    def on_start(self, run: Run) -> None:
        if self.found is None:
            return
        state, before = self.found, state_of(run)
        self.found = None
        try:
            with self.reading():
                restore(run, state)
                for callback, kept in zip(run.callbacks, state["callbacks"]):
                    callback.resume(run, kept)
        except MiniregError:
            restore(run, before)
            raise

    def after_epoch(self, run: Run) -> None:
        callbacks = [callback.state() for callback in run.callbacks]
        state = {"settings": self.settings, "callbacks": callbacks}
        save(state_of(run) | state, self.path)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """A `with` block in which a part that is missing or of another kind is a damaged file."""
        try:
            yield
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            if isinstance(error, MiniregError):
                raise
            raise DataError(f"{str(self.path)!r} is not a checkpoint of a run.") from error


def state_of(run: Run) -> dict[str, Any]:
    """Everything that changes in a run, but for what callbacks remember."""
    return {
        "epoch": run.epoch,
        "step": run.step,
        "model": run.model.state_dict(),
        "optimizer": run.optimizer.state_dict(),
        "loader_epoch": run.loader.epoch,
        "generators": [generator.state for generator in run.generators],
        "history": {name: list(column) for name, column in run.history.columns.items()},
        "stopped_early": run.history.stopped_early,
    }


def restore(run: Run, state: Any) -> None:
    """Write a `state_of` into the run."""
    streams = run.generators
    if len(streams) != len(state["generators"]):
        raise ArgumentError(
            f"The checkpoint belongs to another run, with {len(state['generators'])} random "
            f"streams; this one has {len(streams)}."
        )
    run.model.load_state_dict(state["model"])
    run.optimizer.load_state_dict(state["optimizer"])
    for generator, stream in zip(streams, state["generators"]):
        generator.state = stream
    run.loader.epoch, run.epoch, run.step = state["loader_epoch"], state["epoch"], state["step"]
    for name, column in run.history.columns.items():
        column[:] = state["history"][name]
    run.history.stopped_early = state["stopped_early"]


# -- is it the same run? ---------------------------------------------------------------------------


def describe_run(run: Run) -> dict[str, str]:
    """What a run cannot change under way and still be the same run, in words."""
    groups = []
    for group in run.optimizer.param_groups:
        # A schedule moves the learning rate from where it was at first.
        first = {"lr": group["initial_lr"]} if "initial_lr" in group else {}
        options = [
            f"{name}={describe(value)}"
            for name, value in (group | first).items()
            if name not in ("params", "initial_lr")
        ]
        groups.append(f"{type(run.optimizer).__name__}({', '.join(options)})")
    others = [c for c in run.callbacks if not isinstance(c, Checkpoint)]
    settings = {
        "examples": len(run.loader.dataset),
        "batch_size": run.loader.batch_size,
        "drop_last": run.loader.drop_last,
        "accumulate": run.accumulate,
        "metrics": list(run.history.metrics),
        "measure_train": run.measures_train,
        "penalty": run.regularization and run.regularization.penalty,
        "callbacks": others,
        "transform": run.loader.transform,
        "criterion": run.criterion,
        "validation": run.validation and run.validation.dataset,
        "data": [run.loader.dataset.x, run.loader.dataset.y],
    }
    words = {name: describe(value) for name, value in settings.items()}
    return words | {"optimizer": " and ".join(groups)}


def check_same(saved: Any, now: dict[str, str]) -> None:
    """Say what is another setting than that of the checkpoint."""
    for name, value in now.items():
        if saved[name] != value:
            raise ArgumentError(
                f"The checkpoint belongs to another run: {name} was {saved[name]} and is {value} "
                f"now. Use the same, or begin anew with resume=False."
            )


def describe(x: Any) -> str:
    """An option in words that tell it from others: its repr, and the checksum of an array.

    What has an address in its repr, such as a function, is the same as any other.
    """
    if isinstance(x, Dataset):
        return f"Dataset({describe(x.x)}, {describe(x.y)})"
    if isinstance(x, (list, tuple)):
        return f"[{', '.join(map(describe, x))}]"
    if isinstance(x, Module) and x.state_dict():
        return f"{x!r} with {describe(list(x.state_dict().values()))}"
    if hasattr(x, "shape"):
        array = raw(x)
        host = np.ascontiguousarray(namespace(array).to_host(array))
        return f"{host.dtype} {host.shape} with the sum {zlib.crc32(host.tobytes()):08x}"
    return re.sub(r"<.*? at 0x[0-9a-fA-F]+>+", "<function or object>", repr(x), flags=re.DOTALL)
