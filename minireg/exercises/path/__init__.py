"""The exercises, a file for each, and their order."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib import import_module

from ...errors import ArgumentError
from ..exercise import Exercise

# An exercise needs nothing that a later one explains.
ORDER = (
    "add",
    "multiply",
    "power",
    "exp_log",
    "relu",
    "sigmoid",
    "tanh",
    "sum_axis",
    "mean_axis",
    "max_axis",
    "reshape_transpose",
    "matmul",
    "linear",
    "embedding",
    "softmax_cross_entropy",
    "dropout",
    "conv2d",
    "max_pool",
    "sgd",
    "adam",
    "adamw",
    "flip",
    "rotation",
    "mixup",
    "early_stopping",
    "backward",
    "gradient_checker",
    "planted_bug",
)


@cache
def get_exercise(name: str) -> Exercise:
    """Return an exercise by its name.

    Raises:
        ArgumentError: there is none of this name; the message lists all.

    >>> get_exercise("relu").functions
    ('relu', 'relu_backward')
    """
    if name not in ORDER:
        raise ArgumentError(
            f"There is no exercise {name!r}. The exercises are {', '.join(ORDER)}.",
            argument="name",
        )
    return replace(import_module(f".{name}", __name__).EXERCISE, name=name)
