"""Losses as modules that hold their options; see `minireg.ops` for formulas and sources."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from .. import ops
from ..autograd import Tensor, raw
from ..backend import namespace
from ..checks import Checked, check_count, check_number, check_probability
from ..ops.elementwise_losses import REDUCTIONS
from ..ops.losses import check_reduction, separate_ignored, weigh_examples
from .module import Module
from .parameter import Buffer

__all__ = [
    "BCEWithLogitsLoss", "CrossEntropyLoss", "HuberLoss", "KLDivLoss", "L1Loss", "MSELoss",
    "NLLLoss", "SmoothL1Loss",
]  # fmt: skip


class Loss(Module):
    """The base of the losses, with their reduction and the divisor of the mean over a batch.

    Args:
        reduction: "mean", "sum" or "none".
    """

    reductions: ClassVar[tuple[str, ...]] = REDUCTIONS

    def __init__(self, *, reduction: str = "mean") -> None:
        check_reduction(reduction, self.reductions)
        self.reduction = reduction

    def divisor(self, labels: Any) -> Any:
        """What the mean over this batch was divided by, used to average over several batches.

        A factor that is the same for all batches, such as the size of a target, is left out.
        """
        return len(labels)

    def extra_repr(self) -> str:
        own = [name for name in vars(self) if name not in ("training", "reduction")]
        return ", ".join(f"{name}={getattr(self, name)!r}" for name in (*own, "reduction"))


class ClassLoss(Loss):
    """The base of the losses of class labels, with a factor for each class.

    "mean" divides by the sum of the examples' factors, Σ w[label], and without factors by N;
    examples whose label is `ignore_index` do not count.

    Args:
        weight: (K,) a factor for each class, at least 0.
        ignore_index: the label of examples that do not count; None: all count.
        reduction: "mean", "sum" or "none".
    """

    weight: Any

    def __init__(
        self, weight: Any = None, *, ignore_index: int | None = None, reduction: str = "mean"
    ) -> None:
        super().__init__(reduction=reduction)
        self.weight = as_buffer(weight)
        if ignore_index is not None:
            ignore_index = check_count("ignore_index", ignore_index, minimum=-(2**63))
        self.ignore_index = ignore_index

    def divisor(self, labels: Any) -> Any:
        """Σ w[label] over the batch, on its device; N without weights or if the labels are rows."""
        labels = raw(labels)
        if labels.ndim != 1:
            return len(labels)
        kept, counted = separate_ignored(Tensor(labels), self.ignore_index)
        weight = self.weight
        if weight is not None:
            weight = Tensor(namespace(labels).asarray(raw(weight)))
        factors = weigh_examples(kept, weight, counted)
        return len(labels) if factors is None else factors.data.sum(dtype=np.float64)


class CrossEntropyLoss(ClassLoss):
    """−log softmax(logits) at the label; see `minireg.cross_entropy` for formula and shapes.

    Args:
        weight: (K,) a factor for each class, at least 0.
        ignore_index: the label of examples that do not count; None: all count.
        label_smoothing: ε in [0, 1].
        reduction: "mean", "sum" or "none".

    >>> criterion = CrossEntropyLoss()
    >>> round(criterion(mr.zeros((4, 10)), mr.tensor([0, 1, 2, 3])).item(), 4)     # log 10
    2.3026
    """

    label_smoothing: Any = Checked(check_probability)

    def __init__(
        self,
        weight: Any = None,
        *,
        ignore_index: int | None = None,
        label_smoothing: float = 0.0,
        reduction: str = "mean",
    ) -> None:
        super().__init__(weight, ignore_index=ignore_index, reduction=reduction)
        self.label_smoothing = label_smoothing

    def forward(self, logits: Tensor, labels: Any) -> Tensor:
        return ops.cross_entropy(
            logits,
            labels,
            weight=self.weight,
            ignore_index=self.ignore_index,
            label_smoothing=self.label_smoothing,
            reduction=self.reduction,
        )


class NLLLoss(ClassLoss):
    """−log p at the label, for log-probabilities as `LogSoftmax` gives; see `minireg.nll_loss`.

    Args:
        weight: (K,) a factor for each class, at least 0.
        ignore_index: the label of examples that do not count; None: all count.
        reduction: "mean", "sum" or "none".

    >>> NLLLoss()(mr.tensor([[-1.0, -2.0]]), mr.tensor([1])).item()
    2.0
    """

    def forward(self, log_probabilities: Tensor, labels: Any) -> Tensor:
        return ops.nll_loss(
            log_probabilities,
            labels,
            weight=self.weight,
            ignore_index=self.ignore_index,
            reduction=self.reduction,
        )


class BCEWithLogitsLoss(Loss):
    """Binary cross-entropy of logits; see `minireg.binary_cross_entropy_with_logits`.

    Args:
        weight: a factor for each loss, broadcast.
        pos_weight: a factor for the losses of positive examples, broadcast.
        reduction: "mean", "sum" or "none".

    >>> criterion = BCEWithLogitsLoss(pos_weight=mr.tensor([3.0]))
    >>> round(criterion(mr.zeros((4, 1)), mr.ones((4, 1))).item(), 4)     # 3 log 2
    2.0794
    """

    weight: Any
    pos_weight: Any

    def __init__(
        self, weight: Any = None, *, pos_weight: Any = None, reduction: str = "mean"
    ) -> None:
        super().__init__(reduction=reduction)
        self.weight = as_buffer(weight)
        self.pos_weight = as_buffer(pos_weight)

    def forward(self, logits: Tensor, target: Any) -> Tensor:
        return ops.binary_cross_entropy_with_logits(
            logits, target, weight=self.weight, pos_weight=self.pos_weight, reduction=self.reduction
        )


class KLDivLoss(Loss):
    """q (log q − log p), the Kullback-Leibler divergence from p to q; see `minireg.kl_div`.

    Args:
        log_target: whether the target is log q.
        reduction: "batchmean" is the divergence of an example; "mean" (the default, as in PyTorch)
            divides by the number of classes too; "sum" or "none".

    >>> log_p = mr.log_softmax(mr.tensor([[0.0, 0.0]]))
    >>> KLDivLoss(reduction="batchmean")(log_p, mr.tensor([[0.5, 0.5]])).item()
    0.0
    """

    reductions: ClassVar[tuple[str, ...]] = ("batchmean", *REDUCTIONS)

    def __init__(self, *, log_target: bool = False, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        self.log_target = log_target

    def forward(self, log_probabilities: Tensor, target: Any) -> Tensor:
        return ops.kl_div(
            log_probabilities, target, log_target=self.log_target, reduction=self.reduction
        )


class MSELoss(Loss):
    """(prediction − target)², without a factor ½; see `minireg.mse_loss`.

    Args:
        reduction: "mean" (over all entries), "sum" or "none".

    >>> MSELoss()(mr.tensor([1.0, 2.0]), mr.tensor([1.0, 4.0])).item()
    2.0
    """

    def forward(self, prediction: Tensor, target: Any) -> Tensor:
        return ops.mse_loss(prediction, target, reduction=self.reduction)


class L1Loss(Loss):
    """|prediction − target|; see `minireg.l1_loss`.

    Args:
        reduction: "mean" (over all entries), "sum" or "none".

    >>> L1Loss()(mr.tensor([1.0, 2.0]), mr.tensor([1.0, 4.0])).item()
    1.0
    """

    def forward(self, prediction: Tensor, target: Any) -> Tensor:
        return ops.l1_loss(prediction, target, reduction=self.reduction)


class HuberLoss(Loss):
    """Quadratic near the target, linear beyond δ; see `minireg.huber_loss`.

    Args:
        delta: δ > 0.
        reduction: "mean" (over all entries), "sum" or "none".

    >>> HuberLoss(delta=1.0)(mr.tensor([5.0]), mr.tensor([0.0])).item()
    4.5
    """

    delta: Any = Checked(check_number, above=0)

    def __init__(self, *, delta: float = 1.0, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        self.delta = delta

    def forward(self, prediction: Tensor, target: Any) -> Tensor:
        return ops.huber_loss(prediction, target, delta=self.delta, reduction=self.reduction)


class SmoothL1Loss(Loss):
    """`HuberLoss` with δ = β, divided by β; see `minireg.smooth_l1_loss`.

    Args:
        beta: β ≥ 0; 0 gives `L1Loss`.
        reduction: "mean" (over all entries), "sum" or "none".

    >>> SmoothL1Loss(beta=2.0)(mr.tensor([1.0]), mr.tensor([0.0])).item()
    0.25
    """

    beta: Any = Checked(check_number, minimum=0)

    def __init__(self, *, beta: float = 1.0, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        self.beta = beta

    def forward(self, prediction: Tensor, target: Any) -> Tensor:
        return ops.smooth_l1_loss(prediction, target, beta=self.beta, reduction=self.reduction)


def as_buffer(weight: Any) -> Any:
    """A Tensor as a Buffer, which moves with its module; numbers and lists as they are."""
    return Buffer(weight) if isinstance(weight, Tensor) else weight
