"""Losses.  `reduction` is "mean" (the default), "sum" or "none", over the examples."""

from __future__ import annotations

import math

from ..autograd import Tensor, primitive
from ..backend import namespace
from ..errors import ArgumentError, check_probability
from .arithmetic import square, subtract, where
from .constants import astype
from .indexing import check_labels, getitem, one_hot
from .reductions import log_softmax, mean, sum

REDUCTIONS = ("mean", "sum", "none")


def check_reduction(reduction):
    if reduction not in REDUCTIONS:
        raise ArgumentError(f"reduction must be 'mean', 'sum' or 'none', got {reduction!r}.")


def mse_loss(prediction, target, reduction="mean"):
    """The mean of (prediction − target)² over all entries, without a factor ½.

    Args:
        prediction, target: the same shape; nothing is broadcast.

    >>> import minireg as mr
    >>> mr.mse_loss(mr.tensor([1.0, 2.0]), mr.tensor([1.0, 4.0])).item()
    2.0
    """
    check_reduction(reduction)
    if prediction.shape != target.shape:
        raise ArgumentError(
            f"mse_loss: prediction {prediction.shape} and target {target.shape} must have the same "
            f"shape; broadcasting would compare every prediction with every target."
        )
    errors = square(subtract(prediction, target))
    return {"mean": mean, "sum": sum, "none": lambda x: x}[reduction](errors)


def cross_entropy(logits, labels, weight=None, label_smoothing=0.0, reduction="mean"):
    """−log softmax(logits) at the label, averaged over the batch.

    With p = softmax(logits) and q the target distribution of an example, its loss is
    −Σ w_k q_k log p_k.  For integer labels q = (1 − ε) onehot + ε/K, and "mean" divides by the sum
    of the examples' class weights (by N without `weight`), as in PyTorch.
    d/dlogits of the plain mean is (p − onehot) / N.

    Args:
        logits: (N, K), unnormalised.
        labels: (N,) integers from 0 to K − 1, or (N, K) one-hot or soft rows that sum to 1.
        weight: (K,) a factor for each class.
        label_smoothing: ε in [0, 1].

    Raises:
        ArgumentError: shapes that do not fit, labels out of range, an empty batch with "mean".

    Szegedy et al. (2016), "Rethinking the Inception architecture", section 7 (label smoothing).

    >>> import minireg as mr
    >>> mr.cross_entropy(mr.tensor([[0.0, 0.0]]), mr.tensor([1])).item()    # log 2
    0.6931471824645996
    """
    check_reduction(reduction)
    if not isinstance(labels, Tensor):
        labels = Tensor(namespace(logits.data).asarray(labels))
    if weight is not None and not isinstance(weight, Tensor):
        weight = Tensor(namespace(logits.data).asarray(weight, dtype=logits.dtype))
    check_targets(logits, labels, weight, reduction)
    n, classes = logits.shape
    hard = labels.ndim == 1
    if hard:
        check_labels("cross_entropy", labels.data, classes)
    example_weight = getitem(weight, labels) if hard and weight is not None else None
    if hard and label_smoothing == 0:
        scale = divisor(example_weight, n, reduction)
        return _cross_entropy(logits, labels, scale, reduction != "none")

    check_probability("label_smoothing", label_smoothing)
    q = labels
    if hard:
        q = astype(one_hot(labels, classes), logits.dtype)
    q = q * (1 - label_smoothing) + label_smoothing / classes
    log_p = log_softmax(logits)
    # A class that has no part in q costs nothing, even where its logit is −inf.
    log_p = where((q == 0) & (log_p == -math.inf), 0, log_p)
    terms = -(q * log_p)
    if weight is not None:
        terms = terms * weight
    losses = sum(terms, axis=-1)
    if reduction == "none":
        return losses
    total = sum(losses)
    if reduction == "sum":
        return total
    return total / (n if example_weight is None else sum(example_weight))


def check_targets(logits, labels, weight, reduction):
    if logits.ndim != 2:
        raise ArgumentError(f"cross_entropy: logits must be (N, K), got {logits.shape}.")
    n, classes = logits.shape
    if labels.shape not in ((n,), (n, classes)):
        raise ArgumentError(
            f"cross_entropy: labels must be ({n},) integers or ({n}, {classes}) rows for logits of "
            f"shape {logits.shape}, got {labels.shape}."
        )
    if labels.ndim == 2 and labels.dtype.kind in "iub":
        raise ArgumentError(
            f"cross_entropy: one-hot or soft rows must be floats, got {labels.dtype}."
        )
    if weight is not None and weight.shape != (classes,):
        raise ArgumentError(
            f"cross_entropy: weight must have one entry for each of the {classes} classes, got "
            f"shape {weight.shape}."
        )
    if n == 0 and reduction == "mean":
        raise ArgumentError("cross_entropy: the mean over an empty batch does not exist.")


def divisor(example_weight, n, reduction):
    """What each example's loss is multiplied with before the losses are added (or returned)."""
    if example_weight is None:
        return 1 / n if reduction == "mean" else 1.0
    return example_weight / sum(example_weight) if reduction == "mean" else example_weight


def _composed(logits, labels, scale, sum_up):
    rows = namespace(labels.data).arange(labels.shape[0])
    losses = -getitem(log_softmax(logits), (rows, labels)) * scale
    return sum(losses) if sum_up else losses


@primitive(plain=_composed)
def _cross_entropy(logits, labels, scale, sum_up):
    """−scale log softmax(logits)[label] for each row, or the sum.  d/dlogits = scale (p − onehot).

    Args:
        logits: (N, K);  labels: (N,) integers;  scale: a number or (N,);  sum_up: return the sum.
    """
    xp = namespace(logits)
    rows = xp.arange(labels.shape[0])
    shifted = logits - logits.max(axis=1, keepdims=True)
    e = xp.exp(shifted)
    total = e.sum(axis=1, keepdims=True)
    losses = xp.log(total[:, 0]) - shifted[rows, labels]
    losses *= scale

    def vjp(g):
        p = e / total
        p[rows, labels] -= 1
        p *= (g * scale).reshape((-1, 1))
        return p

    return losses.sum() if sum_up else losses, (vjp,)
