"""Adagrad."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..autograd import Tensor
from ..backend import Array, namespace
from ..checks import check_number
from .optimizer import Optimizer


class Adagrad(Optimizer):
    """w ← w − lrₜ · g / (√s + ε),  s ← s + g²: weights that moved much take smaller steps.

    lrₜ = lr / (1 + (t − 1) η) at the t-th step, t = 1, 2, ….  The weight decay is coupled: λ w is
    added to g.

    Args:
        params: see `Optimizer`.
        lr: the learning rate, at least 0.
        lr_decay: η, at least 0.
        weight_decay: λ, at least 0.
        initial_accumulator_value: what s starts with, at least 0.
        eps: ε, greater than 0.

    Duchi, Hazan and Singer (2011), "Adaptive subgradient methods for online learning and stochastic
    optimization", figure 1 with the diagonal matrix.

    >>> w = mr.tensor([1.0], requires_grad=True)
    >>> w.grad = mr.tensor([4.0]).data
    >>> Adagrad([w], lr=0.1, initial_accumulator_value=9.0).step()     # 4 / √(9 + 16) = 0.8
    >>> w.data
    array([0.92], dtype=float32)
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
    ) -> None:
        defaults = dict(
            lr=lr, lr_decay=lr_decay, weight_decay=weight_decay,
            initial_accumulator_value=initial_accumulator_value, eps=eps,
        )  # fmt: skip
        super().__init__(params, defaults)

    def check(self, group: dict[str, Any]) -> None:
        for name in ("lr", "lr_decay", "weight_decay", "initial_accumulator_value"):
            check_number(name, group[name], minimum=0)
        check_number("eps", group["eps"], above=0)

    def memory(self, group: dict[str, Any]) -> tuple[str, ...]:
        return ("step", "s")

    def effective_step(self, p: Tensor) -> Array:
        """lrₜ / (√s + ε); 0 before the first step."""
        group = self.group_of(p)
        if not self.state[p]:
            return namespace(p.data).zeros_like(p.data)
        return self.scale(p, group)

    def scale(self, p: Tensor, group: dict[str, Any]) -> Array:
        """lrₜ / (√s + ε), a new array."""
        lr, lr_decay, state = float(group["lr"]), float(group["lr_decay"]), self.state[p]
        root = namespace(p.data).sqrt(state["s"])
        root += float(group["eps"])
        return lr / (1 + (state["step"] - 1) * lr_decay) / root

    def update(self, params: list[Tensor], group: dict[str, Any]) -> None:
        decay, start = float(group["weight_decay"]), float(group["initial_accumulator_value"])
        for p in params:
            xp, w, g, state = namespace(p.data), p.data, p.grad, self.state[p]
            if decay != 0:
                g = g + decay * w
            if not state:
                state.update(step=0, s=xp.full_like(w, start))
            state["step"] += 1
            s = state["s"]
            s += g * g
            w -= self.scale(p, group) * g
