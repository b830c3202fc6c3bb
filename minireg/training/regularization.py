"""The penalty in a run: a term of the loss, or a proximal step after each step of the optimizer."""

from __future__ import annotations

from contextlib import nullcontext
from functools import reduce
from operator import add
from typing import Any

from ..autograd import no_grad
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
        self.weights = [(p, terms) for _, p, terms in self.penalty.select(model)]
        # What acts after each step of the optimizer: all of it, or the constraints alone.
        after = self.penalty if proximal else self.penalty.constraints
        acting = {} if after is None else {p: terms for _, p, terms in after.select(model)}
        # What no optimizer moves needs no proximal step: as a term of the loss, the penalty would
        # leave it where it is, too.
        self.moved = [
            (group, [(p, acting[p]) for p in group["params"] if p in acting and p.requires_grad])
            for group in optimizer.param_groups
        ]

    def check(self, run: Run) -> None:
        """Find out before the first step whether there are proximal steps at all."""
        for group, moved in self.moved:
            for p, terms in moved:
                terms.proximal(p.data, step=0.0)
            if self.proximal and "lr" not in group:
                raise ArgumentError(
                    "A proximal step is as long as the optimizer's, and this optimizer has no "
                    "learning rate 'lr' in its param_groups. Use proximal=False.",
                    argument="proximal",
                )

    def penalty_term(self) -> Any:
        """The value of the penalty; without a graph where no gradient of it is wanted."""
        with no_grad() if self.proximal else nullcontext():
            return reduce(add, (terms.value(p) for p, terms in self.weights))

    def after_step(self, run: Run) -> None:
        for group, moved in self.moved:
            for p, terms in moved:
                p.data[...] = terms.proximal(p.data, group.get("lr", 0.0))

    def extra_repr(self) -> str:
        return f"{self.penalty!r}, proximal={self.proximal}"
