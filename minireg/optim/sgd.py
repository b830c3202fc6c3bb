"""Stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..backend import namespace
from ..errors import check_number, check_probability
from .optimizer import Optimizer


class SGD(Optimizer):
    """w ← w − lr · b,  b ← μ b + g + λ w.

    The weight decay is coupled: λ w is the gradient of λ/2 Σw², so plain SGD with
    `weight_decay=λ` takes the steps of `regularizers.L2(λ)`.  It acts on every parameter it is
    given, biases too.  Momentum as in PyTorch: the first step has b = g.

    Args:
        params: see `Optimizer`.
        lr: the learning rate, at least 0.
        momentum: μ, in [0, 1).
        weight_decay: λ, at least 0.

    Polyak (1964), "Some methods of speeding up the convergence of iteration methods".

    >>> import minireg as mr
    >>> w = mr.tensor([1.0], requires_grad=True)
    >>> w.grad = mr.tensor([0.0]).data
    >>> SGD([w], lr=0.1, weight_decay=0.5).step()
    >>> w.data
    array([0.95], dtype=float32)
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        *,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    def check(self, group: dict[str, Any]) -> None:
        check_number("lr", group["lr"], minimum=0)
        check_probability("momentum", group["momentum"], below_one=True)
        check_number("weight_decay", group["weight_decay"], minimum=0)

    def update(self, params: list[Any], group: dict[str, Any]) -> None:
        lr, momentum = float(group["lr"]), float(group["momentum"])
        decay = float(group["weight_decay"])
        for p in params:
            w, g = p.data, p.grad
            if momentum == 0:
                if decay != 0:
                    w *= 1 - lr * decay  # w − lr (g + λ w) = (1 − lr λ) w − lr g, without a copy
                w -= lr * g
                continue
            if decay != 0:
                g = g + decay * w
            state = self.state[id(p)]
            if not state:
                state["momentum"] = namespace(g).array(g)  # a copy that lies in memory as w does
            else:
                state["momentum"] *= momentum
                state["momentum"] += g
            w -= lr * state["momentum"]
