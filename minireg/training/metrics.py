"""Metrics: measures of quality over a whole set of examples, exact for any batch size.

The F1 score of a set is not the mean of the F1 scores of its batches.  But counts can be added up
over batches.  So a metric has two functions: its *statistic* of one batch, an array that is
added up on the device, and its *value*, computed once from the total on the host.  Metrics with the
same statistic share it: one confusion matrix serves F1, precision and recall.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from ..autograd import raw
from ..backend import Array, namespace
from ..checks import check_choice, check_count, describe_value
from ..errors import ArgumentError, ArgumentTypeError
from .statistics import check_predictions, confusion_counts, error_sums, hit_counts, rank_counts

__all__ = [
    "Metric", "accuracy", "confusion_matrix", "f1", "mae", "mse", "precision", "r2", "recall",
    "score_classes", "top_k_accuracy",
]  # fmt: skip


@dataclass(frozen=True)
class Metric:
    """A measure of quality.  Call it with arrays of all outputs and targets to get its value.

    A plain function `f(outputs, labels)` of NumPy arrays can be used as a metric, too.  It is
    called once, with the outputs for all examples, which are kept until then (N · K numbers on the
    host).  Any function of `sklearn.metrics` can be used inside it.

    Args:
        name: the column of the history, the key in what `evaluate` returns.
        value: a function of the total of the statistic (a NumPy array); without a statistic a
            function of all outputs and all targets (NumPy arrays).
        statistic: a function of a batch's outputs and targets (arrays of any backend) that returns
            an array to be added up over the batches, without reading anything on the host.
        targets: the targets that it needs: "classes", "numbers" or "any".
        single: whether the value is one number, which a column of a history needs.

    >>> outputs, labels = np.array([[2.0, 1.0], [0.0, 3.0], [1.0, 0.0]]), np.array([0, 1, 1])
    >>> round(accuracy()(outputs, labels), 4), round(f1()(outputs, labels), 4)
    (0.6667, 0.6667)
    >>> spread = Metric("spread", lambda outputs, labels: np.ptp(outputs))
    >>> spread(outputs, labels)
    3.0
    >>> accuracy()(outputs, [0, 1, -100], ignore_index=-100)
    1.0
    """

    name: str
    value: Callable[..., Any]
    statistic: Callable[[Array, Array], Array] | None = None
    targets: str = "any"
    single: bool = True

    def __post_init__(self) -> None:
        check_choice("targets", self.targets, ("classes", "numbers", "any"))
        functions = [self.value, *([] if self.statistic is None else [self.statistic])]
        if not isinstance(self.name, str) or not all(map(callable, functions)):
            raise ArgumentTypeError(
                f"A Metric has a name and a function: Metric('name', function), got {self.name!r} "
                f"and {' and '.join(map(repr, functions))}."
            )

    def __call__(self, outputs: Any, labels: Any, *, ignore_index: int | None = None) -> Any:
        """The value for these examples, without those whose label is `ignore_index`."""
        outputs, labels = as_array("outputs", outputs), as_array("labels", labels)
        if ignore_index is not None and labels.shape == outputs.shape[:1]:
            counted = labels != check_count("ignore_index", ignore_index, minimum=-(2**63))
            outputs, labels = outputs[counted], labels[counted]
        if not len(labels):
            raise ArgumentError(f"The metric {self.name!r} needs at least one example, got none.")
        if self.statistic is None:
            return self.check(self.value(to_host(outputs), to_host(labels)))
        return self.check(self.value(to_host(self.statistic(outputs, labels))))

    def check(self, value: Any) -> Any:
        """Return the value as a float (None where it is not finite); an array as it is."""
        if not self.single:
            return value
        if not hasattr(value, "__float__") or np.ndim(value) > 0:
            raise ArgumentTypeError(
                f"The metric {self.name!r} must return one number, got {value!r}."
            )
        return float(value) if np.isfinite(float(value)) else None


def as_array(name: str, values: Any) -> Array:
    """Return the array of a Tensor, which must hold real numbers; lists become NumPy arrays."""
    source = raw(values)
    try:
        array = namespace(source).asarray(source)
    except ValueError as error:  # lists of unequal lengths
        raise ArgumentError(
            f"{name} cannot be read as one array: {error}.", argument=name
        ) from error
    if array.dtype.kind not in "fiub" or array.ndim == 0 or np.ma.is_masked(source):
        raise ArgumentTypeError(
            f"{name} must be an array of real numbers, none of them masked, with an entry for each "
            f"example, got {describe_value(source)}.",
            argument=name,
        )
    return array


def to_host(x: Array) -> np.ndarray:
    return namespace(x).to_host(x)


# -- classes ---------------------------------------------------------------------------------------


def accuracy() -> Metric:
    """The share of examples whose class has the highest output, from 0 to 1.

    >>> accuracy()(np.array([[0.1, 0.9], [0.8, 0.2]]), [1, 1])
    0.5
    """
    return Metric("accuracy", lambda counts: counts[1] / counts.sum(), hit_counts, "classes")


def top_k_accuracy(k: int = 5) -> Metric:
    """The share of examples whose class is among the k with the highest outputs.

    Of equal outputs the lower class number comes first, so that k = 1 is the accuracy.

    >>> top_k_accuracy(2)(np.array([[0.1, 0.3, 0.2], [0.1, 0.3, 0.2]]), [0, 2])
    0.5
    """
    k = check_count("k", k)
    return Metric(
        f"top_{k}_accuracy", lambda counts: counts[:k].sum() / counts.sum(), rank_counts, "classes"
    )


def confusion_matrix() -> Metric:
    """(K, K) counts: entry (i, j) is how often class i was predicted as class j.

    >>> confusion_matrix()(np.eye(2)[[0, 1, 1]], [0, 0, 1]).tolist()
    [[1, 1], [0, 1]]
    """
    return Metric("confusion_matrix", lambda counts: counts, confusion_counts, "classes", False)


AVERAGES = ("macro", "micro", "weighted", None)
SCORES = ("precision", "recall", "f1")


def precision(average: str | None = "macro") -> Metric:
    """The share of the predictions of a class that are right: TP / (TP + FP).

    Args:
        average: "macro", the mean over the classes that occur among labels or predictions;
            "weighted", their mean weighted by how often each is the label; "micro", the ratio of
            the sums over all classes; None, an array with one entry for each of the K classes.

    A class that was never predicted has precision 0; one that never occurs has recall 0.

    >>> precision(average=None)(np.eye(2)[[0, 1, 1]], [0, 0, 1]).tolist()
    [1.0, 0.5]
    """
    return make_score("precision", average)


def recall(average: str | None = "macro") -> Metric:
    """The share of a class's examples that were found: TP / (TP + FN).  See `precision`.

    >>> recall(average=None)(np.eye(2)[[0, 1, 1]], [0, 0, 1]).tolist()
    [0.5, 1.0]
    """
    return make_score("recall", average)


def f1(average: str | None = "macro") -> Metric:
    """The harmonic mean of precision and recall, 2 TP / (2 TP + FP + FN).  See `precision`.

    >>> f1(average=None)(np.eye(3)[[0, 0, 1, 1]], [0, 0, 0, 1]).round(3).tolist()
    [0.8, 0.667, 0.0]
    """
    return make_score("f1", average)


def make_score(name: str, average: str | None) -> Metric:
    check_choice("average", average, AVERAGES)
    full_name = name if average in ("macro", None) else f"{name}_{average}"
    value = partial(average_scores, score=name, average=average)
    return Metric(full_name, value, confusion_counts, "classes", average is not None)


def average_scores(counts: np.ndarray, score: str, average: str | None) -> Any:
    """Precision, recall or F1 from a confusion matrix."""
    right, labelled, predicted = counts.diagonal(), counts.sum(axis=1), counts.sum(axis=0)
    if average == "micro":  # with one label per example, FP and FN are the same
        return right.sum() / counts.sum()
    whole = {"precision": predicted, "recall": labelled, "f1": (labelled + predicted) / 2}[score]
    scores = np.divide(right, whole, out=np.zeros(len(counts)), where=whole > 0)
    if average is None:
        return scores
    return np.average(
        scores, weights=labelled if average == "weighted" else labelled + predicted > 0
    )


def score_classes(counts: np.ndarray, classes: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Return for each class the number of examples, precision, recall and F1.

    Args:
        counts: (K, K) the value of `confusion_matrix`.
        classes: their K names, the keys of the result.

    Returns:
        A dictionary for each class.  A score whose denominator is 0 is None: a class that was
        never predicted has no precision.

    >>> score_classes([[3, 1], [0, 4]], ("cat", "dog"))["cat"]
    {'examples': 4, 'precision': 1.0, 'recall': 0.75, 'f1': 0.8571428571428571}
    """
    counts = to_host(as_array("counts", counts))
    if counts.shape != (len(classes), len(classes)):
        raise ArgumentError(
            f"{len(classes)} classes have a confusion matrix of shape "
            f"{(len(classes), len(classes))}, got {counts.shape}.",
            argument="counts",
        )
    labelled, predicted = counts.sum(axis=1), counts.sum(axis=0)
    columns = {"examples": labelled.tolist()}
    for score, seen in zip(SCORES, (predicted, labelled, labelled + predicted)):
        values = average_scores(counts, score, None).tolist()
        columns[score] = [value if n else None for value, n in zip(values, seen)]
    return {name: dict(zip(columns, row)) for name, row in zip(classes, zip(*columns.values()))}


# -- numbers ---------------------------------------------------------------------------------------


def mse() -> Metric:
    """The mean of (prediction − target)² over all entries.

    >>> mse()(np.array([1.0, 2.0]), np.array([1.0, 4.0]))
    2.0
    """
    return Metric("mse", lambda sums: sums[2] / sums[0], error_sums, "numbers")


def mae() -> Metric:
    """The mean of |prediction − target| over all entries.

    >>> mae()(np.array([1.0, 2.0]), np.array([1.0, 4.0]))
    1.0
    """
    return Metric("mae", lambda sums: sums[1] / sums[0], error_sums, "numbers")


def r2() -> Metric:
    """The share of the targets' variance that is explained: 1 − Σ(y − ŷ)² / Σ(y − ȳ)².

    For several numbers per example it is the mean over them.  Constant targets give 1 for perfect
    predictions and 0 otherwise, as in scikit-learn.  All predictions are kept: Σy² − N ȳ² could be
    added up, but would lose the significant digits if the mean is large.

    >>> r2()(np.array([1.0, 2.0, 4.0]), np.array([1.0, 2.0, 3.0]))
    0.5
    """
    return Metric("r2", compute_r2, None, "numbers")


def compute_r2(outputs: np.ndarray, labels: np.ndarray) -> float:
    check_predictions(outputs, labels)
    y = labels.reshape(len(labels), -1).astype(np.float64)
    left = ((y - outputs.reshape(y.shape)) ** 2).sum(axis=0)
    whole = ((y - y.mean(axis=0)) ** 2).sum(axis=0)
    share = np.divide(left, whole, out=(left > 0).astype(np.float64), where=whole > 0)
    return float((1 - share).mean())


METRICS = (accuracy, confusion_matrix, f1, mae, mse, precision, r2, recall, top_k_accuracy)
