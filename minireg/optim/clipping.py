"""Clipping: make gradients that are too large smaller, between `backward` and `step`."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from ..autograd import Tensor
from ..backend import Array, current_backend, namespace
from ..checks import check_number
from ..errors import ArgumentTypeError


def clip_grad_norm_(
    parameters: Iterable[Tensor] | Tensor, max_norm: float, norm_type: float = 2.0
) -> Tensor:
    """g ← g · min(1, max_norm / (‖g‖ₚ + 1e-6)), in place, with the norm of all gradients together.

    ‖g‖ₚ = (Σ |gᵢ|ᵖ)^(1/p) over the entries of all gradients; max |gᵢ| for p = ∞.  The direction of
    the step is kept.  Everything stays on the device: the factor is computed and multiplied even
    if it is 1.  The name in PyTorch is `nn.utils.clip_grad_norm_`.

    Args:
        parameters: Tensors, as `model.parameters()` gives them, or one; those without gradient are
            left out.
        max_norm: the largest norm that is allowed, at least 0.
        norm_type: p, greater than 0; `math.inf` for the maximum.

    Returns:
        The norm before clipping, a Tensor of shape () without gradient; 0 without gradients.

    Pascanu, Mikolov and Bengio (2013), "On the difficulty of training recurrent neural networks",
    algorithm 1; the 1e-6 is PyTorch's.

    >>> w = mr.tensor([0.0, 0.0], requires_grad=True)
    >>> w.grad = mr.tensor([3.0, 4.0]).data
    >>> clip_grad_norm_([w], max_norm=1.0).item()
    5.0
    >>> w.grad.round(4)
    array([0.6, 0.8], dtype=float32)
    """
    clipped = select_with_gradient(parameters, "clip_grad_norm_")
    max_norm = check_number("max_norm", max_norm, minimum=0)
    if norm_type != math.inf:
        norm_type = check_number("norm_type", norm_type, above=0)
    if not clipped:
        return Tensor(current_backend().zeros(()))
    xp = namespace(clipped[0].grad)
    total = xp.asarray(total_norm(xp, [p.grad for p in clipped], float(norm_type)))
    factor = xp.minimum(max_norm / (total + 1e-6), 1)
    for p in clipped:
        p.grad *= factor
    return Tensor(total)


def clip_grad_value_(parameters: Iterable[Tensor] | Tensor, clip_value: float) -> None:
    """g ← min(max(g, −c), c), in place: limit every entry of every gradient to [−c, c].

    Args:
        parameters: Tensors, as `model.parameters()` gives them, or one; those without gradient are
            left out.
        clip_value: c, at least 0.

    >>> w = mr.tensor([0.0, 0.0], requires_grad=True)
    >>> w.grad = mr.tensor([0.5, -4.0]).data
    >>> clip_grad_value_([w], 1.0)
    >>> w.grad
    array([ 0.5, -1. ], dtype=float32)
    """
    clipped = select_with_gradient(parameters, "clip_grad_value_")
    bound = check_number("clip_value", clip_value, minimum=0)
    for p in clipped:
        xp = namespace(p.grad)
        g = xp.asarray(p.grad)  # a sum of 0-d gradients is a scalar in NumPy
        p.grad = xp.clip(g, -bound, bound, out=g)


def total_norm(xp: Any, gradients: list[Array], p: float) -> Array:
    """(Σ |gᵢ|ᵖ)^(1/p) over all entries of all gradients, an array of shape ()."""
    if p == math.inf:
        largest = [xp.max(xp.abs(g)) if g.size else xp.zeros_like(g, shape=()) for g in gradients]
        return xp.max(xp.stack(largest))
    return sum(xp.sum(xp.abs(g) ** p) for g in gradients) ** (1 / p)


def select_with_gradient(parameters: Any, name: str) -> list[Tensor]:
    """Return those of the parameters that have a gradient."""
    listed = [parameters] if isinstance(parameters, Tensor) else parameters
    if isinstance(listed, Iterable):
        listed = list(listed)
        if all(isinstance(p, Tensor) for p in listed):
            return [p for p in listed if p.grad is not None]
    raise ArgumentTypeError(
        f"{name} takes Tensors, as model.parameters() gives them, got {type(parameters).__name__}.",
        argument="parameters",
    )
