"""Schedules that lower the learning rate by a formula."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from ...checks import check_count, check_number
from ...errors import ArgumentTypeError
from ..optimizer import Optimizer
from .scheduler import LRScheduler, check_optimizer, check_per_group


class StepLR(LRScheduler):
    """lrₜ = lr₀ γ^⌊t / step_size⌋.

    Args:
        optimizer: see `LRScheduler`.
        step_size: after how many epochs the rate is multiplied by γ, at least 1.
        gamma: γ, at least 0.

    >>> optimizer = optim.SGD([mr.tensor([1.0], requires_grad=True)], lr=1.0)
    >>> schedule = StepLR(optimizer, step_size=2)
    >>> [round(schedule.rate(1.0, t), 4) for t in range(4)]
    [1.0, 1.0, 0.1, 0.1]
    """

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1) -> None:
        self.step_size = check_count("step_size", step_size)
        self.gamma = check_number("gamma", gamma, minimum=0)
        super().__init__(optimizer)

    def rate(self, base: float, epoch: int) -> float:
        return base * self.gamma ** (epoch // self.step_size)


class MultiStepLR(LRScheduler):
    """lrₜ = lr₀ γⁿ, where n milestones are at or before t.

    Args:
        optimizer: see `LRScheduler`.
        milestones: epochs, in any order; one that occurs twice counts twice.
        gamma: γ, at least 0.

    >>> optimizer = optim.SGD([mr.tensor([1.0], requires_grad=True)], lr=1.0)
    >>> schedule = MultiStepLR(optimizer, milestones=[1, 3])
    >>> [round(schedule.rate(1.0, t), 4) for t in range(4)]
    [1.0, 0.1, 0.1, 0.01]
    """

    def __init__(self, optimizer: Optimizer, milestones: Sequence[int], gamma: float = 0.1) -> None:
        if not isinstance(milestones, Sequence) or isinstance(milestones, str):
            raise ArgumentTypeError(
                f"milestones must be a list of epochs such as [30, 80], got {milestones!r}.",
                argument="milestones",
            )
        self.milestones = [check_count("A milestone", m, minimum=0) for m in milestones]
        self.gamma = check_number("gamma", gamma, minimum=0)
        super().__init__(optimizer)

    def rate(self, base: float, epoch: int) -> float:
        return base * self.gamma ** sum(milestone <= epoch for milestone in self.milestones)


class ExponentialLR(LRScheduler):
    """lrₜ = lr₀ γᵗ.

    Args:
        optimizer: see `LRScheduler`.
        gamma: γ, at least 0.

    >>> optimizer = optim.SGD([mr.tensor([1.0], requires_grad=True)], lr=1.0)
    >>> schedule = ExponentialLR(optimizer, gamma=0.5)
    >>> [round(schedule.rate(1.0, t), 4) for t in range(4)]
    [1.0, 0.5, 0.25, 0.125]
    """

    def __init__(self, optimizer: Optimizer, gamma: float) -> None:
        self.gamma = check_number("gamma", gamma, minimum=0)
        super().__init__(optimizer)

    def rate(self, base: float, epoch: int) -> float:
        return base * self.gamma**epoch


class CosineAnnealingLR(LRScheduler):
    """lrₜ = η + ½ (lr₀ − η) (1 + cos(π t / T)): down to η in T epochs, along half a cosine.

    After T epochs it rises again along the other half, as in PyTorch.

    Args:
        optimizer: see `LRScheduler`.
        T_max: T, at least 1.
        eta_min: η, at least 0.

    Loshchilov and Hutter (2017), "SGDR: stochastic gradient descent with warm restarts", equation
    5, without restarts.

    >>> optimizer = optim.SGD([mr.tensor([1.0], requires_grad=True)], lr=1.0)
    >>> schedule = CosineAnnealingLR(optimizer, T_max=3)
    >>> [round(schedule.rate(1.0, t), 4) for t in range(4)]
    [1.0, 0.75, 0.25, 0.0]
    """

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0) -> None:
        self.T_max = check_count("T_max", T_max)
        self.eta_min = check_number("eta_min", eta_min, minimum=0)
        super().__init__(optimizer)

    def rate(self, base: float, epoch: int) -> float:
        return cosine(base, self.eta_min, epoch / self.T_max)


class LambdaLR(LRScheduler):
    """lrₜ = lr₀ f(t) for a function f of your own.

    Args:
        optimizer: see `LRScheduler`.
        lr_lambda: f, from an epoch to a factor of at least 0; or a list, one for each group.

    >>> optimizer = optim.SGD([mr.tensor([1.0], requires_grad=True)], lr=1.0)
    >>> schedule = LambdaLR(optimizer, lambda t: 1 / (1 + t))
    >>> schedule.step()
    >>> schedule.get_last_lr()
    [0.5]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        lr_lambda: Callable[[int], float] | Sequence[Callable[[int], float]],
    ) -> None:
        check_optimizer(optimizer, "LambdaLR")
        self.lr_lambdas = check_per_group("lr_lambda", lr_lambda, optimizer, check_function)
        super().__init__(optimizer)

    def rates(self, epoch: int) -> list[float]:
        factors = [check_number("lr_lambda(epoch)", f(epoch), minimum=0) for f in self.lr_lambdas]
        return [base * factor for base, factor in zip(self.base_lrs, factors)]


def check_function(name: str, function: Any) -> Callable[[int], float]:
    """Return a function of the epoch."""
    if not callable(function):
        raise ArgumentTypeError(
            f"{name} must be a function of the epoch, or a list of them, got {function!r}.",
            argument=name,
        )
    return function


def cosine(start: float, end: float, part: float) -> float:
    """From `start` (part = 0) to `end` (part = 1) along half a cosine."""
    return end + (start - end) / 2 * (1 + math.cos(math.pi * part))
