"""History: what a training run reported after each epoch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..errors import ArgumentError

COLUMNS = (
    "epoch",
    "loss",
    "penalty",
    "train_accuracy",
    "validation_loss",
    "validation_accuracy",
    "seconds",
)


@dataclass(repr=False)
class History:
    """One list for each quantity, with one entry for each finished epoch.

    Attributes:
        epoch: 1, 2, 3, …
        loss: the data loss, the mean over the epoch's training batches as they were trained
            (augmented, with dropout).
        penalty: the value of the penalty, the mean over the epoch's steps; 0 without one.
        train_accuracy: in evaluation mode, on the original training examples; None for
            regression.
        validation_loss, validation_accuracy: likewise, without the penalty; None without
            validation data.
        seconds: how long the epoch took, its evaluation included.
        best_epoch: the epoch with the lowest validation loss (without validation: training loss).
        stopped_early: early stopping ended the run.
        interrupted: Ctrl-C ended the run.

    >>> history = History()
    >>> history.add(epoch=1, loss=2.0, penalty=0.0, train_accuracy=0.25, validation_loss=None,
    ...             validation_accuracy=None, seconds=0.1)
    >>> len(history), history["loss"], history[0]["train_accuracy"], history.best_epoch
    (1, [2.0], 0.25, 1)
    >>> print(history)
    1 epoch: loss 2.0000, train accuracy 25.0 %
    """

    epoch: list[int] = field(default_factory=list)
    loss: list[float] = field(default_factory=list)
    penalty: list[float] = field(default_factory=list)
    train_accuracy: list[float | None] = field(default_factory=list)
    validation_loss: list[float | None] = field(default_factory=list)
    validation_accuracy: list[float | None] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    stopped_early: bool = False
    interrupted: bool = False

    def add(self, **row: Any) -> None:
        """Append one epoch: a value for each column."""
        for name in COLUMNS:
            getattr(self, name).append(row[name])

    @property
    def watched(self) -> list[float]:
        """The column that `best_epoch` looks at: the validation loss where there is one."""
        known = [value for value in self.validation_loss if value is not None]
        return known if known else self.loss

    @property
    def best_epoch(self) -> int | None:
        """Counting from 1; the first of equals; None before the first epoch."""
        return 1 + self.watched.index(min(self.watched)) if self.watched else None

    def __len__(self) -> int:
        return len(self.epoch)

    def __getitem__(self, key: int | str) -> Any:
        """`history["loss"]` is a column, `history[-1]` the last row as a dictionary."""
        if isinstance(key, str):
            if key not in COLUMNS:
                raise ArgumentError(
                    f"A history has no column {key!r}. It has: {', '.join(COLUMNS)}."
                )
            return getattr(self, key)
        return {name: getattr(self, name)[key] for name in COLUMNS}

    def as_dict(self) -> dict[str, Any]:
        """Everything as lists and plain values: JSON can hold it (there are no NaN in it)."""
        columns = {name: list(getattr(self, name)) for name in COLUMNS}
        ends = {
            "best_epoch": self.best_epoch,
            "stopped_early": self.stopped_early,
            "interrupted": self.interrupted,
        }
        return columns | ends

    def __str__(self) -> str:
        end = ", stopped early" if self.stopped_early else ", interrupted" * self.interrupted
        if not len(self):
            return f"no epoch finished{end}"
        return f"{len(self)} epoch{'s' * (len(self) != 1)}{end}: {described(self[-1])}"

    def __repr__(self) -> str:
        return f"<History: {self}>"


def described(row: dict[str, Any]) -> str:
    """The figures of one epoch in words; what was not measured is left out."""
    parts = [f"loss {row['loss']:.4f}"]
    if row["penalty"]:
        parts.append(f"penalty {row['penalty']:.4f}")
    if row["train_accuracy"] is not None:
        parts.append(f"train accuracy {row['train_accuracy']:.1%}".replace("%", " %"))
    if row["validation_loss"] is not None:
        parts.append(f"validation loss {row['validation_loss']:.4f}")
    if row["validation_accuracy"] is not None:
        parts.append(f"validation accuracy {row['validation_accuracy']:.1%}".replace("%", " %"))
    return ", ".join(parts)
