"""Decoupled weight decay: what AdamW and SGDW do before the step of Adam and SGD."""

from __future__ import annotations

from typing import Any

from ..autograd import Tensor
from ..checks import check_flag
from .optimizer import Optimizer


class DecoupledWeightDecay(Optimizer):
    """w ← w − lr λ w, then the step of the next base class, without weight decay.

    With the option `independent_decay` w ← w − λ w · lr / (initial lr), so that λ does not depend
    on the learning rate, and a schedule that ends the steps still ends the decay.  The initial
    learning rate of a group is the one that its schedule started from, `group["initial_lr"]`; for
    a group without a schedule of `lr_scheduler` the quotient is 1.
    """

    def check(self, group: dict[str, Any]) -> None:
        super().check(group)
        check_flag("independent_decay", group["independent_decay"])

    def update(self, params: list[Tensor], group: dict[str, Any]) -> None:
        rate, decay = float(group["lr"]), float(group["weight_decay"])
        if group["independent_decay"]:
            initial = float(group.get("initial_lr", rate))
            rate = rate / initial if initial != 0 else 1.0
        if decay != 0:
            for p in params:
                w = p.data
                w *= 1 - rate * decay
        super().update(params, {**group, "weight_decay": 0.0})
