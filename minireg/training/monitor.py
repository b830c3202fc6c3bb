"""Which column of the history tells a good epoch from a bad one, and in which direction."""

from __future__ import annotations

import math

from ..errors import ArgumentError
from .history import History

LOSSES = ("loss", "validation_loss")


class Monitor:
    """A column of the history that is watched, epoch by epoch.

    Args:
        column: its name, such as "validation_f1"; None is the validation loss, or without
            validation data the training loss.
        mode: "min" if lower values are better, "max" if higher ones are; only for a loss it goes
            without saying.
    """

    def __init__(self, column: str | None = None, mode: str | None = None) -> None:
        self.column = column
        is_loss = column is None or column in LOSSES
        self.mode = "min" if is_loss and mode is None else mode
        if self.mode not in ("min", "max"):
            raise ArgumentError(
                f"Which values of {column!r} are better? mode must be 'min' or 'max', got {mode!r}."
            )
        if is_loss and self.mode == "max":
            raise ArgumentError(
                f"A loss is better the lower it is, so mode='max' cannot watch "
                f"{column or 'the loss'!r}. Name another column: monitor='validation_accuracy'."
            )

    def check(self, history: History, has_validation: bool) -> None:
        """Say so before the training if there will be nothing to watch."""
        if self.column is None:
            return
        if self.column not in history.columns:
            raise ArgumentError(
                f"monitor={self.column!r} is no column of this run's history. Its columns are: "
                f"{', '.join(history.columns)}. Metrics are added by metrics=(...)."
            )
        if self.column.startswith("validation_") and not has_validation:
            name = self.column.replace("_", " ")
            raise ArgumentError(
                f"The {name} is to be watched, and there is no validation set. Split one off: "
                f"train, validation = train.split(0.8, seed=0)."
            )

    def value(self, history: History) -> float:
        """Its value in the last epoch; NaN if it was not measured."""
        column = history.watched if self.column is None else history.columns[self.column]
        return math.nan if column[-1] is None else column[-1]

    def cost(self, history: History) -> float:
        """The same turned so that lower is better; infinite if it was not measured."""
        value = self.value(history)
        if math.isnan(value):
            return math.inf
        return value if self.mode == "min" else -value
