"""The base of all schedules: the learning rate as a function of the epoch, and its progress."""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import Any

from ...checks import check_count, check_number
from ...errors import ArgumentError, ArgumentTypeError
from ..optimizer import Optimizer


class LRScheduler:
    """The base of the schedules.  A subclass defines `rate(base, epoch)`.

    When it is made, it sets the learning rate of every group for epoch 0.  Each `step()` sets the
    rates of the next epoch.  Call it after `optimizer.step()`, once per epoch or once per batch: an
    "epoch" is the time between two calls.

    The rate is computed from the epoch and the base rate alone, so rounding errors do not add up;
    the results are PyTorch's to rounding.  Some schedules of PyTorch multiply the current rate, so
    they keep what others (a second schedule, the training loop) wrote to `group["lr"]`; here the
    schedule overwrites it.  For two schedules one after the other use `SequentialLR`.

    Args:
        optimizer: the optimizer whose groups are scheduled.  Their learning rates at the time of
            the first schedule are the base rates, which are kept in `group["initial_lr"]`.

    Attributes:
        last_epoch: how often `step()` was called.
        base_lrs: the base rate of each group.

    A schedule of your own:

    >>> class Harmonic(LRScheduler):
    ...     def rate(self, base, epoch):
    ...         return base / (1 + epoch)
    >>> optimizer = optim.SGD([mr.tensor([1.0], requires_grad=True)], lr=1.0)
    >>> schedule = Harmonic(optimizer)
    >>> schedule.step()
    >>> optimizer.param_groups[0]["lr"]
    0.5
    """

    def __init__(self, optimizer: Optimizer) -> None:
        self.optimizer = check_optimizer(optimizer, type(self).__name__)
        for group in optimizer.param_groups:
            group.setdefault("initial_lr", float(group["lr"]))
        self.base_lrs = [float(group["initial_lr"]) for group in optimizer.param_groups]
        self.last_epoch = 0
        self.write(0)

    def rate(self, base: float, epoch: int) -> float:
        """The learning rate, after `epoch` steps, of a group whose base rate is `base`."""
        raise NotImplementedError(f"{type(self).__name__} must define rate(base, epoch).")

    def rates(self, epoch: int) -> list[float]:
        """The learning rate of each group after `epoch` steps."""
        return [self.rate(base, epoch) for base in self.base_lrs]

    def write(self, epoch: int) -> None:
        """Set the learning rates of the groups to those of this epoch."""
        check_groups(self, len(self.base_lrs))
        for group, lr in zip(self.optimizer.param_groups, self.rates(epoch)):
            group["lr"] = lr

    def step(self) -> None:
        """Go to the next epoch."""
        self.write(self.last_epoch + 1)
        self.last_epoch += 1

    def get_last_lr(self) -> list[float]:
        """The learning rate of each group now."""
        return read_rates(self.optimizer)

    def state_dict(self) -> dict[str, Any]:
        """The progress of the schedule: `{"last_epoch": …, "base_lrs": […]}`."""
        return {"last_epoch": self.last_epoch, "base_lrs": list(self.base_lrs)}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Continue from `state_dict()`: the next `step()` gives what it would have given there.

        The settings (`gamma`, `T_max`, …) are those of this schedule; the learning rates of the
        epoch are written at once.

        Raises:
            ArgumentError: a name is missing or unknown, or the number of groups differs; nothing
                was changed.
            ArgumentTypeError: not a dictionary of numbers; nothing was changed.
        """
        state, before = self.check_state(state_dict), self.state_dict()
        self.take(state)
        try:
            self.write(self.last_epoch)
        except BaseException:
            self.take(before)
            raise

    def check_state(self, state_dict: Any) -> dict[str, Any]:
        """Return a state with the names and numbers that `take` needs."""
        check_names(state_dict, self.state_dict().keys(), type(self).__name__)
        epoch = check_count("last_epoch", state_dict["last_epoch"], minimum=0)
        bases = check_per_group(
            "base_lrs", state_dict["base_lrs"], self.optimizer, check_number, minimum=0
        )
        return {"last_epoch": epoch, "base_lrs": bases}

    def take(self, state: dict[str, Any]) -> None:
        """Set the progress to that of this state."""
        self.last_epoch, self.base_lrs = state["last_epoch"], state["base_lrs"]

    def __repr__(self) -> str:
        return show_settings(self, ("optimizer", "base_lrs", "last_epoch"))


# -- checks of arguments ---------------------------------------------------------------------------


def check_optimizer(optimizer: Any, name: str) -> Optimizer:
    """Return the optimizer of the schedule called `name`."""
    if not isinstance(optimizer, Optimizer):
        raise ArgumentTypeError(
            f"{name} takes an optimizer (optim.SGD(…)), got a {type(optimizer).__name__}.",
            argument="optimizer",
        )
    return optimizer


def check_groups(schedule: Any, count: int) -> None:
    """Raise an error if the optimizer has more or fewer groups than when the schedule was made."""
    groups = len(schedule.optimizer.param_groups)
    if groups != count:
        raise ArgumentError(
            f"The optimizer has {groups} groups of parameters and had {count} when "
            f"{type(schedule).__name__} was made. Make schedules after the last add_param_group."
        )


def show_settings(schedule: Any, hidden: tuple[str, ...]) -> str:
    """`StepLR(step_size=2, gamma=0.1)`: all attributes but the hidden ones."""
    shown = (f"{k}={v!r}" for k, v in vars(schedule).items() if k not in hidden)
    return f"{type(schedule).__name__}({', '.join(shown)})"


def read_rates(optimizer: Optimizer) -> list[float]:
    """The learning rate of each group."""
    return [float(group["lr"]) for group in optimizer.param_groups]


def check_per_group(
    name: str, value: Any, optimizer: Optimizer, check: Callable, **limits: Any
) -> list[Any]:
    """Return one checked value for each group, given as a list or as one value for all."""
    groups = len(optimizer.param_groups)
    values = list(value) if isinstance(value, (list, tuple)) else [value] * groups
    if len(values) != groups:
        raise ArgumentError(
            f"{name} has {len(values)} entries, but the optimizer has {groups} groups of "
            f"parameters.",
            argument=name,
        )
    return [check(name, each, **limits) for each in values]


def check_names(state_dict: Any, names: Set[str], kind: str) -> None:
    """Raise an error if a state has missing or unknown names."""
    if not isinstance(state_dict, dict):
        raise ArgumentTypeError("load_state_dict takes the dictionary that state_dict() gave.")
    if state_dict.keys() != names:
        raise ArgumentError(
            f"The state does not fit {kind}. Missing: "
            f"{sorted(names - state_dict.keys()) or 'nothing'}; unknown: "
            f"{sorted(state_dict.keys() - names) or 'nothing'}."
        )
