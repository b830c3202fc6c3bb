"""A learning rate that falls when a measured value no longer improves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ...checks import check_choice, check_count, check_number
from ...errors import ArgumentError, ArgumentTypeError
from ..optimizer import Optimizer
from .scheduler import (
    check_groups,
    check_names,
    check_optimizer,
    check_per_group,
    read_rates,
    show_settings,
)


class ReduceLROnPlateau:
    """lr ← max(factor · lr, min_lr) after more than `patience` epochs without improvement.

    A value is an improvement if it beats the best so far by the threshold: for `mode="min"`, if it
    is below best · (1 − threshold) ("rel") or below best − threshold ("abs").  NaN is never one.

    Args:
        optimizer: the optimizer whose groups are scheduled.
        mode: "min" for a loss, "max" for an accuracy.
        factor: what the rate is multiplied by, at least 0 and below 1.
        patience: the number of epochs without improvement that are tolerated, at least 0.
        threshold: at least 0, and below 1 if it is relative.
        threshold_mode: "rel" or "abs".
        cooldown: how many epochs after a reduction are not counted, at least 0.
        min_lr: the smallest rate, at least 0; or a list, one for each group.
        eps: a reduction by no more than this is not made, at least 0.

    >>> optimizer = optim.SGD([mr.tensor([1.0], requires_grad=True)], lr=1.0)
    >>> schedule = ReduceLROnPlateau(optimizer, factor=0.5, patience=1)
    >>> for loss in (3.0, 2.0, 2.0, 2.0):
    ...     schedule.step(loss)
    >>> schedule.get_last_lr()
    [0.5]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        mode: str = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: str = "rel",
        cooldown: int = 0,
        min_lr: float | Sequence[float] = 0.0,
        eps: float = 1e-8,
    ) -> None:
        self.optimizer = check_optimizer(optimizer, "ReduceLROnPlateau")
        self.mode = check_choice("mode", mode, ("min", "max"))
        self.threshold_mode = check_choice("threshold_mode", threshold_mode, ("rel", "abs"))
        self.factor = check_number("factor", factor, minimum=0)
        if self.factor >= 1:
            raise ArgumentError(f"factor must be below 1, got {self.factor:g}.", argument="factor")
        self.patience = check_count("patience", patience, minimum=0)
        self.threshold = check_number("threshold", threshold, minimum=0)
        if threshold_mode == "rel" and self.threshold >= 1:
            raise ArgumentError(
                f"A relative threshold must be below 1, got {self.threshold:g}.",
                argument="threshold",
            )
        self.cooldown = check_count("cooldown", cooldown, minimum=0)
        self.min_lrs = check_per_group("min_lr", min_lr, optimizer, check_number, minimum=0)
        self.eps = check_number("eps", eps, minimum=0)
        self.best = math.inf if mode == "min" else -math.inf
        self.last_epoch = self.num_bad_epochs = self.cooldown_counter = 0

    def step(self, metrics: Any) -> None:
        """Record the value of an epoch (a number, or a Tensor, which is read from its device)."""
        if isinstance(metrics, (bool, str)) or not hasattr(metrics, "__float__"):
            raise ArgumentTypeError(
                f"step takes the value of the epoch, such as its validation loss, got {metrics!r}."
            )
        check_groups(self, len(self.min_lrs))
        value = float(metrics)
        self.last_epoch += 1
        if self.improves(value):
            self.best, self.num_bad_epochs = value, 0
        else:
            self.num_bad_epochs += 1
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            self.reduce()
            self.cooldown_counter, self.num_bad_epochs = self.cooldown, 0

    def improves(self, value: float) -> bool:
        """Whether the value beats the best by the threshold."""
        sign = 1 if self.mode == "min" else -1
        if self.threshold_mode == "rel":
            return sign * value < sign * self.best * (1 - sign * self.threshold)
        return sign * value < sign * self.best - self.threshold

    def reduce(self) -> None:
        """Lower the learning rate of every group."""
        for group, minimum in zip(self.optimizer.param_groups, self.min_lrs):
            lr = max(group["lr"] * self.factor, minimum)
            if group["lr"] - lr > self.eps:
                group["lr"] = lr

    def get_last_lr(self) -> list[float]:
        """The learning rate of each group now."""
        return read_rates(self.optimizer)

    def state_dict(self) -> dict[str, Any]:
        """The progress of the schedule; the learning rates are in the optimizer's own state."""
        return {name: getattr(self, name) for name in REMEMBERED}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Continue from `state_dict()`; load the optimizer's state too, which has the rates.

        Raises:
            ArgumentError: a name is missing or unknown; nothing was changed.
            ArgumentTypeError: not a dictionary of numbers; nothing was changed.
        """
        check_names(state_dict, {*REMEMBERED}, type(self).__name__)
        best = state_dict["best"]
        if isinstance(best, (bool, str)) or not hasattr(best, "__float__"):
            raise ArgumentTypeError(f"best must be a number, got {best!r}.")
        counts = {
            name: check_count(name, state_dict[name], minimum=0)
            for name in REMEMBERED
            if name != "best"
        }
        for name, value in {"best": float(best), **counts}.items():
            setattr(self, name, value)

    def __repr__(self) -> str:
        return show_settings(self, ("optimizer", *REMEMBERED))


REMEMBERED = ("best", "num_bad_epochs", "cooldown_counter", "last_epoch")
