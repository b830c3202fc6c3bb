"""One cycle: the learning rate rises, then falls to nearly 0; the momentum does the opposite."""

from __future__ import annotations

from collections.abc import Sequence

from ...checks import check_choice, check_count, check_number, check_probability
from ...errors import ArgumentError
from ..optimizer import Optimizer
from .annealing import cosine
from .scheduler import LRScheduler, check_optimizer, check_per_group


class OneCycleLR(LRScheduler):
    """From max_lr / div_factor up to max_lr, then down to max_lr / (div_factor · final_div_factor).

    The peak is at step p T − 1, the end at step T − 1, for p = `pct_start` and T = `total_steps`.
    The momentum (β₁ of Adam) falls from `max_momentum` to `base_momentum` while the rate rises,
    and rises again while the rate falls.  Call `step()` once per batch; the T-th call leaves the
    last rate as it is.

    Args:
        optimizer: its learning rates are overwritten.
        max_lr: the peak, greater than 0; or a list, one for each group.
        total_steps: T, or None for `epochs` · `steps_per_epoch`.
        epochs: the number of epochs, if `total_steps` is not given.
        steps_per_epoch: the number of batches of an epoch, if `total_steps` is not given.
        pct_start: p, the part of the cycle that rises, in [0, 1].
        anneal_strategy: "cos" or "linear".
        cycle_momentum: whether to schedule the momentum too.
        base_momentum: the momentum at the peak, in [0, 1); or a list.
        max_momentum: the momentum at both ends, in [0, 1); or a list.
        div_factor: max_lr divided by the first rate, greater than 0.
        final_div_factor: the first rate divided by the last, greater than 0.

    Smith and Topin (2018), "Super-convergence: very fast training of neural networks using large
    learning rates", with the two phases and the cosine that PyTorch took over from fastai.

    >>> optimizer = optim.SGD([mr.tensor([1.0], requires_grad=True)])
    >>> schedule = OneCycleLR(optimizer, max_lr=1.0, total_steps=5, pct_start=0.6, div_factor=4)
    >>> [round(schedule.rates(t)[0], 4) for t in range(5)]
    [0.25, 0.625, 1.0, 0.5, 0.0]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float | Sequence[float],
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: float | Sequence[float] = 0.85,
        max_momentum: float | Sequence[float] = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
    ) -> None:
        check_optimizer(optimizer, "OneCycleLR")
        if total_steps is None:
            if epochs is None or steps_per_epoch is None:
                raise ArgumentError(
                    "OneCycleLR needs total_steps, or both epochs and steps_per_epoch."
                )
            epochs = check_count("epochs", epochs)
            total_steps = epochs * check_count("steps_per_epoch", steps_per_epoch)
        self.total_steps = check_count("total_steps", total_steps)
        self.pct_start = check_probability("pct_start", pct_start)
        self.anneal_strategy = check_choice("anneal_strategy", anneal_strategy, ("cos", "linear"))
        self.max_lrs = check_per_group("max_lr", max_lr, optimizer, check_number, above=0)
        low, high = (
            check_per_group(name, momentum, optimizer, check_probability, below_one=True)
            for name, momentum in (("base_momentum", base_momentum), ("max_momentum", max_momentum))
        )
        self.momenta = list(zip(low, high))
        div_factor = check_number("div_factor", div_factor, above=0)
        self.final_div_factor = check_number("final_div_factor", final_div_factor, above=0)
        self.cycle_momentum = cycle_momentum
        if cycle_momentum and not {"momentum", "betas"} & optimizer.defaults.keys():
            raise ArgumentError(
                f"{type(optimizer).__name__} has no momentum to cycle; pass cycle_momentum=False.",
                argument="cycle_momentum",
            )
        for group, peak in zip(optimizer.param_groups, self.max_lrs):
            group["initial_lr"] = peak / div_factor
        super().__init__(optimizer)

    def between(self, start: float, peak: float, end: float, epoch: int) -> float:
        """The value at this epoch of a cycle from `start` to `peak` to `end`."""
        top, last = self.pct_start * self.total_steps - 1, self.total_steps - 1
        anneal = cosine if self.anneal_strategy == "cos" else linear
        epoch = min(epoch, last)
        if epoch <= top:
            return anneal(start, peak, epoch / top if top > 0 else 1.0)
        return anneal(peak, end, (epoch - top) / (last - top))

    def rates(self, epoch: int) -> list[float]:
        return [
            self.between(start, peak, start / self.final_div_factor, epoch)
            for start, peak in zip(self.base_lrs, self.max_lrs)
        ]

    def write(self, epoch: int) -> None:
        if epoch > self.total_steps:
            raise ArgumentError(
                f"OneCycleLR was made for {self.total_steps} steps, and this is step {epoch}. Call "
                f"step() once per batch, and pass the number of all batches as total_steps."
            )
        super().write(epoch)
        if not self.cycle_momentum:
            return
        for group, (low, high) in zip(self.optimizer.param_groups, self.momenta):
            momentum = self.between(high, low, high, epoch)
            if "betas" in group:
                group["betas"] = (momentum, group["betas"][1])
            else:
                group["momentum"] = momentum


def linear(start: float, end: float, part: float) -> float:
    """From `start` (part = 0) to `end` (part = 1) along a line."""
    return start + (end - start) * part
