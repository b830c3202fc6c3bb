"""History: what a training run reported after each epoch."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from numbers import Real
from typing import TYPE_CHECKING, Any

from .. import plots
from ..errors import ArgumentError, ArgumentTypeError
from ..files import as_path, write_file

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def column_names(metrics: Iterable[str]) -> tuple[str, ...]:
    """The columns of a history with these metrics, in their order."""
    return (
        "epoch", "loss", "penalty", "learning_rate", *(f"train_{name}" for name in metrics),
        "validation_loss", *(f"validation_{name}" for name in metrics), "seconds",
    )  # fmt: skip


class History:
    """One list for each quantity, with one entry for each finished epoch.

    Each column is an attribute, too: `history.validation_f1`.

    Args:
        metrics: the names of the metrics; each has a column `train_…` and one `validation_…`.

    Attributes:
        epoch: 1, 2, 3, …
        loss: the data loss, the mean over the epoch's training batches as they were trained
            (augmented, with dropout, with class weights).
        penalty: the value of the penalty, the mean over the epoch's steps; 0 without one.
        learning_rate: that of the optimizer's first group at the beginning of the epoch; None for
            an optimizer without one.
        train_accuracy: in evaluation mode, on the original training examples; None for
            regression, and with measure_train=False.
        validation_loss, validation_accuracy: likewise, without the penalty; None without
            validation data.
        seconds: how long the epoch took, its evaluation included.
        best_epoch: the epoch with the lowest validation loss (without validation: training loss).
        stopped_early: early stopping, or another callback, ended the run.
        interrupted: Ctrl-C ended the run.

    >>> history = History()
    >>> history.add(epoch=1, loss=2.0, penalty=0.0, learning_rate=0.1, train_accuracy=0.25,
    ...             validation_loss=None, validation_accuracy=None, seconds=0.1)
    >>> len(history), history["loss"], history[0]["train_accuracy"], history.best_epoch
    (1, [2.0], 0.25, 1)
    >>> print(history)
    1 epoch: loss 2.0000, train accuracy 25.0 %
    """

    def __init__(self, metrics: Iterable[str] = ("accuracy",)) -> None:
        self.metrics = tuple(metrics)
        self.columns: dict[str, list[Any]] = {name: [] for name in column_names(self.metrics)}
        self.stopped_early = False
        self.interrupted = False

    def add(self, **row: Any) -> None:
        """Append one epoch: a number for each column, or None."""
        if row.keys() != self.columns.keys():
            raise ArgumentError(
                f"A row of this history has {', '.join(self.columns)}; got {', '.join(row)}."
            )
        for name, value in row.items():
            if value is not None and (isinstance(value, bool) or not isinstance(value, Real)):
                raise ArgumentTypeError(
                    f"{name} must be a number or None, got {value!r}.", argument=name
                )
        for name, column in self.columns.items():
            column.append(row[name])

    def __getattr__(self, name: str) -> list[Any]:  # only called for names that do not exist
        columns = vars(self).get("columns", {})  # not there yet while a copy is being made
        if name not in columns:
            raise AttributeError(
                f"A history has no attribute {name!r}. Its columns are: {', '.join(columns)}.",
                name=name, obj=self,
            )  # fmt: skip
        return columns[name]

    @property
    def watched(self) -> list[float]:
        """The column that `best_epoch` uses: the validation loss if there is one, else the loss."""
        known = [value for value in self.validation_loss if value is not None]
        return known if known else self.loss

    @property
    def best_epoch(self) -> int | None:
        """The best epoch, counting from 1; the first of equals; None before the first epoch."""
        return 1 + self.watched.index(min(self.watched)) if self.watched else None

    def __len__(self) -> int:
        return len(self.epoch)

    def __getitem__(self, key: int | str) -> Any:
        """`history["loss"]` is a column, `history[-1]` the last row as a dictionary."""
        if isinstance(key, str):
            if key not in self.columns:
                raise ArgumentError(
                    f"A history has no column {key!r}. It has: {', '.join(self.columns)}."
                )
            return self.columns[key]
        return {name: column[key] for name, column in self.columns.items()}

    def as_dict(self) -> dict[str, Any]:
        """Return everything as lists and plain values, which JSON can store (without NaN)."""
        columns = {name: list(column) for name, column in self.columns.items()}
        ends = ("best_epoch", "stopped_early", "interrupted")
        return columns | {name: getattr(self, name) for name in ends}

    def to_csv(self, path: Any) -> None:
        """Write the columns into a CSV file, completely or not at all.

        A value that was not measured is an empty cell; reading gives exactly the same numbers.

        Raises:
            ArgumentError: the file cannot be written; the message says why.
        """
        rows = [self.columns.keys(), *zip(*self.columns.values())]
        write_file(as_path(path), "".join(map(csv_line, rows)).encode())

    def plot(self, path: Any = None) -> Figure:
        """Draw the loss and each metric by epoch, for training and validation examples.

        Args:
            path: a file to save the figure in (.png, .svg, .pdf).

        Returns:
            The matplotlib Figure; no window opens.

        Raises:
            ArgumentError: no epoch was finished, or the file cannot be written.
        """
        panels = {"loss": {"training": self.loss, "validation": self.validation_loss}}
        for name in self.metrics:
            panels[name] = {
                "training": self.columns[f"train_{name}"],
                "validation": self.columns[f"validation_{name}"],
            }
        if len(set(self.learning_rate)) > 1:
            panels["learning rate"] = {"learning rate": self.learning_rate}
        figure = plots.training_curves(panels, self.best_epoch)
        if path is not None:
            plots.save_figure(figure, path)
        return figure

    def __str__(self) -> str:
        end = ", stopped early" if self.stopped_early else ", interrupted" * self.interrupted
        if not len(self):
            return f"no epoch finished{end}"
        return f"{len(self)} epoch{'s' * (len(self) != 1)}{end}: {describe_row(self[-1])}"

    def __repr__(self) -> str:
        return f"<History: {self}>"


def describe_row(row: dict[str, Any]) -> str:
    """Describe the results of one epoch in words; leave out what was not measured."""
    parts = [f"loss {row['loss']:.4f}"]
    if row["penalty"]:
        parts.append(f"penalty {row['penalty']:.4f}")
    for name, value in row.items():
        if value is None or not name.startswith(("train_", "validation_")):
            continue
        figure = f"{100 * value:.1f} %" if name.endswith("_accuracy") else f"{value:.4f}"
        parts.append(f"{name.replace('_', ' ')} {figure}")
    return ", ".join(parts)


def csv_line(cells: Iterable[Any]) -> str:
    """Return one line of a CSV file; None is an empty cell."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(cells)
    return buffer.getvalue()
