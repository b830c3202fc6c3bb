"""Early stopping: keep the weights of the epoch that generalised best."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..checks import check_count, check_number
from ..errors import ArgumentTypeError
from .monitor import Monitor
from .run import Callback, Run

REMEMBERED = ("lowest_loss", "best_weights", "reference", "waited")


class EarlyStopping(Callback):
    """Stop when the validation loss (or another column) has not improved for `patience` epochs.

    For gradient descent on a quadratic loss, stopping after t steps of length η shrinks the weights
    about as an L2 penalty with λ = 1/(ηt) does: it is a regularizer that saves time.

    Args:
        patience: how many epochs without an improvement are allowed.
        min_delta: how much lower the loss must be to count as an improvement.
        restore_best: put the weights of the epoch with the lowest validation loss back at the end
            (the lowest, even if it was lower by less than `min_delta`).
        monitor: the column of the history to watch.
        mode: "min" or "max", which of its values are better; needed unless it is a loss.

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
        self.restore_best = restore_best
        self.monitor = Monitor(monitor, mode)
        self.reset()

    def reset(self) -> None:
        """Forget an earlier run."""
        self.lowest_loss = float("inf")
        self.best_weights: dict[str, Any] | None = None  # those of the lowest loss
        self.reference = float("inf")  # the loss of the last improvement
        self.waited = 0  # the epochs since then

    def should_stop(self, loss: float, weights: Callable[[], dict[str, Any]] | None = None) -> bool:
        """Take note of an epoch's validation loss; True once patience has run out.

        Args:
            loss: the validation loss, or minus what is better the higher it is.
            weights: a function that returns a copy of the weights; called for a best epoch only.
        """
        if loss < self.lowest_loss:
            self.lowest_loss = loss
            if self.restore_best and weights is not None:
                self.best_weights = weights()
        if loss < self.reference - self.min_delta:
            self.reference, self.waited = loss, 0
            return False
        self.waited += 1
        return self.waited >= self.patience

    def check(self, run: Run) -> None:
        self.monitor.check(run)

    def on_start(self, run: Run) -> None:
        self.reset()

    def after_epoch(self, run: Run) -> None:
        with run.evaluated():
            if self.should_stop(self.monitor.cost(run.history), run.model.state_dict):
                run.stop()

    def state(self) -> Any:
        return {name: getattr(self, name) for name in REMEMBERED}

    def resume(self, run: Run, state: Any) -> None:
        for name in REMEMBERED:
            setattr(self, name, state[name])

    def at_end(self, run: Run) -> None:
        self.restore(run.model)

    def restore(self, model: Any) -> None:
        """Put the best weights back, if there are any."""
        if self.best_weights is not None:
            model.load_state_dict(self.best_weights)

    def extra_repr(self) -> str:
        return (
            f"patience={self.patience}, min_delta={self.min_delta:g}, "
            f"restore_best={self.restore_best}, {self.monitor!r}"
        )


def as_early_stopping(value: Any) -> EarlyStopping:
    """An `EarlyStopping` from what `fit` takes: a patience, or one of them."""
    if isinstance(value, EarlyStopping):
        return value
    if hasattr(value, "__index__") and not isinstance(value, bool):
        return EarlyStopping(patience=value)
    raise ArgumentTypeError(
        f"early_stopping must be a number of epochs (the patience) or an EarlyStopping, got "
        f"{value!r}.",
        argument="early_stopping",
    )
