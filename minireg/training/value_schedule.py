"""ValueSchedule: a strength, or any other number, that changes from epoch to epoch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..checks import check_number
from ..errors import ArgumentError, ArgumentTypeError
from .run import Callback, Run


class ValueSchedule(Callback):
    """Set `target.name = schedule(epoch)` before each epoch: a penalty's strength, a dropout's p.

    All values are tried out before the training begins, so that none is refused in the middle of
    it.  At the end of the run the target has its original value again.

    Args:
        target: an object: a penalty (of a sum, the term that changes), a layer, a criterion.
        name: its attribute: "strength", "p", "label_smoothing".
        schedule: a function of the epoch; the first is 1.  A resumed run continues at the epoch
            that follows.

    >>> l2 = mr.regularizers.L2(0.0)
    >>> grow = ValueSchedule(l2, "strength", lambda epoch: 0.1 * epoch)
    >>> optimizer = optim.SGD([w := nn.Parameter(mr.tensor([2.0]))], lr=0.0)
    >>> model = nn.Module()
    >>> model.w, model.forward = w, lambda x: x * w
    >>> data = [[1.0]], [[2.0]]
    >>> history = mr.fit(model, data, epochs=3, optimizer=optimizer, criterion=mr.mse_loss,
    ...                  penalty=l2, callbacks=[grow], progress=False)
    >>> [round(value, 3) for value in history.penalty], l2.strength
    ([0.2, 0.4, 0.6], 0.0)
    """

    def __init__(self, target: Any, name: str, schedule: Callable[[int], float]) -> None:
        try:
            setattr(target, name, getattr(target, name))
        except AttributeError as error:
            raise ArgumentError(
                f"{target!r} has no attribute {name!r} that could change. In a sum of penalties, "
                f"pass the term whose strength changes, such as penalty.terms[0].",
                argument="name",
            ) from error
        if not callable(schedule):
            raise ArgumentTypeError(
                f"schedule must be a function of the epoch (1, 2, …), got {schedule!r}.",
                argument="schedule",
            )
        self.target, self.name, self.schedule = target, name, schedule
        self.values: list[float] = []
        self.original: Any = None

    def check(self, run: Run) -> None:
        self.values = [self.schedule(epoch) for epoch in range(1, run.epochs + 1)]
        for epoch, value in enumerate(self.values, start=1):
            check_number(f"schedule({epoch})", value)
        self.original = getattr(self.target, self.name)
        try:
            for value in self.values:
                setattr(self.target, self.name, value)
        finally:
            self.at_end(run)

    def on_start(self, run: Run) -> None:
        self.original = getattr(self.target, self.name)
        self.set_next(run)

    def after_epoch(self, run: Run) -> None:
        self.set_next(run)

    def resume(self, run: Run, state: Any) -> None:
        self.set_next(run)

    def set_next(self, run: Run) -> None:
        """Set the value of the epoch that follows, if there is one."""
        for value in self.values[run.epoch : run.epoch + 1]:
            setattr(self.target, self.name, value)

    def at_end(self, run: Run) -> None:
        setattr(self.target, self.name, self.original)

    def extra_repr(self) -> str:
        return f"{self.target!r}, {self.name!r}, {self.schedule!r}"
