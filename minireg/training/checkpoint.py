"""Checkpoint: the whole state of a run in one file, from which it can go on bit by bit."""

from __future__ import annotations

import re
import zlib
from typing import Any

import numpy as np

from ..autograd import Tensor
from ..autograd.tensor import raw
from ..backend import namespace
from ..errors import ArgumentError, DataError, MiniregError
from ..files import as_path
from ..nn import Module
from ..random import Generator, default_generator
from ..serialization import load, save
from .callbacks import Schedule, check_writable
from .monitor import Monitor
from .run import Callback, Run

PLAIN = (bool, int, float, str, tuple, list, type(None))


class Checkpoint(Callback):
    """Write the state of the run after each epoch; go on from it after an interruption.

    `fit(checkpoint=path, resume=True)` is short for it.  The file holds everything that changes
    in a run: weights and buffers, the optimizer, all random streams (the order of the examples,
    augmentation, dropout), the history, and what the other callbacks remember (early stopping, the
    schedule).  So a run that was killed and resumed ends with the same bits as one that was not.
    It is replaced as a whole: whenever the run is killed, the file is that of the last finished
    epoch.

    Args:
        path: the file, safetensors.
        resume: go on from the file if there is one; False begins anew and replaces it.

    Raises:
        DataError: the file is damaged or no checkpoint.
        ArgumentError: it belongs to another run: other weights, data, options or callbacks.

    >>> import minireg as mr, tempfile, pathlib
    >>> data = ([[-1.0], [1.0]], [0, 1])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     options = dict(checkpoint=pathlib.Path(folder) / "run", resume=True, progress=False)
    ...     first = mr.fit(mr.nn.Linear(1, 2), data, epochs=2, **options)
    ...     second = mr.fit(mr.nn.Linear(1, 2), data, epochs=3, **options)
    >>> len(first), len(second), second.loss[:2] == first.loss
    (2, 3, True)
    """

    def __init__(self, path: Any, resume: bool = False) -> None:
        self.path = as_path(path)
        self.resumes = resume
        self.settings: dict[str, Any] = {}

    def on_start(self, run: Run) -> None:
        check_writable(self.path)
        self.settings = settings(run)  # as they are before anything moves
        if not self.resumes or not self.path.exists():
            return
        state, before = load(self.path), state_of(run)
        try:
            check_same(state["settings"], self.settings)
            put(run, state)
            for callback, kept in zip(run.callbacks, state["callbacks"]):
                callback.resume(run, kept)
        except (KeyError, TypeError, AttributeError, ValueError, MiniregError) as error:
            put(run, before)
            if isinstance(error, MiniregError):
                raise
            raise DataError(f"{str(self.path)!r} is no checkpoint of a run.") from error

    def after_epoch(self, run: Run) -> None:
        callbacks = [callback.state() for callback in run.callbacks]
        state = {"settings": self.settings, "callbacks": callbacks}
        save(state_of(run) | state, self.path)


def state_of(run: Run) -> dict[str, Any]:
    """Everything that changes in a run, but for what callbacks remember."""
    return {
        "epoch": run.epoch,
        "step": run.step,
        "model": run.model.state_dict(),
        "optimizer": run.optimizer.state_dict(),
        "loader_epoch": run.train.epoch,
        "generators": [generator.state for generator in generators(run)],
        "history": {name: list(column) for name, column in run.history.columns.items()},
        "stopped_early": run.history.stopped_early,
    }


def put(run: Run, state: Any) -> None:
    """Write a `state_of` into the run."""
    streams = generators(run)
    if len(streams) != len(state["generators"]):
        raise ArgumentError(
            f"The checkpoint belongs to another run, with {len(state['generators'])} random "
            f"streams; this one has {len(streams)}."
        )
    run.model.load_state_dict(state["model"])
    run.optimizer.load_state_dict(state["optimizer"])
    for generator, stream in zip(streams, state["generators"]):
        generator.state = stream
    run.train.epoch, run.epoch, run.step = state["loader_epoch"], state["epoch"], state["step"]
    for name, column in run.history.columns.items():
        column[:] = state["history"][name]
    run.history.stopped_early = state["stopped_early"]


def generators(run: Run) -> list[Generator]:
    """Every random stream that the run can reach, once: the default one, and those that stand in
    the loader, the transform, the layers, the criterion, the callbacks, and in what these hold.
    """
    found = [default_generator()]
    pending: list[Any] = [run.train, run.model, run.options, list(run.callbacks)]
    seen = {id(x) for x in (*found, run, run.history, run.optimizer)}
    while pending:
        x = pending.pop()
        if id(x) in seen or isinstance(x, (Tensor, np.ndarray, type, str)):
            continue
        seen.add(id(x))
        if isinstance(x, Generator):
            found.append(x)
        elif isinstance(x, dict):
            pending.extend(x.values())
        elif isinstance(x, (list, tuple)):
            pending.extend(x)
        else:
            # A function's closure, the object of a method, the parts of a partial, attributes.
            pending.extend(cell.cell_contents for cell in getattr(x, "__closure__", None) or ())
            pending.extend(getattr(x, name, None) for name in ("__self__", "func", "args"))
            pending.append(getattr(x, "__dict__", None))
    return found


# -- is it the same run? ---------------------------------------------------------------------------


def settings(run: Run) -> dict[str, Any]:
    """What a run cannot change under way and still be the same run, in words."""
    groups = []
    for group in run.optimizer.param_groups:
        # A schedule moves the learning rate from where it was at first.
        first = {"lr": group["initial_lr"]} if "initial_lr" in group else {}
        groups.append(
            {k: v for k, v in (group | first).items() if k not in ("params", "initial_lr")}
        )
    return {
        "examples": len(run.train.dataset),
        "batch_size": run.train.batch_size,
        "metrics": in_words(list(run.history.metrics)),
        "callbacks": described([c for c in run.callbacks if not isinstance(c, Checkpoint)]),
        "transform": described(run.train.transform),
        **{name: described(value) for name, value in run.options.items()},
        "optimizer": " and ".join(in_call(run.optimizer, group) for group in groups),
        "data": described([run.train.dataset.x, run.train.dataset.y]),
    }


def check_same(saved: Any, now: dict[str, Any]) -> None:
    """Say what is another setting than that of the checkpoint."""
    for name, value in now.items():
        if saved[name] != value:
            raise ArgumentError(
                f"The checkpoint belongs to another run: {name} was {saved[name]} and is {value} "
                f"now. Use the same, or begin anew with resume=False."
            )


def described(x: Any) -> str:
    """An option in words that tell it from others: its repr, and the plain values that it holds.

    What it remembers, it may hold another value of: that is no setting.
    """
    if isinstance(x, (list, tuple)):
        return f"[{', '.join(map(described, x))}]"
    if isinstance(x, (Tensor, np.ndarray)) or hasattr(x, "__array_interface__"):
        array = raw(x)
        host = np.ascontiguousarray(namespace(array).to_host(array))
        return f"{host.dtype} {host.shape} with the sum {zlib.crc32(host.tobytes()):08x}"
    changing = memory_of(x)
    held = {}
    for name, value in getattr(x, "__dict__", {}).items():
        is_setting = isinstance(value, (*PLAIN, Monitor)) or hasattr(value, "shape")
        if (is_setting and name not in changing) or (
            name == "schedule" and isinstance(x, Schedule)
        ):
            held[name] = value
    return in_call(x, held) if held else in_words(x)


def in_call(x: Any, held: dict[str, Any]) -> str:
    """`SGD(lr=0.1, momentum=0.9)`."""
    options = (
        f"{name}={in_words(value) if isinstance(value, PLAIN) else described(value)}"
        for name, value in held.items()
    )
    return f"{type(x).__name__}({', '.join(options)})"


def memory_of(x: Any) -> set[str]:
    """The names of those attributes that change while a run goes on."""
    kept: Any = None
    if isinstance(x, Callback):
        # What a user's callback holds may be anything.
        kept = x.state() if type(x).__module__.startswith(__package__) else vars(x)
    elif not isinstance(x, Module) and callable(getattr(x, "state_dict", None)):  # a schedule
        kept = x.state_dict()
    return {"training", *kept} if isinstance(kept, dict) else {"training"}


def in_words(x: Any) -> str:
    """The repr of an option without addresses, which are others in each process."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", repr(x))
