"""Early stopping: end the training when generalisation no longer improves."""

from __future__ import annotations

import math
from typing import Any

from ..checks import check_count, check_number
from ..errors import ArgumentTypeError
from .best_model import BestModel
from .history import History
from .run import Run


class EarlyStopping(BestModel):
    """Stop when the validation loss (or another column) has not improved for `patience` epochs.

    For gradient descent on a quadratic loss, stopping after t steps of length η shrinks the weights
    about as much as an L2 penalty with λ = 1/(ηt): early stopping is a regularizer that saves time.

    Args:
        patience: how many epochs without an improvement are allowed.
        min_delta: how much lower the loss must be to count as an improvement.
        restore_best: at the end restore the weights of the epoch with the lowest validation loss
            (even if it was lower by less than `min_delta`).
        monitor: the column of the history to watch.
        mode: "min" or "max", depending on which values are better; needed unless it is a loss.

    Prechelt (1998), "Early stopping: but when?", Neural Networks: Tricks of the Trade.

    >>> stopping = EarlyStopping(patience=2)
    >>> [stopping.should_stop(loss) for loss in (1.0, 0.5, 0.6, 0.7)]
    [False, False, False, True]
    """

    def __init__(
        self,
        patience: int = 5,
        *,
        min_delta: float = 0.0,
        restore_best: bool = True,
        monitor: str = "validation_loss",
        mode: str | None = None,
    ) -> None:
        self.patience = check_count("patience", patience)
        self.min_delta = check_number("min_delta", min_delta, minimum=0)
        super().__init__(restore=restore_best, monitor=monitor, mode=mode)

    def reset(self) -> None:
        super().reset()
        self.reference = math.inf  # the loss of the last improvement
        self.waited = 0  # the epochs since then

    def should_stop(self, loss: float) -> bool:
        """Record an epoch's loss (or a score with a minus sign); return True to stop."""
        if loss < self.reference - self.min_delta:
            self.reference, self.waited = loss, 0
            return False
        self.waited += 1
        return self.waited >= self.patience

    def judge(self, history: History) -> bool:
        self.should_stop(self.monitor.cost(history))
        return super().judge(history)

    def after_epoch(self, run: Run) -> None:
        super().after_epoch(run)
        if self.waited >= self.patience:
            run.stop()

    def extra_repr(self) -> str:
        return (
            f"patience={self.patience}, min_delta={self.min_delta:g}, "
            f"restore_best={self.restore}, {self.monitor!r}"
        )


def as_early_stopping(value: Any) -> EarlyStopping:
    """Return an `EarlyStopping` from the argument of `fit`: a patience or an `EarlyStopping`."""
    if isinstance(value, EarlyStopping):
        return value
    if hasattr(value, "__index__") and not isinstance(value, bool):
        return EarlyStopping(patience=value)
    raise ArgumentTypeError(
        f"early_stopping must be a number of epochs (the patience) or an EarlyStopping, got "
        f"{value!r}.",
        argument="early_stopping",
    )
