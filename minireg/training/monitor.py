"""Monitor: which column of the history decides which epoch is best, and in which direction."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..checks import check_choice
from ..errors import ArgumentError
from .history import History

if TYPE_CHECKING:
    from .run import Run

LOSSES = (None, "loss", "validation_loss")


class Monitor:
    """A column of the history that is watched in every epoch.

    Args:
        column: its name, such as "validation_f1"; None is the validation loss, or without
            validation data the training loss.
        mode: "min" if lower values are better, "max" if higher ones are; needed unless the column
            is a loss.
    """

    def __init__(self, column: str | None = None, mode: str | None = None) -> None:
        self.column = column
        is_loss = column in LOSSES
        self.mode = "min" if is_loss and mode is None else mode
        check_choice("mode", self.mode, ("min", "max"))
        if is_loss and self.mode == "max":
            raise ArgumentError(
                f"A lower loss is better, so mode='max' cannot watch "
                f"{column or 'the loss'!r}. Name another column: monitor='validation_accuracy'.",
                argument="mode",
            )

    def check(self, run: Run) -> None:
        """Refuse, before the training, a column that will not be measured."""
        column, columns = self.column, run.history.columns
        if column is None:
            return
        if column not in columns:
            raise ArgumentError(
                f"monitor={column!r} is not a column of this run's history. Its columns are: "
                f"{', '.join(columns)}. Metrics are added by metrics=(...).",
                argument="monitor",
            )
        if column.startswith("validation_") and run.validation is None:
            raise ArgumentError(
                f"monitor={column!r} needs validation examples, and there is no validation set. "
                f"Split one off: train, validation = train.split(0.8).",
                argument="validation",
            )
        if column.startswith("train_") and not run.measures_train:
            raise ArgumentError(
                f"monitor={column!r} does not work with measure_train=False. Leave that out.",
                argument="measure_train",
            )

    def value(self, history: History) -> float:
        """Return its value in the last epoch; NaN if it was not measured."""
        column = history.watched if self.column is None else history.columns[self.column]
        return math.nan if column[-1] is None else column[-1]

    def cost(self, history: History) -> float:
        """Return the value, negated if higher is better; infinite if it was not measured."""
        value = self.value(history)
        if math.isnan(value):
            return math.inf
        return value if self.mode == "min" else -value

    def __repr__(self) -> str:
        return f"monitor={self.column!r}, mode={self.mode!r}"
