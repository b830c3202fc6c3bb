"""Callbacks that come with minireg, and the names that your own callbacks need."""

from __future__ import annotations

from typing import Any, TextIO

from ..checks import check_number
from ..files import as_path, check_writable
from ..optim import clip_grad_norm_
from .best_model import BestModel
from .early_stopping import EarlyStopping
from .history import csv_line
from .run import Callback, Run
from .schedule import Schedule
from .value_schedule import ValueSchedule

__all__ = [
    "BestModel", "CSVLog", "Callback", "ClipNorm", "EarlyStopping", "Run", "Schedule",
    "ValueSchedule",
]  # fmt: skip


class CSVLog(Callback):
    """Write the history into a CSV file, a line for each epoch as soon as it is finished.

    Each line is flushed immediately, so a training that is killed loses no finished epoch.  A run
    that continues from a checkpoint writes the lines of the earlier run again, too.
    `History.to_csv` writes the same file at the end.

    Args:
        path: the file; an existing one is replaced after the first epoch.

    >>> import pathlib, tempfile
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

    def after_epoch(self, run: Run) -> None:
        first = len(run.history) - 1
        if self.file is None:
            self.file = self.path.open("w", encoding="utf-8", newline="")
            self.file.write(csv_line(run.history.columns))
            first = 0
        for i in range(first, len(run.history)):
            self.file.write(csv_line(run.history[i].values()))
        self.file.flush()

    def at_end(self, run: Run) -> None:
        if self.file is not None:
            self.file.close()
            self.file = None


class ClipNorm(Callback):
    """Limit the norm of the gradient in each step: `fit(clip_norm=1.0)`.

    Args:
        max_norm: the largest norm over all parameters together, greater than 0; see
            `optim.clip_grad_norm_`.

    >>> ClipNorm(0.5)
    ClipNorm(0.5)
    """

    def __init__(self, max_norm: float) -> None:
        self.max_norm = check_number("clip_norm", max_norm, above=0)

    def before_step(self, run: Run) -> None:
        clip_grad_norm_(run.optimizer.state, self.max_norm)

    def extra_repr(self) -> str:
        return f"{self.max_norm:g}"
