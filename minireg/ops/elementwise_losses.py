"""Losses that compare a prediction with a target of the same shape, entry by entry.

`reduction` is "mean" (the default: over all entries), "sum" or "none".
"""

from __future__ import annotations

from ..backend import namespace
from ..checks import check_number
from ..errors import ArgumentError
from .activations import relu, softplus
from .arithmetic import abs, clip, square, subtract, where
from .comparisons import not_equal
from .constants import constant
from .elementary import exp, log
from .reductions import mean, sum

REDUCTIONS = ("mean", "sum", "none")


def check_reduction(reduction, known=REDUCTIONS):
    if reduction not in known:
        names = ", ".join(map(repr, known[:-1]))
        raise ArgumentError(f"reduction must be {names} or {known[-1]!r}, got {reduction!r}.")


def check_shapes(name, prediction, target):
    if prediction.shape != target.shape:
        raise ArgumentError(
            f"{name}: prediction {prediction.shape} and target {target.shape} must have the same "
            f"shape; broadcasting would compare every prediction with every target."
        )


def reduced(losses, reduction):
    """The mean of the losses, their sum, or themselves."""
    check_reduction(reduction)
    return {"mean": mean, "sum": sum, "none": lambda x: x}[reduction](losses)


def mse_loss(prediction, target, reduction="mean"):
    """The mean of (prediction − target)² over all entries, without a factor ½.

    Args:
        prediction, target: the same shape; nothing is broadcast.

    >>> import minireg as mr
    >>> mr.mse_loss(mr.tensor([1.0, 2.0]), mr.tensor([1.0, 4.0])).item()
    2.0
    """
    check_shapes("mse_loss", prediction, target)
    return reduced(square(subtract(prediction, target)), reduction)


def l1_loss(prediction, target, reduction="mean"):
    """The mean of |prediction − target| over all entries; its slope is 0 where they are equal.

    Args:
        prediction, target: the same shape; nothing is broadcast.

    >>> import minireg as mr
    >>> mr.l1_loss(mr.tensor([1.0, 2.0]), mr.tensor([1.0, 4.0])).item()
    1.0
    """
    check_shapes("l1_loss", prediction, target)
    return reduced(abs(subtract(prediction, target)), reduction)


def huber_loss(prediction, target, reduction="mean", delta=1.0):
    """Quadratic near the target, linear far from it: an outlier pulls with a force of at most δ.

    With d = prediction − target it is d²/2 for |d| ≤ δ, and δ (|d| − δ/2) beyond.

    Args:
        prediction, target: the same shape; nothing is broadcast.
        delta: δ > 0.

    Huber (1964), "Robust estimation of a location parameter", Annals of Math. Statistics 35.

    >>> import minireg as mr
    >>> mr.huber_loss(mr.tensor([1.0, 5.0]), mr.tensor([0.0, 0.0]), reduction="none").tolist()
    [0.5, 4.5]
    """
    check_shapes("huber_loss", prediction, target)
    delta = check_number("delta", delta, above=0)
    d = subtract(prediction, target)
    near = clip(d, -delta, delta)  # d²/2 = d (d − d/2), and δ (|d| − δ/2) = δ (d − δ/2) for d > δ
    return reduced(near * (d - 0.5 * near), reduction)


def smooth_l1_loss(prediction, target, reduction="mean", beta=1.0):
    """The Huber loss with δ = β, divided by β: far from the target its slope is ±1.

    With d = prediction − target it is d²/(2β) for |d| ≤ β, and |d| − β/2 beyond.

    Args:
        prediction, target: the same shape; nothing is broadcast.
        beta: β ≥ 0; 0 gives `l1_loss`.

    Girshick (2015), "Fast R-CNN", equation 3.

    >>> import minireg as mr
    >>> mr.smooth_l1_loss(mr.tensor([1.0]), mr.tensor([0.0]), beta=2.0).item()
    0.25
    """
    check_shapes("smooth_l1_loss", prediction, target)
    if check_number("beta", beta, minimum=0) == 0:
        return l1_loss(prediction, target, reduction)
    return huber_loss(prediction, target, reduction, delta=beta) / beta


def binary_cross_entropy_with_logits(
    logits, target, weight=None, reduction="mean", pos_weight=None
):
    """−t log σ(x) − (1 − t) log(1 − σ(x)), exact for logits x of any size.  d/dx = σ(x) − t.

    Computed as (1 − t) x + log(1 + e⁻ˣ).

    Args:
        logits: x, any shape, unnormalised.
        target: t, the same shape, from 0 to 1.
        weight: a factor for each loss, broadcast.
        pos_weight: a factor for the first term (t = 1), broadcast: more than 1 where examples with
            t = 1 are rare.

    >>> import minireg as mr
    >>> mr.binary_cross_entropy_with_logits(mr.tensor([0.0]), mr.tensor([1.0])).item()    # log 2
    0.6931471824645996
    """
    check_shapes("binary_cross_entropy_with_logits", logits, target)
    minus_log_sigmoid = softplus(-logits)
    if pos_weight is not None:
        factor = 1 + subtract(constant(pos_weight, logits), 1) * target  # pos_weight where t = 1
        minus_log_sigmoid = minus_log_sigmoid * factor
    losses = (1 - target) * logits + minus_log_sigmoid
    return reduced(losses if weight is None else losses * constant(weight, logits), reduction)


def kl_div(log_probabilities, target, reduction="mean", log_target=False):
    """q (log q − log p) in each entry: the parts of the Kullback-Leibler divergence from p to q.

    Args:
        log_probabilities: log p, as `log_softmax` gives it.
        target: q ≥ 0, the same shape; entries with q = 0 give 0.  log q with `log_target`.
        reduction: "batchmean" divides the sum by the number of rows and is the divergence;
            "mean" (the default, as in PyTorch) divides it by the number of entries.

    >>> import minireg as mr
    >>> log_p = mr.log(mr.tensor([[0.5, 0.5]]))
    >>> mr.kl_div(log_p, mr.tensor([[1.0, 0.0]]), reduction="batchmean").item()    # log 2
    0.6931471824645996
    """
    check_shapes("kl_div", log_probabilities, target)
    check_reduction(reduction, ("batchmean", *REDUCTIONS))
    if log_target:
        losses = exp(target) * (target - log_probabilities)
    else:
        present = not_equal(target, 0)  # where it is absent: 1 (log 1 − 0) = 0
        q, log_p = where(present, target, 1), where(present, log_probabilities, 0)
        losses = q * (log(q) - log_p)
    if reduction == "batchmean":
        return sum(losses) / log_probabilities.shape[0]
    return reduced(losses, reduction)


def hinge(scores, target, reduction="mean"):
    """max(0, 1 − t x): no loss once a score x is on the right side by a margin of 1.

    Args:
        scores: x, any shape.
        target: t, the same shape, −1 or +1.

    Cortes, Vapnik (1995), "Support-vector networks", Machine Learning 20.

    >>> import minireg as mr
    >>> mr.hinge(mr.tensor([2.0, 0.5]), mr.tensor([1.0, -1.0]), reduction="none").tolist()
    [0.0, 1.5]
    """
    check_shapes("hinge", scores, target)
    target = constant(target, scores)
    on_numpy = namespace(target.data).name == "numpy"  # elsewhere looking would cost a transfer
    if on_numpy and not (target.data * target.data == 1).all():
        raise ArgumentError("hinge: targets are -1 or +1. For labels 0 and 1 pass 2 * labels - 1.")
    return reduced(relu(1 - target * scores), reduction)
