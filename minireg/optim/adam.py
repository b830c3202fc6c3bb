"""Adam, and AdamW, whose weight decay is not normalised."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from ..autograd import Tensor
from ..backend import Array, namespace
from ..checks import check_flag, check_number, check_probability
from ..errors import ArgumentTypeError
from .optimizer import Optimizer
from .weight_decay import DecoupledWeightDecay


class Adam(Optimizer):
    """w ← w − lr · m̂ / (√v̂ + ε): each weight gets a step of about lr.

    m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,  m̂ = m / (1 − β₁ᵗ),  v̂ = v / (1 − β₂ᵗ).

    The weight decay is coupled (λ w is added to g), and Adam then normalises it away: with no
    other gradient every weight moves by lr, for any λ.  `AdamW` decouples it.

    Args:
        params: see `Optimizer`.
        lr: the learning rate, at least 0.
        betas: (β₁, β₂), each in [0, 1).
        eps: ε, greater than 0.
        weight_decay: λ, at least 0.
        amsgrad: whether v̂ uses the largest v so far instead of v, so that steps do not grow when
            gradients become small.

    Kingma and Ba (2015), "Adam: a method for stochastic optimization", algorithm 1; Reddi, Kale and
    Kumar (2018), "On the convergence of Adam and beyond", for AMSGrad.

    >>> w = mr.tensor([1.0], requires_grad=True)
    >>> w.grad = mr.tensor([0.0]).data
    >>> Adam([w], lr=0.1, weight_decay=0.5).step()
    >>> w.data
    array([0.9], dtype=float32)
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
    ) -> None:
        defaults = dict(
            lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, amsgrad=amsgrad,
        )  # fmt: skip
        super().__init__(params, defaults)

    def check(self, group: dict[str, Any]) -> None:
        check_number("lr", group["lr"], minimum=0)
        betas = group["betas"]
        if not isinstance(betas, (tuple, list)) or len(betas) != 2:
            raise ArgumentTypeError(f"betas must be the pair (β₁, β₂), got {betas!r}.")
        for i, beta in enumerate(betas):
            check_probability(f"betas[{i}]", beta, below_one=True)
        check_number("eps", group["eps"], above=0)
        check_number("weight_decay", group["weight_decay"], minimum=0)
        check_flag("amsgrad", group["amsgrad"])

    def memory(self, group: dict[str, Any]) -> tuple[str, ...]:
        return ("step", "m", "v", "v_max") if group["amsgrad"] else ("step", "m", "v")

    def effective_step(self, p: Tensor) -> Array:
        """lr / (√v̂ + ε), where m̂ settles at g; 0 before the first step."""
        group = self.group_of(p)
        if not self.state[p]:
            return namespace(p.data).zeros_like(p.data)
        return float(group["lr"]) / self.divisor(p, group)

    def divisor(self, p: Tensor, group: dict[str, Any]) -> Array:
        """√v̂ + ε, a new array."""
        state, beta2 = self.state[p], float(group["betas"][1])
        root = namespace(p.data).sqrt(state["v_max" if group["amsgrad"] else "v"])
        root *= 1 / math.sqrt(1 - beta2 ** state["step"])
        root += float(group["eps"])
        return root

    def update(self, params: list[Tensor], group: dict[str, Any]) -> None:
        lr, (beta1, beta2) = float(group["lr"]), map(float, group["betas"])
        decay = float(group["weight_decay"])
        for p in params:
            xp, w, g, state = namespace(p.data), p.data, p.grad, self.state[p]
            if decay != 0:
                g = g + decay * w
            if not state:
                state.update(step=0, m=xp.zeros_like(w), v=xp.zeros_like(w))
            state["step"] += 1
            m, v, t = state["m"], state["v"], state["step"]
            m *= beta1
            m += (1 - beta1) * g
            v *= beta2
            v += (1 - beta2) * (g * g)
            if group["amsgrad"]:
                if "v_max" not in state:
                    state["v_max"] = xp.zeros_like(w)
                xp.maximum(state["v_max"], v, out=state["v_max"])
            w -= (lr / (1 - beta1**t)) * (m / self.divisor(p, group))


class AdamW(DecoupledWeightDecay, Adam):
    """w ← w − lr λ w, then the step of Adam: a weight decay that is not normalised away.

    Every weight shrinks by the same factor 1 − lr λ per step, where lr is the scheduled rate, so
    the decay becomes weaker when the learning rate falls.

    Args: those of `Adam`, and
        independent_decay: whether λ is multiplied by lr / (initial lr) and not by lr.  The initial
            lr is the one that a schedule of `lr_scheduler` starts from; without a schedule the
            factor is 1.

    Loshchilov and Hutter (2019), "Decoupled weight decay regularization", algorithm 2, whose decay
    is the independent one; that of PyTorch is multiplied by lr.

    >>> w = mr.tensor([1.0], requires_grad=True)
    >>> w.grad = mr.tensor([0.0]).data
    >>> AdamW([w], lr=0.1, weight_decay=0.5).step()
    >>> w.data
    array([0.95], dtype=float32)
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        independent_decay: bool = False,
    ) -> None:
        defaults = dict(
            lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, amsgrad=amsgrad,
            independent_decay=independent_decay,
        )  # fmt: skip
        Optimizer.__init__(self, params, defaults)
