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
        optimizer: the length of its steps, `effective_step(p)`, is that of the proximal steps.
        samples: the size of the training set, filled in where the penalty needs it.
        proximal: use proximal steps instead of a term of the loss.
    """

    def __init__(
        self, penalty: Penalty, model: Any, optimizer: Optimizer, samples: int, proximal: bool
    ) -> None:
        if not isinstance(penalty, Penalty):
            raise ArgumentTypeError(
                f"penalty must be a penalty such as regularizers.L2(1e-4), got {penalty!r}.",
                argument="penalty",
            )
        self.penalty = penalty
        self.samples = samples
        self.proximal = proximal
        self.weights = [(p, terms) for _, p, terms in self.penalty.select(model)]
        # Applied after each step of the optimizer: the whole penalty, or its constraints only.
        after = self.penalty if proximal else self.penalty.constraints
        acting = {} if after is None else {p: terms for _, p, terms in after.select(model)}
        # Weights that no optimizer moves get no proximal step: as a term of the loss, the penalty
        # would not change them, either.
        self.moved = [(p, acting[p]) for p in optimizer.state if p in acting and p.requires_grad]

    def check(self, run: Run) -> None:
        """Check before the first step that the proximal steps are possible."""
        try:
            for p, terms in self.moved:
                self.find_nearest(run, p, terms)
        except (ArgumentError, NotImplementedError) as error:
            if not self.proximal:
                raise
            raise ArgumentError(
                f"proximal=True does not work for this penalty with "
                f"{type(run.optimizer).__name__}. {error}",
                argument="proximal",
            ) from error

    def find_nearest(self, run: Run, p: Any, terms: Penalty) -> Any:
        """argmin_u  ½‖u − p‖² + step · penalty(u); a constraint holds for a step of any length."""
        step = run.optimizer.effective_step(p) if self.proximal else 0.0
        return self.fill_in(terms).proximal(p.data, step)

    def fill_in(self, terms: Penalty) -> Penalty:
        """Return the terms with the size of the training set, at their present strengths."""
        return terms.with_samples(self.samples)

    def penalty_term(self) -> Any:
        """Return the value of the penalty; without a graph if no gradient of it is needed."""
        with no_grad() if self.proximal else nullcontext():
            return reduce(add, (self.fill_in(terms).value(p) for p, terms in self.weights))

    def after_step(self, run: Run) -> None:
        for p, terms in self.moved:
            if p.grad is not None:  # else the optimizer did not move it in this step
                p.overwrite(self.find_nearest(run, p, terms))

    def extra_repr(self) -> str:
        return f"{self.penalty!r}, proximal={self.proximal}"
