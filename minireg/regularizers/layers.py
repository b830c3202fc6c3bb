"""The penalties that belong to layers: `nn.Linear(4, 3, regularizer=L2(1e-4))`."""

from __future__ import annotations

from functools import reduce
from glob import escape
from operator import add
from typing import Any

from ..errors import ArgumentTypeError
from .penalty import Penalty
from .selection import check_module


def of_layers(model: Any) -> Penalty | None:
    """Return the sum of the penalties that layers have of their own, each on its layer's weight.

    `fit` adds it to its penalty; a loop of your own must do so itself: `loss + penalty(model)`.

    Args:
        model: a Module.  Every module in it may have an attribute `regularizer`, a penalty on
            its attribute `weight`.

    Returns:
        The penalty; None if no layer has one.

    >>> from minireg import regularizers as reg
    >>> model = nn.Sequential(nn.Linear(4, 3, regularizer=reg.L1(0.1)), nn.Linear(3, 2))
    >>> reg.of_layers(model)
    L1(0.1).on('0.weight')
    """
    paths = {p: path for path, p in check_module(model).named_parameters()}
    found: list[Penalty] = []
    for path, module in model.named_modules():
        penalty = getattr(module, "regularizer", None)
        if penalty is None:
            continue
        weight = getattr(module, "weight", None)
        if not isinstance(penalty, Penalty) or weight not in paths:
            raise ArgumentTypeError(
                f"The attribute regularizer of {path or 'the model'} must be a penalty on the "
                f"parameter weight of the same module, got {penalty!r}."
            )
        found.append(penalty.on(escape(paths[weight])))
    return reduce(add, found) if found else None
