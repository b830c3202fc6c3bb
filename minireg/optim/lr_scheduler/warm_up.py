"""Schedules that begin with a small learning rate."""

from __future__ import annotations

from ...checks import check_count, check_number
from ..optimizer import Optimizer
from .scheduler import LRScheduler


class LinearLR(LRScheduler):
    """lrₜ = lr₀ (a + (b − a) min(t, T) / T): from a lr₀ to b lr₀ in T epochs, then constant.

    Args:
        optimizer: see `LRScheduler`.
        start_factor: a, at least 0.
        end_factor: b, at least 0.
        total_iters: T, at least 1.

    Goyal et al. (2017), "Accurate, large minibatch SGD: training ImageNet in 1 hour", section 2.2,
    for the warm-up.

    >>> optimizer = optim.SGD([mr.tensor([1.0], requires_grad=True)], lr=1.0)
    >>> schedule = LinearLR(optimizer, start_factor=0.5, total_iters=2)
    >>> [schedule.rate(1.0, t) for t in range(4)]
    [0.5, 0.75, 1.0, 1.0]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        start_factor: float = 1 / 3,
        end_factor: float = 1.0,
        total_iters: int = 5,
    ) -> None:
        self.start_factor = check_number("start_factor", start_factor, minimum=0)
        self.end_factor = check_number("end_factor", end_factor, minimum=0)
        self.total_iters = check_count("total_iters", total_iters)
        super().__init__(optimizer)

    def rate(self, base: float, epoch: int) -> float:
        part = min(epoch, self.total_iters) / self.total_iters
        return base * (self.start_factor + (self.end_factor - self.start_factor) * part)


class ConstantLR(LRScheduler):
    """lrₜ = a lr₀ for t < T, then lr₀.

    Args:
        optimizer: see `LRScheduler`.
        factor: a, at least 0.
        total_iters: T, at least 1.

    >>> optimizer = optim.SGD([mr.tensor([1.0], requires_grad=True)], lr=1.0)
    >>> schedule = ConstantLR(optimizer, factor=0.5, total_iters=2)
    >>> [round(schedule.rate(1.0, t), 4) for t in range(4)]
    [0.5, 0.5, 1.0, 1.0]
    """

    def __init__(self, optimizer: Optimizer, factor: float = 1 / 3, total_iters: int = 5) -> None:
        self.factor = check_number("factor", factor, minimum=0)
        self.total_iters = check_count("total_iters", total_iters)
        super().__init__(optimizer)

    def rate(self, base: float, epoch: int) -> float:
        return base * self.factor if epoch < self.total_iters else base
