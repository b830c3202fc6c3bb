"""Stochastic gradient descent, and SGDW, which takes the weight decay out of the momentum."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..autograd import Tensor
from ..backend import namespace
from ..checks import check_flag, check_number, check_probability
from ..errors import ArgumentError
from .optimizer import Optimizer
from .weight_decay import DecoupledWeightDecay


class SGD(Optimizer):
    """w ← w − lr · b,  b ← μ b + (1 − τ) (g + λ w).

    Momentum is as in PyTorch: the first step has b = g + λ w for any τ.  Nesterov's variant looks
    ahead, w ← w − lr · (g + λ w + μ b).

    The weight decay is coupled: λ w is the gradient of λ/2 Σw², so plain SGD with
    `weight_decay=λ` takes the steps of `regularizers.L2(λ)`.  It acts on all parameters of the
    optimizer, biases too.

    Args:
        params: see `Optimizer`.
        lr: the learning rate, at least 0.
        momentum: μ, in [0, 1).
        dampening: τ, in [0, 1].
        weight_decay: λ, at least 0.
        nesterov: whether to look ahead; it needs a momentum and no dampening.

    Polyak (1964), "Some methods of speeding up the convergence of iteration methods"; Sutskever,
    Martens, Dahl and Hinton (2013), "On the importance of initialization and momentum in deep
    learning", section 2, for Nesterov's variant.

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
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        defaults = dict(
            lr=lr, momentum=momentum, dampening=dampening,
            weight_decay=weight_decay, nesterov=nesterov,
        )  # fmt: skip
        super().__init__(params, defaults)

    def check(self, group: dict[str, Any]) -> None:
        check_number("lr", group["lr"], minimum=0)
        check_probability("momentum", group["momentum"], below_one=True)
        check_probability("dampening", group["dampening"])
        check_number("weight_decay", group["weight_decay"], minimum=0)
        check_flag("nesterov", group["nesterov"])
        if group["nesterov"] and (group["momentum"] == 0 or group["dampening"] != 0):
            raise ArgumentError(
                f"nesterov=True needs a momentum above 0 and no dampening, got momentum="
                f"{group['momentum']} and dampening={group['dampening']}."
            )

    def memory(self, group: dict[str, Any]) -> tuple[str, ...]:
        return ("momentum",) if group["momentum"] != 0 else ()

    def effective_step(self, p: Tensor) -> float:
        """lr (1 − τ) / (1 − μ), where b settles at (1 − τ) g / (1 − μ); lr without momentum."""
        group = self.group_of(p)
        lr, momentum = float(group["lr"]), float(group["momentum"])
        return lr * (1 - float(group["dampening"])) / (1 - momentum) if momentum != 0 else lr

    def update(self, params: list[Tensor], group: dict[str, Any]) -> None:
        lr, momentum, nesterov = float(group["lr"]), float(group["momentum"]), group["nesterov"]
        decay, kept = float(group["weight_decay"]), 1 - float(group["dampening"])
        for p in params:
            w, g = p.data, p.grad
            if momentum == 0:
                if decay != 0:
                    w *= 1 - lr * decay  # w − lr (g + λ w) = (1 − lr λ) w − lr g, without a copy
                w -= lr * g
                continue
            if decay != 0:
                g = g + decay * w
            state = self.state[p]
            if not state:
                state["momentum"] = namespace(g).array(g)  # a copy with the memory layout of w
                b = state["momentum"]
            else:
                b = state["momentum"]
                b *= momentum
                b += g if kept == 1 else kept * g
            w -= lr * (g + momentum * b if nesterov else b)


class SGDW(DecoupledWeightDecay, SGD):
    """w ← w − lr λ w, then the step of SGD: a weight decay outside the momentum.

    Without momentum it is `SGD`.  With momentum, the decay of `SGD` goes on acting through b, for
    1 / (1 − μ) steps; here every weight shrinks by the factor 1 − lr λ per step.

    Args: those of `SGD`, and
        independent_decay: whether λ is multiplied by lr / (initial lr) and not by lr.  The initial
            lr is the one that a schedule of `lr_scheduler` starts from; without a schedule the
            factor is 1.

    Loshchilov and Hutter (2019), "Decoupled weight decay regularization", algorithm 1, whose decay
    is the independent one, and whose b contains the learning rate.

    >>> w = mr.tensor([1.0], requires_grad=True)
    >>> w.grad = mr.tensor([0.0]).data
    >>> SGDW([w], lr=0.1, momentum=0.9, weight_decay=0.5).step()
    >>> w.data
    array([0.95], dtype=float32)
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 1e-2,
        nesterov: bool = False,
        independent_decay: bool = False,
    ) -> None:
        defaults = dict(
            lr=lr, momentum=momentum, dampening=dampening, weight_decay=weight_decay,
            nesterov=nesterov, independent_decay=independent_decay,
        )  # fmt: skip
        Optimizer.__init__(self, params, defaults)
