"""Losses for class labels.  `reduction` over the examples: "mean" (default), "sum" or "none"."""

from __future__ import annotations

import math

from ..autograd import Tensor, composed, primitive
from ..backend import namespace
from ..checks import check_count, check_probability
from ..errors import ArgumentError
from .arithmetic import where
from .comparisons import not_equal
from .constants import as_constant, astype
from .elementwise_losses import as_floats, check_factors, check_reduction, reduce
from .indexing import as_integers, check_labels, getitem, one_hot
from .reductions import log_softmax, sum

__all__ = ["cross_entropy", "nll_loss"]


@composed
def cross_entropy(
    logits, labels, *, weight=None, ignore_index=None, label_smoothing=0.0, reduction="mean"
):
    """−log softmax(logits) at the label, averaged over the batch.

    With p = softmax(logits) and q the target distribution of an example, its loss is
    −Σ w_k q_k log p_k.  For integer labels q = (1 − ε) onehot + ε/K, and "mean" divides by the sum
    of the examples' class weights (by N without `weight`), as in PyTorch.

    d/dlogits of the plain mean is (p − onehot) / N.

    Args:
        logits: (N, K), unnormalised.
        labels: (N,) integers from 0 to K − 1, or (N, K) one-hot or soft rows that sum to 1.
        weight: (K,) a factor for each class, at least 0.
        ignore_index: the label of examples that do not count: their loss is 0, and the mean leaves
            them out.  None: every example counts (PyTorch's default is −100).
        label_smoothing: ε in [0, 1].

    Raises:
        ArgumentError: shapes that do not fit, labels out of range, "mean" if no example counts.

    Szegedy et al. (2016), "Rethinking the Inception architecture", section 7 (label smoothing).

    >>> mr.cross_entropy(mr.tensor([[0.0, 0.0]]), mr.tensor([1])).item()    # log 2
    0.6931471824645996
    """
    logits = as_floats(logits)
    if not isinstance(labels, Tensor):
        labels = Tensor(namespace(logits.data).asarray(labels))
    if weight is not None:
        weight = as_constant(weight, logits)
    n, classes = check_targets(logits.data, labels.data, weight, reduction)
    hard = labels.data.ndim == 1
    labels, counted = separate_ignored(labels, ignore_index)
    example_weight = None
    if hard:
        check_labels(labels.data, classes)
        example_weight = weigh_examples(labels, weight, counted)

    if hard and label_smoothing == 0:
        if example_weight is None:
            divisor = n if reduction == "mean" else 1 if reduction == "sum" else None
            return _cross_entropy(logits, labels, divisor)
        losses = _cross_entropy(logits, labels, None)
        if weight is not None:
            losses = losses * weight[labels]
    else:
        check_probability("label_smoothing", label_smoothing)
        q = astype(one_hot(labels, classes), logits.dtype) if hard else labels
        q = q * (1 - label_smoothing) + label_smoothing / classes
        log_p = log_softmax(logits)
        # A class with q = 0 adds nothing, even where its logit is −inf.
        log_p = where((q == 0) & (log_p == -math.inf), 0, log_p)
        terms = -(q * log_p)
        losses = sum(terms if weight is None else terms * weight, axis=-1)
    return average(losses, counted, example_weight, reduction)


@composed
def nll_loss(log_probabilities, labels, *, weight=None, ignore_index=None, reduction="mean"):
    """−log p at the label, averaged over the batch: what follows `log_softmax` in cross-entropy.

    "mean" divides by the sum of the examples' class weights (by N without `weight`), as in PyTorch.

    Args:
        log_probabilities: (N, K), as `log_softmax` gives them.
        labels: (N,) integers from 0 to K − 1.
        weight: (K,) a factor for each class, at least 0.
        ignore_index: the label of examples that do not count, as in `cross_entropy`.

    >>> log_p = mr.log_softmax(mr.tensor([[0.0, 0.0]]))
    >>> mr.nll_loss(log_p, mr.tensor([1])).item()    # log 2
    0.6931471824645996
    """
    log_probabilities = as_floats(log_probabilities)
    labels = Tensor(as_integers(labels, log_probabilities))
    if weight is not None:
        weight = as_constant(weight, log_probabilities)
    n, classes = check_targets(log_probabilities.data, labels.data, weight, reduction)
    labels, counted = separate_ignored(labels, ignore_index)
    check_labels(labels.data, classes)
    losses = -log_probabilities[namespace(labels.data).arange(n), labels]
    if weight is not None:
        losses = losses * weight[labels]
    return average(losses, counted, weigh_examples(labels, weight, counted), reduction)


def separate_ignored(labels, ignore_index):
    """Return the labels with class 0 in place of `ignore_index`, and which of them count, or None
    if all do.
    """
    if ignore_index is None:
        return labels, None
    check_count("ignore_index", ignore_index, minimum=-(2**63))
    if labels.ndim != 1:
        raise ArgumentError(
            f"ignore_index is for (N,) integer labels, got rows of shape {labels.shape}. Leave "
            f"examples without a label out of the data.",
            argument="ignore_index",
        )
    counted = not_equal(labels, ignore_index)
    return where(counted, labels, 0), counted


def weigh_examples(labels, weight, counted):
    """The factor of each example's loss, of which "mean" divides by the sum; None: 1 for all."""
    if counted is None:
        return None if weight is None else weight[labels]
    return where(counted, 1 if weight is None else weight[labels], 0)


def average(losses, counted, example_weight, reduction):
    """`reduce`, with Σ example_weight as the divisor of the mean; ignored losses become 0."""
    if counted is not None:
        losses = where(counted, losses, 0)
        on_numpy = namespace(counted.data).name == "numpy"  # elsewhere it would cost a transfer
        if reduction == "mean" and on_numpy and not counted.data.any():
            raise ArgumentError(
                "every label of this batch is ignore_index, and the mean over no example does not "
                "exist. Leave examples without a label out of the data."
            )
    if reduction == "mean" and example_weight is not None:
        return sum(losses) / sum(example_weight)
    return reduce(losses, reduction)


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
    if weight is not None:
        check_factors("weight", weight)
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
    total = xp.sum(e, axis=1)
    losses = xp.log(total) - shifted[rows, labels]

    def vjp(g):
        p = e / total[:, None]
        p[rows, labels] -= 1
        p *= g[:, None] if divisor is None else g / divisor
        return p

    return losses if divisor is None else losses.sum() / divisor, (vjp,)
