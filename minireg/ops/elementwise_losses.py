"""Losses that compare a prediction with a target of the same shape, entry by entry.

`reduction` is "mean" (the default: over all entries), "sum" or "none".  The options of all losses
are keywords, in the same order: weights, parameters of the loss, `reduction`.  Integers are
converted to floats: their differences would wrap around.
"""

from __future__ import annotations

from ..autograd import composed, primitive
from ..backend import namespace
from ..checks import check_number
from ..errors import ArgumentError
from .activations import relu, softplus
from .arithmetic import abs, square, subtract, where
from .comparisons import not_equal
from .constants import as_constant, astype
from .elementary import exp, log
from .reductions import mean, sum

__all__ = [
    "binary_cross_entropy_with_logits", "hinge", "huber_loss", "kl_div", "l1_loss", "mse_loss",
    "smooth_l1_loss",
]  # fmt: skip

REDUCTIONS = ("mean", "sum", "none")


def check_reduction(reduction, known=REDUCTIONS):
    if reduction not in known:
        names = ", ".join(map(repr, known[:-1]))
        raise ArgumentError(
            f"reduction must be {names} or {known[-1]!r}, got {reduction!r}.", argument="reduction"
        )


def as_pair(prediction, target):
    """Both as floats, after a check of their shapes."""
    if prediction.shape != target.shape:
        raise ArgumentError(
            f"prediction {prediction.shape} and target {target.shape} must have the same shape; "
            f"broadcasting would compare every prediction with every target."
        )
    return as_floats(prediction, target), as_floats(target, prediction)


def as_floats(x, like=None):
    """x as floats: of the dtype of `like` if x holds integers and `like` floats, else float32."""
    if x.dtype.kind == "f":
        return x
    return astype(x, like.dtype if like is not None and like.dtype.kind == "f" else "float32")


def check_factors(name, factors):
    """Refuse negative factors; only on NumPy, where the check costs no transfer."""
    if namespace(factors.data).name == "numpy" and (factors.data < 0).any():
        raise ArgumentError(f"{name} must not be negative, got {factors.tolist()}.", argument=name)


def reduce(losses, reduction, known=REDUCTIONS):
    """The mean of the losses, their sum, or the losses themselves."""
    check_reduction(reduction, known)
    if losses.size == 0 and reduction in ("mean", "batchmean"):
        raise ArgumentError("the mean over an empty batch does not exist.")
    if reduction == "batchmean":
        return sum(losses) / losses.shape[0]
    return {"mean": mean, "sum": sum, "none": lambda x: x}[reduction](losses)


@composed
def mse_loss(prediction, target, *, reduction="mean"):
    """The mean of (prediction − target)² over all entries, without a factor ½.

    Args:
        prediction, target: the same shape; nothing is broadcast.

    >>> mr.mse_loss(mr.tensor([1.0, 2.0]), mr.tensor([1.0, 4.0])).item()
    2.0
    """
    prediction, target = as_pair(prediction, target)
    return reduce(square(subtract(prediction, target)), reduction)


@composed
def l1_loss(prediction, target, *, reduction="mean"):
    """The mean of |prediction − target| over all entries; its slope is 0 where they are equal.

    Args:
        prediction, target: the same shape; nothing is broadcast.

    >>> mr.l1_loss(mr.tensor([1.0, 2.0]), mr.tensor([1.0, 4.0])).item()
    1.0
    """
    prediction, target = as_pair(prediction, target)
    return reduce(abs(subtract(prediction, target)), reduction)


@composed
def huber_loss(prediction, target, *, delta=1.0, reduction="mean"):
    """Quadratic near the target, linear far from it: the gradient of an outlier is at most δ.

    With d = prediction − target it is d²/2 for |d| ≤ δ, and δ (|d| − δ/2) beyond.

    Args:
        prediction, target: the same shape; nothing is broadcast.
        delta: δ > 0.

    Huber (1964), "Robust estimation of a location parameter", Annals of Math. Statistics 35.

    >>> mr.huber_loss(mr.tensor([1.0, 5.0]), mr.tensor([0.0, 0.0]), reduction="none").tolist()
    [0.5, 4.5]
    """
    prediction, target = as_pair(prediction, target)
    delta = check_number("delta", delta, above=0)
    return reduce(_huber(subtract(prediction, target), delta), reduction)


@primitive
def _huber(d, delta):
    """c (d − c/2), where c is d limited to [−δ, δ].  d/dd = c."""
    c = namespace(d).clip(d, -delta, delta)
    y = -0.5 * c
    y += d
    y *= c
    return y, (lambda g: g * c,)


@composed
def smooth_l1_loss(prediction, target, *, beta=1.0, reduction="mean"):
    """The Huber loss with δ = β, divided by β: far from the target its slope is ±1.

    With d = prediction − target it is d²/(2β) for |d| ≤ β, and |d| − β/2 beyond.

    Args:
        prediction, target: the same shape; nothing is broadcast.
        beta: β ≥ 0; 0 gives `l1_loss`.

    Girshick (2015), "Fast R-CNN", equation 3.

    >>> mr.smooth_l1_loss(mr.tensor([1.0]), mr.tensor([0.0]), beta=2.0).item()
    0.25
    """
    if check_number("beta", beta, minimum=0) == 0:
        return l1_loss(prediction, target, reduction=reduction)
    return huber_loss(prediction, target, delta=beta, reduction=reduction) / beta


@composed
def binary_cross_entropy_with_logits(
    logits, target, *, weight=None, pos_weight=None, reduction="mean"
):
    """−t log σ(x) − (1 − t) log(1 − σ(x)), exact for logits x of any size.  d/dx = σ(x) − t.

    Computed as (1 − t) x + log(1 + e⁻ˣ).

    Args:
        logits: x, any shape, unnormalised.
        target: t, the same shape, from 0 to 1.
        weight: a factor for each loss, broadcast.
        pos_weight: a factor for the first term (t = 1), broadcast: more than 1 where examples with
            t = 1 are rare.

    >>> mr.binary_cross_entropy_with_logits(mr.tensor([0.0]), mr.tensor([1.0])).item()    # log 2
    0.6931471824645996
    """
    logits, target = as_pair(logits, target)
    minus_log_sigmoid = softplus(-logits)
    if pos_weight is not None:
        pos_weight = as_constant(pos_weight, logits)
        check_factors("pos_weight", pos_weight)
        factor = 1 + subtract(pos_weight, 1) * target  # pos_weight where t = 1
        minus_log_sigmoid = minus_log_sigmoid * factor
    losses = (1 - target) * logits + minus_log_sigmoid
    return reduce(losses if weight is None else losses * as_constant(weight, logits), reduction)


@composed
def kl_div(log_probabilities, target, *, log_target=False, reduction="mean"):
    """q (log q − log p) in each entry: the parts of the Kullback-Leibler divergence from p to q.

    Args:
        log_probabilities: log p, as `log_softmax` gives it.
        target: q ≥ 0, the same shape; entries with q = 0 give 0.  log q with `log_target`.
        reduction: "batchmean" divides the sum by the number of rows and is the divergence;
            "mean" (the default, as in PyTorch) divides it by the number of entries.

    >>> log_p = mr.log(mr.tensor([[0.5, 0.5]]))
    >>> mr.kl_div(log_p, mr.tensor([[1.0, 0.0]]), reduction="batchmean").item()    # log 2
    0.6931471824645996
    """
    log_probabilities, target = as_pair(log_probabilities, target)
    if log_target:
        losses = exp(target) * (target - log_probabilities)
    else:
        present = not_equal(target, 0)  # where it is absent: 1 (log 1 − 0) = 0
        q, log_p = where(present, target, 1), where(present, log_probabilities, 0)
        losses = q * (log(q) - log_p)
    return reduce(losses, reduction, ("batchmean", *REDUCTIONS))


@composed
def hinge(scores, target, *, reduction="mean"):
    """max(0, 1 − t x): no loss once a score x is on the right side by a margin of 1.

    Args:
        scores: x, any shape.
        target: t, the same shape, −1 or +1.

    Cortes, Vapnik (1995), "Support-vector networks", Machine Learning 20.

    >>> mr.hinge(mr.tensor([2.0, 0.5]), mr.tensor([1.0, -1.0]), reduction="none").tolist()
    [0.0, 1.5]
    """
    scores, target = as_pair(scores, as_constant(target, scores))
    on_numpy = namespace(target.data).name == "numpy"  # elsewhere the check would cost a transfer
    if on_numpy and not (target.data * target.data == 1).all():
        raise ArgumentError("targets must be -1 or +1. For labels 0 and 1 pass 2 * labels - 1.")
    return reduce(relu(1 - target * scores), reduction)
