"""Callbacks that come with minireg, and the names that one's own ones need."""

from __future__ import annotations

from typing import Any, TextIO

from ..checks import check_number
from ..files import as_path, remove_leftovers, unwritable
from ..optim import clip_grad_norm_
from ..serialization import save
from .early_stopping import EarlyStopping
from .history import csv_line
from .monitor import Monitor
from .run import Callback, Run
from .schedule import Schedule
from .steps import find_parameters

__all__ = ["BestModel", "CSVLog", "Callback", "ClipNorm", "EarlyStopping", "Run", "Schedule"]


class BestModel(Callback):
    """Keep the weights of the best epoch, by default that with the lowest validation loss.

    However the training ends, the best weights are put back into the model.

    Args:
        path: a file in which the best weights are kept, too, whole at any time (safetensors, with
            the names of `model.state_dict()`).
        restore: put the best weights back at the end.
        monitor: the column of the history to watch; None is the validation loss, or without
            validation data the training loss.
        mode: "min" or "max", which of its values are better; needed unless it is a loss.

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
        *,
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

    def check(self, run: Run) -> None:
        self.monitor.check(run)
        if self.path is not None:
            check_writable(self.path)

    def on_start(self, run: Run) -> None:
        self.reset()

    def after_epoch(self, run: Run) -> None:
        cost = self.monitor.cost(run.history)
        if cost < self.lowest_cost:
            self.lowest_cost, self.value = cost, self.monitor.value(run.history)
            with run.evaluated():
                self.epoch, self.weights = run.epoch, run.model.state_dict()
            if self.path is not None:
                save(self.weights, self.path)

    def state(self) -> Any:
        return {name: getattr(self, name) for name in ("epoch", "value", "lowest_cost", "weights")}

    def resume(self, run: Run, state: Any) -> None:
        for name, value in state.items():
            setattr(self, name, value)

    def at_end(self, run: Run) -> None:
        if self.restore and self.weights is not None:
            run.model.load_state_dict(self.weights)

    def extra_repr(self) -> str:
        return f"restore={self.restore}, {self.monitor!r}"


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

    def check(self, run: Run) -> None:
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


class ClipNorm(Callback):
    """Shorten the gradient of each step to a largest norm: `fit(clip_norm=1.0)`.

    Args:
        max_norm: the largest norm over all parameters together, greater than 0; see
            `optim.clip_grad_norm_`.

    >>> ClipNorm(0.5)
    ClipNorm(0.5)
    """

    def __init__(self, max_norm: float) -> None:
        self.max_norm = check_number("clip_norm", max_norm, above=0)

    def before_step(self, run: Run) -> None:
        clip_grad_norm_(find_parameters(run.optimizer), self.max_norm)

    def extra_repr(self) -> str:
        return f"{self.max_norm:g}"
