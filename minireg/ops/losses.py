"""Losses for class labels.  `reduction` over the examples: "mean" (default), "sum" or "none"."""

from __future__ import annotations

import math

from ..autograd import Tensor, composed, primitive
from ..backend import namespace
from ..checks import check_probability
from ..errors import ArgumentError
from .arithmetic import where
from .constants import as_constant, astype
from .elementwise_losses import check_reduction, reduce
from .indexing import as_integers, check_labels, getitem, one_hot
from .reductions import log_softmax, sum

__all__ = ["cross_entropy", "nll_loss"]


@composed
def cross_entropy(logits, labels, *, weight=None, label_smoothing=0.0, reduction="mean"):
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

    >>> mr.cross_entropy(mr.tensor([[0.0, 0.0]]), mr.tensor([1])).item()    # log 2
    0.6931471824645996
    """
    if not isinstance(labels, Tensor):
        labels = Tensor(namespace(logits.data).asarray(labels))
    if weight is not None:
        weight = as_constant(weight, logits)
    n, classes = check_targets(logits.data, labels.data, weight, reduction)
    hard = labels.data.ndim == 1
    if hard:
        check_labels(labels.data, classes)
    example_weight = weight[labels] if hard and weight is not None else None

    if hard and label_smoothing == 0:
        if weight is None:
            divisor = n if reduction == "mean" else 1 if reduction == "sum" else None
            return _cross_entropy(logits, labels, divisor)
        losses = _cross_entropy(logits, labels, None) * example_weight
    else:
        check_probability("label_smoothing", label_smoothing)
        q = astype(one_hot(labels, classes), logits.dtype) if hard else labels
        q = q * (1 - label_smoothing) + label_smoothing / classes
        log_p = log_softmax(logits)
        # A class with q = 0 adds nothing, even where its logit is −inf.
        log_p = where((q == 0) & (log_p == -math.inf), 0, log_p)
        terms = -(q * log_p)
        losses = sum(terms if weight is None else terms * weight, axis=-1)
    if reduction == "none":
        return losses
    if reduction == "sum":
        return sum(losses)
    return sum(losses) / (n if example_weight is None else sum(example_weight))


@composed
def nll_loss(log_probabilities, labels, *, weight=None, reduction="mean"):
    """−log p at the label, averaged over the batch: what follows `log_softmax` in cross-entropy.

    "mean" divides by the sum of the examples' class weights (by N without `weight`), as in PyTorch.

    Args:
        log_probabilities: (N, K), as `log_softmax` gives them.
        labels: (N,) integers from 0 to K − 1.
        weight: (K,) a factor for each class.

    >>> log_p = mr.log_softmax(mr.tensor([[0.0, 0.0]]))
    >>> mr.nll_loss(log_p, mr.tensor([1])).item()    # log 2
    0.6931471824645996
    """
    labels = Tensor(as_integers(labels, log_probabilities))
    if weight is not None:
        weight = as_constant(weight, log_probabilities)
    n, classes = check_targets(log_probabilities.data, labels.data, weight, reduction)
    check_labels(labels.data, classes)
    losses = -log_probabilities[namespace(labels.data).arange(n), labels]
    if weight is None:
        return reduce(losses, reduction)
    example_weight = weight[labels]
    losses = losses * example_weight
    return sum(losses) / sum(example_weight) if reduction == "mean" else reduce(losses, reduction)


def check_targets(logits, labels, weight, reduction):
    """Check the arrays `logits` and `labels`, and return (N, K)."""
    check_reduction(reduction)
    if logits.ndim != 2:
        raise ArgumentError(f"logits must be (N, K), got {logits.shape}.")
    n, classes = logits.shape
    if labels.shape not in ((n,), (n, classes)):
        raise ArgumentError(
            f"labels must be ({n},) integers or ({n}, {classes}) rows for logits of "
            f"shape {logits.shape}, got {labels.shape}."
        )
    if labels.ndim == 2 and labels.dtype.kind in "iub":
        raise ArgumentError(f"one-hot or soft rows must be floats, got {labels.dtype}.")
    if weight is not None and weight.shape != (classes,):
        raise ArgumentError(
            f"weight must have one entry for each of the {classes} classes, got "
            f"shape {weight.shape}."
        )
    if n == 0 and reduction == "mean":
        raise ArgumentError("the mean over an empty batch does not exist.")
    return n, classes


def _plain_cross_entropy(logits, labels, divisor):
    rows = namespace(labels.data).arange(labels.shape[0])
    losses = -getitem(log_softmax(logits), (rows, labels))
    return losses if divisor is None else sum(losses) / divisor


@primitive(plain=_plain_cross_entropy)
def _cross_entropy(logits, labels, divisor):
    """−log softmax(logits)[label] of each row.  d/dlogits = p − onehot.

    Args:
        logits: (N, K);  labels: (N,) integers.
        divisor: what the sum over the rows is divided by; None gives the loss of each row, (N,).
    """
    xp = namespace(logits)
    rows = xp.arange(labels.shape[0])
    largest = logits[rows, logits.argmax(axis=1)]  # for short rows far faster than max(axis=1)
    shifted = logits - largest[:, None]
    e = xp.exp(shifted)
    total = e.sum(axis=1)
    losses = xp.log(total) - shifted[rows, labels]

    def vjp(g):
        p = e / total[:, None]
        p[rows, labels] -= 1
        p *= g[:, None] if divisor is None else g / divisor
        return p

    return losses if divisor is None else losses.sum() / divisor, (vjp,)
