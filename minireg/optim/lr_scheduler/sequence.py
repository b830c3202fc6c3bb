"""Schedules one after the other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from ...checks import check_count
from ...errors import ArgumentError, ArgumentTypeError
from ..optimizer import Optimizer
from .scheduler import LRScheduler


class SequentialLR(LRScheduler):
    """The first schedule up to the first milestone, then the second, which begins with its epoch 0.

    All have the same base rates: those of the optimizer before the first schedule was made.

    Args:
        optimizer: see `LRScheduler`.
        schedulers: schedules of this optimizer, for instance a warm-up and a `CosineAnnealingLR`.
        milestones: the epochs at which the second, third, … schedule begins, increasing.

    >>> from minireg.optim.lr_scheduler import CosineAnnealingLR, LinearLR
    >>> optimizer = optim.SGD([mr.tensor([1.0], requires_grad=True)], lr=1.0)
    >>> warm_up = LinearLR(optimizer, start_factor=0.25, total_iters=3)
    >>> schedule = SequentialLR(optimizer, [warm_up, CosineAnnealingLR(optimizer, 3)], [3])
    >>> for _ in range(6):
    ...     print(round(schedule.get_last_lr()[0], 4), end=" ")
    ...     schedule.step()
    0.25 0.5 0.75 1.0 0.75 0.25
    """

    def __init__(
        self, optimizer: Optimizer, schedulers: Sequence[LRScheduler], milestones: Sequence[int]
    ) -> None:
        if not isinstance(schedulers, Sequence) or not isinstance(milestones, Sequence):
            raise ArgumentTypeError(
                "SequentialLR takes a list of schedules and a list of milestones."
            )
        for schedule in schedulers:
            if not isinstance(schedule, LRScheduler):
                raise ArgumentTypeError(
                    f"SequentialLR takes schedules that are functions of the epoch, got a "
                    f"{type(schedule).__name__}."
                )
            if schedule.optimizer is not optimizer:
                raise ArgumentError(
                    f"All schedules of a SequentialLR must have its optimizer; "
                    f"{type(schedule).__name__} has another one."
                )
        starts = [0, *(check_count("A milestone", milestone) for milestone in milestones)]
        if len(starts) != len(schedulers) or starts != sorted(set(starts)):
            raise ArgumentError(
                f"SequentialLR takes schedules and one milestone fewer, in increasing order, got "
                f"{len(schedulers)} schedules and the milestones {list(milestones)}."
            )
        self.schedulers = list(schedulers)
        self.starts = starts
        super().__init__(optimizer)

    def write(self, epoch: int) -> None:
        i = bisect_right(self.starts, epoch) - 1
        self.schedulers[i].write(epoch - self.starts[i])
        self.schedulers[i].last_epoch = epoch - self.starts[i]

    def state_dict(self) -> dict[str, Any]:
        """The progress of the schedules: the entries of the base, and the list `"schedulers"`."""
        return {**super().state_dict(), "schedulers": [s.state_dict() for s in self.schedulers]}

    def check_state(self, state_dict: Any) -> dict[str, Any]:
        state, saved = super().check_state(state_dict), state_dict["schedulers"]
        if not isinstance(saved, (list, tuple)) or len(saved) != len(self.schedulers):
            raise ArgumentError(
                f"'schedulers' must be the list of the states of {len(self.schedulers)} schedules."
            )
        inner = [s.check_state(each) for s, each in zip(self.schedulers, saved)]
        return {**state, "schedulers": inner}

    def take(self, state: dict[str, Any]) -> None:
        super().take(state)
        for schedule, each in zip(self.schedulers, state["schedulers"]):
            schedule.take(each)
