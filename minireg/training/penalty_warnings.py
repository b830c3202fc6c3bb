"""Warnings about penalties that do not do what was meant."""

from __future__ import annotations

import warnings
from itertools import combinations
from typing import Any

from ..optim import Optimizer
from ..regularizers import Penalty
from ..regularizers.description import total_decay
from .regularization import Regularization


def warn_about_penalty(regularization: Regularization, model: Any, optimizer: Optimizer) -> None:
    """Warn if the penalty acts on nothing that is trained, or twice on the same weight."""
    penalty = regularization.penalty
    if not any(p.requires_grad and p in optimizer.state for p, _ in regularization.weights):
        warnings.warn(
            f"The penalty {penalty!r} has no effect: it acts on no parameter that the optimizer "
            f"trains.",
            stacklevel=4,
        )
    names = {p: name for name, p in model.named_parameters()}
    for p, terms in regularization.weights:
        for first, second in combinations(regularization.fill_in(terms).split(), 2):
            if kind_of(first) == kind_of(second):
                warnings.warn(
                    f"Two terms add up on {names[p]}: {first!r} and {second!r}. If only one was "
                    f"meant, leave the other out.",
                    stacklevel=4,
                )
    strengths = {
        p: total_decay(regularization.fill_in(terms)) for p, terms in regularization.weights
    }
    twice = [
        f"{names[p]} has {strengths[p]:g}/2 Σw² in the penalty and "
        f"weight_decay={group['weight_decay']:g} in {type(optimizer).__name__}"
        for group in optimizer.param_groups
        for p in group["params"]
        if group.get("weight_decay") and strengths.get(p)
    ]
    if twice:
        warnings.warn(
            f"Squares are penalized twice: {'; '.join(twice)}. Leave one of them out.",
            stacklevel=4,
        )


def kind_of(term: Penalty) -> Any:
    """What is equal for two terms that differ at most in their strength."""
    if not vars(term).get("strength", 1):
        return object()  # without effect: like no other
    if term.decay is not None:
        return "squares"
    settings = {name: value for name, value in vars(term).items() if name != "strength"}
    return type(term), repr(settings)  # arrays among them cannot be compared with ==
