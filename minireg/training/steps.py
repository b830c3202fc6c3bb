"""The training step: forward, backward, optimizer; over one batch or over several."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ..data import DataLoader
from ..optim import Optimizer, clip_grad_norm_
from .evaluation import batch_loss, share_of
from .regularization import Regularization


@dataclass
class Step:
    """What one step of the optimizer saw.  Arrays lie on the device: reading them waits for it."""

    total: Any  # the data loss, summed over the examples
    share: Any  # what its mean is that sum divided by: see `share_of`
    examples: int
    cost: Any  # the value of the penalty before the step; None without one

    @property
    def loss(self) -> Any:
        """The mean data loss."""
        return self.total / self.share


def train_steps(
    model: Any,
    loader: DataLoader,
    criterion: Callable,
    optimizer: Optimizer,
    classes: int | None,
    penalized: Regularization | None = None,
    accumulate: int = 1,
    clip_norm: float | None = None,
) -> Iterator[Step]:
    """Train on the batches of one epoch; after each step of the optimizer says what it saw.

    A step over `accumulate` batches is the step over one batch of all their examples: the sums of
    the losses have gradients that add up, and the mean divides them by the sum of the shares.  The
    last step of an epoch takes the batches that are left.

    Args:
        classes: how many classes the labels may name; None for float targets.
        penalized: the part of a penalty, once in each step.
        accumulate: how many batches make a step.
        clip_norm: the largest norm that the gradient of a step, penalty included, may have.
    """
    batches = iter(loader)
    for first in range(0, len(loader), accumulate):
        optimizer.zero_grad()
        step = Step(0, 0, 0, None)
        for _ in range(min(accumulate, len(loader) - first)):
            inputs, labels = next(batches)
            loss = batch_loss(criterion, model(inputs), labels, classes)
            share = share_of(criterion, labels)
            step.total = step.total + loss.data * share
            step.share = step.share + share
            step.examples += len(labels)
            if accumulate > 1:
                loss = loss * share
            loss.backward()
        if accumulate > 1:
            divide_gradients(optimizer, step.share)
        if penalized is not None:
            cost: Any = penalized.cost()
            step.cost = cost.data
            if cost.requires_grad:  # not with proximal steps, nor where all weights are frozen
                cost.backward()  # adds its gradient to that of the loss
        if clip_norm is not None:
            clip_grad_norm_(trained_parameters(optimizer), clip_norm)
        optimizer.step()
        if penalized is not None:
            penalized.shrink()
        yield step


def divide_gradients(optimizer: Optimizer, divisor: Any) -> None:
    for p in trained_parameters(optimizer):
        if p.grad is not None:
            p.grad /= divisor


def trained_parameters(optimizer: Optimizer) -> list[Any]:
    return [p for group in optimizer.param_groups for p in group["params"]]
