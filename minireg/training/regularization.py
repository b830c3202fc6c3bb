"""The part of a penalty in a training step: a term of the loss, or a proximal step after it."""

from __future__ import annotations

from typing import Any

from ..autograd import Tensor, no_grad
from ..errors import ArgumentError, ArgumentTypeError
from ..optim import Optimizer
from ..regularizers import Penalty


class Regularization:
    """A penalty bound to the weights it acts on, which are looked up once and not in every step.

    Args:
        penalty: the penalty, with the size of the training set filled in.
        model: the module whose weights are penalized.
        optimizer: the learning rate of each group is the length of its proximal steps.
        proximal: by proximal steps instead of a term of the loss.
    """

    def __init__(self, penalty: Penalty, model: Any, optimizer: Optimizer, proximal: bool) -> None:
        self.penalty = penalty
        self.proximal = proximal
        self.weights = [p for _, p in penalty.targets(model)]
        own = {id(p) for p in self.weights}
        # What no optimizer moves needs no proximal step: as a term of the loss, the penalty would
        # leave it where it is, too.
        self.moved = [
            (group, [p for p in group["params"] if id(p) in own and p.requires_grad])
            for group in optimizer.param_groups
        ]
        if proximal:
            self.check_proximal()

    def check_proximal(self) -> None:
        """Find out before the first step whether there are proximal steps at all."""
        self.penalty.proximal(self.weights[0].data, step=0.0)
        for group, _ in self.moved:
            if "lr" not in group:
                raise ArgumentError(
                    "A proximal step is as long as the optimizer's, and this optimizer has no "
                    "learning rate 'lr' in its param_groups. Use proximal=False."
                )

    def cost(self) -> Tensor:
        """The value of the penalty; without a graph where no gradient of it is wanted."""
        if not self.proximal:
            return self.penalty(self.weights)
        with no_grad():
            return self.penalty(self.weights)

    def shrink(self) -> None:
        """The proximal step that follows a step of the optimizer."""
        for group, weights in self.moved:
            if weights:
                self.penalty.apply_proximal(weights, group["lr"])


def regularization(
    penalty: Any, model: Any, optimizer: Optimizer, samples: int, proximal: bool
) -> Regularization | None:
    """What `fit` was given, ready for use; None without a penalty."""
    if penalty is None:
        return None
    if not isinstance(penalty, Penalty):
        raise ArgumentTypeError(
            f"penalty must be a penalty such as regularizers.L2(1e-4), got {penalty!r}."
        )
    return Regularization(penalty.with_samples(samples), model, optimizer, proximal)
