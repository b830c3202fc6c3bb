"""What metrics add up over batches: arrays on the device, made without reading their values."""

from __future__ import annotations

from ..backend import Array, namespace
from ..errors import ArgumentError
from ..ops.indexing import check_labels


def check_scores(outputs: Array, labels: Array) -> int:
    """Return K for (N, K) outputs and (N,) labels below K."""
    if outputs.ndim != 2 or labels.shape != outputs.shape[:1]:
        raise ArgumentError(
            f"Counting classes needs (N, K) outputs and (N,) labels, got {outputs.shape} and "
            f"{labels.shape}."
        )
    check_labels(labels, outputs.shape[1])
    return outputs.shape[1]


def check_predictions(outputs: Array, labels: Array) -> None:
    if outputs.shape != labels.shape:
        raise ArgumentError(
            f"Predictions and targets must have the same shape, got {outputs.shape} and "
            f"{labels.shape}; broadcasting would compare every prediction with every target."
        )


def hit_counts(outputs: Array, labels: Array) -> Array:
    """Return (2,) the number of wrong and of right predictions."""
    check_scores(outputs, labels)
    hits = outputs.argmax(axis=1) == labels
    return namespace(outputs).stack([~hits, hits]).sum(axis=1)


def rank_counts(outputs: Array, labels: Array) -> Array:
    """Return (K,) how often the true class has the highest output, the second highest, …

    Of equal outputs the lower class number comes first, as it does in argmax.
    """
    xp, classes = namespace(outputs), check_scores(outputs, labels)
    own, numbers = outputs[xp.arange(len(labels)), labels], xp.arange(classes)
    ties = (outputs == own[:, None]) & (numbers < labels[:, None])
    ranks = ((outputs > own[:, None]) | ties).sum(axis=1)
    return xp.scatter_add(xp.ones_like(ranks), ranks, (classes,))


def confusion_counts(outputs: Array, labels: Array) -> Array:
    """Return (K, K) how often class i (row) is predicted as class j (column)."""
    xp, classes = namespace(outputs), check_scores(outputs, labels)
    predicted = outputs.argmax(axis=1)
    return xp.scatter_add(xp.ones_like(labels), (labels, predicted), (classes, classes))


def error_sums(outputs: Array, labels: Array) -> Array:
    """Return (3,) the number of entries, Σ|error| and Σ error², in float64."""
    check_predictions(outputs, labels)
    xp = namespace(outputs)
    errors = outputs.astype(xp.float64) - labels
    parts = xp.stack([xp.ones_like(errors), xp.abs(errors), errors * errors])
    return parts.reshape((3, -1)).sum(axis=1)
