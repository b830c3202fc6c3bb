"""The penalty in a run: a term of the loss, or a proximal step after each step of the optimizer."""

from __future__ import annotations

from typing import Any

from ..autograd import Tensor, no_grad
from ..errors import ArgumentError, ArgumentTypeError
from ..optim import Optimizer
from ..regularizers import Penalty
from .run import Callback, Run


class Regularization(Callback):
    """A penalty bound to the weights it acts on, which are looked up once and not in every step.

    Args:
        penalty: the penalty.
        model: the module whose weights are penalized.
        optimizer: the learning rate of each group is the length of its proximal steps.
        samples: the size of the training set, filled in where the penalty needs it.
        proximal: by proximal steps instead of a term of the loss.
    """

    def __init__(
        self, penalty: Penalty, model: Any, optimizer: Optimizer, samples: int, proximal: bool
    ) -> None:
        if not isinstance(penalty, Penalty):
            raise ArgumentTypeError(
                f"penalty must be a penalty such as regularizers.L2(1e-4), got {penalty!r}.",
                argument="penalty",
            )
        self.penalty = penalty.with_samples(samples)
        self.proximal = proximal
        self.weights = [p for _, p in self.penalty.targets(model)]
        # What no optimizer moves needs no proximal step: as a term of the loss, the penalty would
        # leave it where it is, too.
        self.moved = [
            (group, [p for p in group["params"] if p in set(self.weights) and p.requires_grad])
            for group in optimizer.param_groups
        ]

    def check(self, run: Run) -> None:
        """Find out before the first step whether there are proximal steps at all."""
        if not self.proximal:
            return
        self.penalty.proximal(self.weights[0].data, step=0.0)
        if any("lr" not in group for group, _ in self.moved):
            raise ArgumentError(
                "A proximal step is as long as the optimizer's, and this optimizer has no "
                "learning rate 'lr' in its param_groups. Use proximal=False.",
                argument="proximal",
            )

    def penalty_term(self) -> Tensor:
        """The value of the penalty; without a graph where no gradient of it is wanted."""
        if not self.proximal:
            return self.penalty(self.weights)
        with no_grad():
            return self.penalty(self.weights)

    def after_step(self, run: Run) -> None:
        for group, weights in self.moved:
            if self.proximal and weights:
                self.penalty.apply_proximal(weights, group["lr"])

    def extra_repr(self) -> str:
        return f"{self.penalty!r}, proximal={self.proximal}"
