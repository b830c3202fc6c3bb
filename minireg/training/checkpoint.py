"""Checkpoint: the whole state of a run in one file, from which it can go on bit by bit."""

from __future__ import annotations

import re
from typing import Any

from ..errors import ArgumentError, DataError, MiniregError
from ..files import as_path
from ..random import Generator, default_generator
from ..serialization import load, save
from .callbacks import check_writable
from .run import Callback, Run


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

    def on_start(self, run: Run) -> None:
        check_writable(self.path)
        if self.resumes and self.path.exists():
            state, weights = load(self.path), run.model.state_dict()
            try:
                restore(run, state)
            except (KeyError, TypeError, AttributeError, ValueError, MiniregError) as error:
                run.model.load_state_dict(weights)
                if isinstance(error, MiniregError):
                    raise
                raise DataError(f"{str(self.path)!r} is no checkpoint of a run.") from error

    def after_epoch(self, run: Run) -> None:
        save(state_of(run), self.path)


def state_of(run: Run) -> dict[str, Any]:
    """Everything that changes in a run, as `save` writes it."""
    return {
        "settings": settings(run),
        "epoch": run.epoch,
        "step": run.step,
        "model": run.model.state_dict(),
        "optimizer": run.optimizer.state_dict(),
        "loader_epoch": run.train.epoch,
        "generators": [generator.state for generator in generators(run)],
        "history": run.history.columns,
        "stopped_early": run.history.stopped_early,
        "callbacks": [callback.state() for callback in run.callbacks],
    }


def settings(run: Run) -> dict[str, Any]:
    """What a run cannot change under way and still be the same run, in words."""
    return {
        "examples": len(run.train.dataset),
        "batch_size": run.train.batch_size,
        "optimizer": type(run.optimizer).__name__,
        "metrics": list(run.history.metrics),
        "callbacks": [type(callback).__name__ for callback in run.callbacks],
        "transform": in_words(run.train.transform),
        **{name: in_words(value) for name, value in run.options.items()},
    }


def in_words(x: Any) -> str:
    """The repr of an option without addresses, which are others in each process."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", repr(x))


def restore(run: Run, state: Any) -> None:
    """Put `state_of` an earlier run into this one, which has not begun yet."""
    saved = state["settings"]
    for name, value in settings(run).items():
        if saved[name] != value:
            raise ArgumentError(
                f"The checkpoint belongs to another run: {name} was {saved[name]} and is {value} "
                f"now. Use the same, or begin anew with resume=False."
            )
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
    for callback, kept in zip(run.callbacks, state["callbacks"]):
        callback.resume(run, kept)


def generators(run: Run) -> list[Generator]:
    """Every random stream of a run once: the default one, those of loader, transform and layers."""
    found = {id(default_generator()): default_generator()}
    owners = [run.train, run.train.transform, *run.model.modules()]
    while owners:
        owner = owners.pop(0)
        for value in vars(owner).values() if hasattr(owner, "__dict__") else ():
            if isinstance(value, Generator):
                found.setdefault(id(value), value)
            elif isinstance(value, (list, tuple)):  # the parts of a Compose
                owners.extend(part for part in value if callable(part))
    return list(found.values())
