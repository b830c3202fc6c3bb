"""The exercises, a file for each, and their order."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
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
    "mse",
    "softmax",
    "log_softmax",
    "softmax_cross_entropy",
    "l2",
    "l1",
    "soft_threshold",
    "weight_decay",
    "dropout",
    "batch_norm",
    "layer_norm",
    "conv2d",
    "max_pool",
    "mlp",
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
        ArgumentError: there is none of this name; the message tells the nearest one, or all.

    >>> get_exercise("relu").functions
    ('relu', 'relu_backward')
    """
    if name not in ORDER:
        near = get_close_matches(name.lower(), ORDER, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"The exercises are {', '.join(ORDER)}."
        raise ArgumentError(f"There is no exercise {name!r}. {hint}", argument="name")
    return replace(import_module(f".{name}", __name__).EXERCISE, name=name)
