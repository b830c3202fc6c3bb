"""RMSprop."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..autograd import Tensor
from ..backend import Array, namespace
from ..checks import check_flag, check_number, check_probability
from .optimizer import Optimizer


class RMSprop(Optimizer):
    """w ← w − lr · b,  b ← μ b + g / (√v + ε),  v ← α v + (1 − α) g².

    `centered` divides by the standard deviation instead of the root of the mean square:
    √(v − m²) for √v, with m ← α m + (1 − α) g.  The weight decay is coupled: λ w is added to g.

    Args:
        params: see `Optimizer`.
        lr: the learning rate, at least 0.
        alpha: α, in [0, 1): how much of the past mean square is kept.
        eps: ε, greater than 0, outside the root as in PyTorch.
        weight_decay: λ, at least 0.
        momentum: μ, in [0, 1).
        centered: whether to subtract the square of the mean gradient.

    Tieleman and Hinton (2012), "Neural networks for machine learning", lecture 6.5; Graves (2013),
    "Generating sequences with recurrent neural networks", equations 38 to 41, for the centered
    form.

    >>> w = mr.tensor([1.0], requires_grad=True)
    >>> w.grad = mr.tensor([4.0]).data
    >>> RMSprop([w], lr=0.1, alpha=0.75).step()     # g / √(g²/4) = 2
    >>> w.data
    array([0.8], dtype=float32)
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
    ) -> None:
        defaults = dict(
            lr=lr, alpha=alpha, eps=eps, weight_decay=weight_decay,
            momentum=momentum, centered=centered,
        )  # fmt: skip
        super().__init__(params, defaults)

    def check(self, group: dict[str, Any]) -> None:
        check_number("lr", group["lr"], minimum=0)
        check_probability("alpha", group["alpha"], below_one=True)
        check_number("eps", group["eps"], above=0)
        check_number("weight_decay", group["weight_decay"], minimum=0)
        check_probability("momentum", group["momentum"], below_one=True)
        check_flag("centered", group["centered"])

    def memory(self, group: dict[str, Any]) -> tuple[str, ...]:
        needed = {"v": True, "m": group["centered"], "momentum": group["momentum"] != 0}
        return tuple(name for name, is_needed in needed.items() if is_needed)

    def effective_step(self, p: Tensor) -> Array:
        """lr / ((√v + ε) (1 − μ)), where b settles at g / ((√v + ε) (1 − μ)); 0 before any step."""
        group = self.group_of(p)
        if not self.state[p]:
            return namespace(p.data).zeros_like(p.data)
        return float(group["lr"]) / (1 - float(group["momentum"])) / self.divisor(p, group)

    def divisor(self, p: Tensor, group: dict[str, Any]) -> Array:
        """√v + ε, or √(v − m²) + ε, a new array."""
        xp, v = namespace(p.data), self.state[p]["v"]
        if group["centered"]:
            m = self.state[p]["m"]
            v = xp.maximum(v - m * m, 0)  # rounding can take a variance of 0 below 0
        root = xp.sqrt(v)
        root += float(group["eps"])
        return root

    def update(self, params: list[Tensor], group: dict[str, Any]) -> None:
        lr, alpha = float(group["lr"]), float(group["alpha"])
        decay, momentum = float(group["weight_decay"]), float(group["momentum"])
        memory = self.memory(group)
        for p in params:
            xp, w, g, state = namespace(p.data), p.data, p.grad, self.state[p]
            for name in memory:
                if name not in state:
                    state[name] = xp.zeros_like(w)
            if decay != 0:
                g = g + decay * w
            v = state["v"]
            v *= alpha
            v += (1 - alpha) * (g * g)
            if group["centered"]:
                m = state["m"]
                m *= alpha
                m += (1 - alpha) * g
            step = g / self.divisor(p, group)
            if momentum != 0:
                b = state["momentum"]
                b *= momentum
                b += step
                step = b
            w -= lr * step
