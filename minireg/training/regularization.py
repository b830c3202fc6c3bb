"""The part of a penalty in a training step: a term of the loss, or a proximal step after it."""

from __future__ import annotations

from contextlib import nullcontext
from functools import reduce
from operator import add
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
        self.weights = [(p, terms) for _, p, terms in penalty.select(model)]
        # What acts after each step of the optimizer: all of it, or the constraints alone.
        after = penalty if proximal else penalty.constraints
        acting = {} if after is None else {p: terms for _, p, terms in after.select(model)}
        # What no optimizer moves needs no proximal step: as a term of the loss, the penalty would
        # leave it where it is, too.
        self.moved = [
            (group, [(p, acting[p]) for p in group["params"] if p in acting and p.requires_grad])
            for group in optimizer.param_groups
        ]
        # Find out before the first step whether there are proximal steps at all.
        for p, terms in acting.items():
            terms.proximal(p.data, step=0.0)
        if proximal and any("lr" not in group for group, _ in self.moved):
            raise ArgumentError(
                "A proximal step is as long as the optimizer's, and this optimizer has no "
                "learning rate 'lr' in its param_groups. Use proximal=False.",
                argument="proximal",
            )

    def cost(self) -> Tensor:
        """The value of the penalty; without a graph where no gradient of it is wanted."""
        with no_grad() if self.proximal else nullcontext():
            return reduce(add, (terms.value(p) for p, terms in self.weights))

    def shrink(self) -> None:
        """The proximal steps and projections that follow a step of the optimizer."""
        for group, moved in self.moved:
            for p, terms in moved:
                p.data[...] = terms.proximal(p.data, group.get("lr", 0.0))


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
