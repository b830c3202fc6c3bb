"""A row of the tables of cases, and how PyTorch's functions are called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import minireg as mr


@dataclass(frozen=True)
class Case:
    """One operation.

    Attributes:
        draw: draws (arrays, options): float64 arrays to be differentiated, and the rest.
        call: calls the operation with Tensors; by default `mr.<name>(*tensors, **options)`.
        torch: the same with PyTorch's tensors, `torch(torch_module, tensors, options)`; None if
            PyTorch has no such function.
    """

    draw: Callable[[Any], tuple[list[np.ndarray], dict[str, Any]]]
    call: Callable[..., Any] | None = None
    torch: Callable[..., Any] | None = None


def same(name: str) -> Any:
    """PyTorch's function of the same name."""
    return lambda torch, tensors, options: getattr(torch, name)(*tensors, **options)


def renamed(name: str) -> Any:
    """PyTorch's function called `name`, with dim and keepdim."""

    def call(torch, tensors, options):
        theirs = {"axis": "dim", "keepdims": "keepdim"}
        chosen = {theirs.get(k, k): v for k, v in options.items()}
        if chosen.get("dim", 0) is None:
            chosen["dim"] = tuple(range(tensors[0].ndim))
        return getattr(torch, name)(*tensors, **chosen)

    return call


def functional(name: str) -> Any:
    """The function called `name` in torch.nn.functional."""
    return lambda torch, tensors, options: getattr(torch.nn.functional, name)(*tensors, **options)


def with_arrays(name: str, *keys: str) -> Any:
    """The operation of minireg, with the arrays among its options as Tensors."""

    def call(*tensors, **options):
        for key in keys:
            if options[key] is not None:
                options[key] = mr.tensor(options[key])
        return getattr(mr, name)(*tensors, **options)

    return call
