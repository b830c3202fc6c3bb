"""BestModel: keep the weights of the best epoch."""

from __future__ import annotations

import math
from typing import Any

from ..files import as_path, check_writable
from ..serialization import save
from .history import History
from .monitor import Monitor
from .run import Callback, Run


class BestModel(Callback):
    """Keep the weights of the best epoch, by default that with the lowest validation loss.

    However the training ends, the best weights are put back into the model.

    Args:
        path: a file for the best weights, too, which is complete at any time (safetensors, with
            the names of `model.state_dict()`).
        restore: put the best weights back at the end.
        monitor: the column of the history to watch; None is the validation loss, or without
            validation data the training loss.
        mode: "min" or "max", depending on which values are better; needed unless it is a loss.

    Attributes:
        epoch: the best epoch so far, counting from 1; None before the first.
        value: the watched value of that epoch.
        weights: the `state_dict()` of that epoch.

    >>> data, best = ([[-1.0], [1.0]], [0, 1]), BestModel()
    >>> history = mr.fit(mr.nn.Linear(1, 2), data, data, callbacks=[best], progress=False)
    >>> best.epoch == history.best_epoch
    True
    """

    def __init__(
        self,
        path: Any = None,
        *,
        restore: bool = True,
        monitor: str | None = None,
        mode: str | None = None,
    ) -> None:
        self.path = None if path is None else as_path(path)
        self.restore = restore
        self.monitor = Monitor(monitor, mode)
        self.reset()

    def reset(self) -> None:
        """Forget an earlier run."""
        self.epoch: int | None = None
        self.value: float | None = None
        self.lowest_cost = math.inf
        self.weights: dict[str, Any] | None = None

    def check(self, run: Run) -> None:
        self.monitor.check(run)
        if self.path is not None:
            check_writable(self.path)

    def on_start(self, run: Run) -> None:
        self.reset()

    def judge(self, history: History) -> bool:
        """Record the last epoch of the history; return whether it is the best so far."""
        cost = self.monitor.cost(history)
        if cost >= self.lowest_cost:
            return False
        self.lowest_cost, self.value = cost, self.monitor.value(history)
        return True

    def after_epoch(self, run: Run) -> None:
        if self.judge(run.history):
            with run.evaluated():
                self.epoch, self.weights = run.epoch, run.model.state_dict()
            if self.path is not None:
                save(self.weights, self.path)

    def at_end(self, run: Run) -> None:
        if self.restore and self.weights is not None:
            run.model.load_state_dict(self.weights)

    def state(self) -> Any:
        return self.weights  # everything else follows from the history

    def resume(self, run: Run, state: Any) -> None:
        self.reset()
        past = History(run.history.metrics)
        for i in range(len(run.history)):
            past.add(**run.history[i])
            if self.judge(past):
                self.epoch = past.epoch[-1]
        if self.epoch is not None:
            own = run.model.state_dict()
            run.model.load_state_dict(state)  # checks it, and moves it to the model's backend
            self.weights = run.model.state_dict()
            run.model.load_state_dict(own)

    def extra_repr(self) -> str:
        return f"restore={self.restore}, {self.monitor!r}"
