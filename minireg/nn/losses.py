"""Losses as modules: they hold their options."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..errors import check_probability
from ..ops.losses import check_reduction
from .module import Module


class CrossEntropyLoss(Module):
    """−log softmax(logits) at the label; see `minireg.cross_entropy` for formula and shapes.

    Args:
        weight: (K,) a factor for each class.
        label_smoothing: ε in [0, 1].
        reduction: "mean", "sum" or "none".

    >>> import minireg as mr
    >>> criterion = CrossEntropyLoss()
    >>> round(criterion(mr.zeros((4, 10)), mr.tensor([0, 1, 2, 3])).item(), 4)     # log 10
    2.3026
    """

    def __init__(
        self, weight: Any = None, *, label_smoothing: float = 0.0, reduction: str = "mean"
    ) -> None:
        check_reduction(reduction)
        self.weight = weight
        self.label_smoothing = check_probability("label_smoothing", label_smoothing)
        self.reduction = reduction

    def forward(self, logits: Any, labels: Any) -> Any:
        return ops.cross_entropy(logits, labels, self.weight, self.label_smoothing, self.reduction)
