"""lr_find: a learning rate that is large enough to learn and small enough not to explode."""

from __future__ import annotations

import math
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import optim, plots
from ..backend import use_backend
from ..checks import check_count, check_number, check_probability
from ..errors import ArgumentError, NonFiniteLossError
from ..random import Generator
from .evaluation import find_backend
from .fit import prepare
from .run import Run
from .steps import take_step

if TYPE_CHECKING:
    from matplotlib.figure import Figure

EXPLODED = 4.0  # the sweep ends where the smoothed loss is this many times its minimum


@dataclass(repr=False)
class RateSweep:
    """The result of `lr_find`: one entry for each step.

    Attributes:
        rates: the learning rates, from low to high.
        losses: the loss of each step's batch before the step.
        smoothed: their exponential running mean, corrected for its start.
        suggestion: the rate at which the smoothed loss fell fastest (by the logarithm of the
            rate) before its minimum; None if it never fell.
    """

    rates: np.ndarray
    losses: np.ndarray
    smoothed: np.ndarray
    suggestion: float | None

    def plot(self, path: Any = None) -> Figure:
        """Draw the losses by learning rate; with `path` save the figure (.png, .svg, .pdf)."""
        figure = plots.rate_sweep(self.rates, self.losses, self.smoothed, self.suggestion)
        if path is not None:
            plots.save_figure(figure, path)
        return figure

    def __repr__(self) -> str:
        rate, first, last = self.suggestion, self.rates[0], self.rates[-1]
        found = "no rate lowered the loss" if rate is None else f"suggestion {rate:.2g}"
        return f"<RateSweep: {len(self.rates)} steps from {first:.2g} to {last:.2g}, {found}>"


def lr_find(
    model: Any,
    train: Any,
    *,
    optimizer: optim.Optimizer | None = None,
    criterion: Callable | None = None,
    batch_size: int = 32,
    lowest: float = 1e-6,
    highest: float = 10.0,
    steps: int = 100,
    smoothing: float = 0.9,
    transform: Callable | None = None,
    generator: Generator | None = None,
) -> RateSweep:
    """Train a copy of the model for a few steps, each with a larger learning rate than the last.

    Step i has the rate lowest · (highest / lowest)^(i / (steps − 1)).  At first nothing happens,
    then the loss falls, then it explodes, and there the sweep ends.  Model, optimizer and random
    streams stay exactly as they were, because the sweep uses copies.

    Args:
        model: an nn.Module.
        train: a `data.Dataset` or a pair (x, y) of arrays.
        optimizer: of the model's parameters; each of its groups gets the rate.  By default SGD
            with momentum 0.9, as in `fit`.
        criterion: the loss, a mean over the batch; by default cross-entropy.
        batch_size: examples per step.
        lowest, highest: the first and the last learning rate, 0 < lowest < highest.
        steps: how many, at least 2.
        smoothing: β of the running mean s ← β s + (1 − β) loss, corrected by 1 / (1 − βⁱ); in
            [0, 1), 0 for none.
        transform: augmentation of the batches; see `data.DataLoader`.
        generator: draws the order of the examples; by default `Generator(0)`, so that two sweeps
            of the same model are the same.

    Returns:
        A `RateSweep`; its `suggestion` is a rate to begin with.  Check it in the `plot()`.

    Raises:
        ArgumentError, ArgumentTypeError: an argument that cannot be used.
        NonFiniteLossError: the first loss is not finite.

    Smith (2017), "Cyclical learning rates for training neural networks", section 3.3 (the LR range
    test).

    >>> sweep = lr_find(mr.nn.Linear(1, 1), ([[1.0]], [[2.0]]), criterion=mr.mse_loss)
    >>> 1e-3 < sweep.suggestion < 1
    True
    """
    lowest = check_number("lowest", lowest, above=0)
    highest = check_number("highest", highest, above=lowest)
    check_count("steps", steps, minimum=2)
    smoothing = check_probability("smoothing", smoothing, below_one=True)
    # Copied together, so that the copied optimizer holds the copied weights.
    model, optimizer, criterion, transform, generator = deepcopy(
        (model, optimizer, criterion, transform, Generator() if generator is None else generator)
    )
    run = prepare(
        model, train, batch_size=batch_size, optimizer=optimizer, criterion=criterion,
        transform=transform, generator=generator, metrics=(), progress=False,
    )  # fmt: skip
    if any("lr" not in group for group in run.optimizer.param_groups):
        raise ArgumentError(
            "This optimizer has no learning rate 'lr' in its param_groups.", argument="optimizer"
        )
    rates = lowest * (highest / lowest) ** (np.arange(steps) / (steps - 1))
    losses = sweep(run, rates, smoothing)
    if not len(losses):
        raise NonFiniteLossError("The loss of the very first batch is NaN or infinite.")
    smoothed = running_mean(losses, smoothing)
    rates = rates[: len(losses)]
    return RateSweep(rates, losses, smoothed, steepest(rates, smoothed))


def sweep(run: Run, rates: np.ndarray, smoothing: float) -> np.ndarray:
    """Return the losses of steps with these rates, up to where they explode."""
    losses: list[float] = []
    run.model.train()
    with use_backend(find_backend(run.model)), np.errstate(all="ignore"):  # it may overflow
        while True:
            for batch in run.loader:
                set_rate(run.optimizer, rates[len(losses)])
                loss = float(take_step(run, [batch]).loss)
                if not math.isfinite(loss):
                    return np.array(losses)
                losses.append(loss)
                curve = running_mean(np.array(losses), smoothing)
                if len(losses) == len(rates) or curve[-1] > EXPLODED * curve.min() > 0:
                    return np.array(losses)


def set_rate(optimizer: optim.Optimizer, rate: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = float(rate)


def running_mean(values: np.ndarray, beta: float) -> np.ndarray:
    """sᵢ = β sᵢ₋₁ + (1 − β) vᵢ from s₀ = 0, divided by the sum of its weights, 1 − βⁱ.

    >>> running_mean(np.array([1.0, 3.0]), 0.5).round(3).tolist()
    [1.0, 2.333]
    """
    means, s = np.empty(len(values)), 0.0
    for i, value in enumerate(values):
        s = beta * s + (1 - beta) * value
        means[i] = s / (1 - beta ** (i + 1))
    return means


def steepest(rates: np.ndarray, smoothed: np.ndarray) -> float | None:
    """Return the rate at which the curve falls fastest before its lowest point.

    The first tenth of the steps is left out: there the running mean has too few losses, and it
    mostly shows the differences between batches.
    """
    first, end = len(rates) // 10, int(smoothed.argmin()) + 1
    if end - first < 2:
        return None
    slopes = np.gradient(smoothed[first:end], np.log(rates[first:end]))
    return float(rates[first + slopes.argmin()]) if slopes.min() < 0 else None
