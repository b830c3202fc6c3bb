"""Checkpoint: the whole state of a run in one file, from which it can continue bit for bit.

Every part provides its own state, nothing is searched for: modules, transforms and callbacks list
their random streams, callbacks return their state, and settings are described by their `repr`.
"""

from __future__ import annotations

import re
import zlib
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from ..autograd import raw
from ..backend import namespace
from ..checks import check_count, check_flag
from ..data import Dataset
from ..errors import ArgumentError
from ..files import as_path, check_writable
from ..nn import Module
from ..serialization import as_data_error, load, save
from .history import History
from .run import Callback, Run


class Checkpoint(Callback):
    """Write the state of the run after each epoch; continue from it after an interruption.

    `fit(checkpoint=path, resume=True)` is short for it.  The file holds everything that changes
    in a run: weights and buffers, the optimizer, the history, the state of the other callbacks
    (early stopping, the schedule), and the random streams of the order of the examples, the
    transform, the model, the criterion (if it is a Module) and the callbacks.  So a run that was
    killed and resumed ends with the same bits as one that was not.  The file is replaced as a
    whole: whenever the run is killed, the file has the state of the last finished epoch.

    A run continues only with the settings that it began with.  These are compared: the data, the
    options of `fit` that are plain values, the optimizer with its options, and the `repr` of
    criterion, penalty, transform, schedule and callbacks.  These are **not** compared: functions,
    objects without their own repr, names of files, and `epochs`, which may grow.

    Args:
        path: the file, safetensors.
        resume: continue from the file if it exists; False starts a new run and replaces it.

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
        self.found: Any = None  # what the file holds, until the run continues

    def check(self, run: Run) -> None:
        check_writable(self.path)
        self.settings = describe_run(run)  # before anything changes
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
        except BaseException:
            restore(run, before)
            raise

    def after_epoch(self, run: Run) -> None:
        save(state_of(run) | {"settings": self.settings}, self.path)

    def reading(self) -> AbstractContextManager[None]:
        """A `with` block that reports a missing part, or one of another type."""
        return as_data_error(f"{str(self.path)!r} is not a checkpoint of a run.")


def state_of(run: Run) -> dict[str, Any]:
    """Return everything that changes in a run."""
    return {
        "epoch": run.epoch,
        "model": run.model.state_dict(),
        "optimizer": run.optimizer.state_dict(),
        "loader_epoch": run.loader.epoch,
        "generators": [generator.state for generator in run.generators],
        "history": {name: list(column) for name, column in run.history.columns.items()},
        "stopped_early": run.history.stopped_early,
        "callbacks": [callback.state() for callback in run.callbacks],
    }


def restore(run: Run, state: Any) -> None:
    """Write the result of `state_of` into the run."""
    epoch = check_count("epoch", state["epoch"], minimum=0)
    loader_epoch = check_count("loader_epoch", state["loader_epoch"], minimum=epoch)
    stopped_early = check_flag("stopped_early", state["stopped_early"])
    history = History(run.history.metrics)
    for values in zip(*(state["history"][name] for name in history.columns), strict=True):
        history.add(**dict(zip(history.columns, values)))
    if history.epoch != list(range(1, epoch + 1)) or loader_epoch >= 2**32:
        raise ValueError(epoch)
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
        if generator.state != stream:  # NumPy rounds fractions
            raise ValueError(stream)
    run.loader.epoch, run.epoch, run.step = loader_epoch, epoch, epoch * run.steps_per_epoch
    for name, column in run.history.columns.items():
        column[:] = history.columns[name]
    run.history.stopped_early = stopped_early
    for callback, kept in zip(run.callbacks, state["callbacks"], strict=True):
        callback.resume(run, kept)


# -- is it the same run? ---------------------------------------------------------------------------


def describe_run(run: Run) -> dict[str, str]:
    """Describe in words the settings that must stay the same when a run is resumed."""
    groups = []
    for group in run.optimizer.param_groups:
        # A schedule changes the learning rate: compare the initial one.
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
        "terms": run.terms,
        "callbacks": others,
        "transform": run.loader.transform,
        "criterion": run.criterion,
        "validation": run.validation and run.validation.dataset,
        "data": [run.loader.dataset.x, run.loader.dataset.y],
    }
    words = {name: describe(value) for name, value in settings.items()}
    return words | {"optimizer": " and ".join(groups)}


def check_same(saved: Any, now: dict[str, str]) -> None:
    """Refuse a setting that differs from that of the checkpoint."""
    for name, value in now.items():
        if saved[name] != value:
            raise ArgumentError(
                f"The checkpoint belongs to another run: {name} was {saved[name]} and is {value} "
                f"now. Use the same, or start a new run with resume=False."
            )


def describe(x: Any) -> str:
    """Describe an option, to compare it with another: its repr, or the checksum of an array.

    All objects with an address in their repr, such as functions, have the same description.
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
