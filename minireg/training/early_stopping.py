"""Early stopping: keep the weights of the epoch that generalised best."""

from __future__ import annotations

from typing import Any

from ..errors import ArgumentTypeError, check_count, check_number


class EarlyStopping:
    """Stop when the validation loss has not improved for `patience` epochs.

    For gradient descent on a quadratic loss, stopping after t steps of length η shrinks the weights
    about as an L2 penalty with λ = 1/(ηt) does: it is a regularizer, and costs less than nothing.

    Args:
        patience: how many epochs without a better validation loss are allowed.
        min_delta: how much lower the loss must be to count as better.
        restore_best: put the weights of the best epoch back at the end.

    Prechelt (1998), "Early stopping: but when?", Neural Networks: Tricks of the Trade.

    >>> stopping = EarlyStopping(patience=2)
    >>> [stopping.should_stop(loss, weights=None) for loss in (1.0, 0.5, 0.6, 0.7)]
    [False, False, False, True]
    """

    def __init__(
        self, patience: int = 5, min_delta: float = 0.0, restore_best: bool = True
    ) -> None:
        self.patience = check_count("patience", patience)
        self.min_delta = check_number("min_delta", min_delta, minimum=0)
        self.restore_best = restore_best
        self.reset()

    def reset(self) -> None:
        """Forget an earlier run."""
        self.best_loss = float("inf")
        self.best_weights: Any = None
        self.waited = 0

    def should_stop(self, loss: float, weights: Any) -> bool:
        """Take note of an epoch's validation loss; True once patience has run out.

        Args:
            loss: the validation loss.
            weights: a function that returns a copy of the weights; called for a best epoch only.
        """
        if loss < self.best_loss - self.min_delta:
            self.best_loss, self.waited = loss, 0
            if self.restore_best and weights is not None:
                self.best_weights = weights()
            return False
        self.waited += 1
        return self.waited >= self.patience


def as_early_stopping(value: Any) -> EarlyStopping | None:
    """An `EarlyStopping` from what `fit` takes: None, a patience, or one of them."""
    if value is None or isinstance(value, EarlyStopping):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return EarlyStopping(patience=value)
    raise ArgumentTypeError(
        f"early_stopping must be a number of epochs (the patience) or an EarlyStopping, got "
        f"{value!r}."
    )
