"""Class weights: rare classes count as much as frequent ones."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any

import numpy as np

from .. import nn
from ..autograd import Tensor
from ..backend import backend
from ..data import Dataset
from ..data.checks import as_host_array
from ..errors import ArgumentError
from .evaluation import find_backend


def balanced_weights(counts: np.ndarray) -> np.ndarray:
    """Return N / (K N_k) for each class k: all K classes weigh the same; the mean weight is 1.

    Classes without examples are not counted in K, and have weight 1.

    King and Zeng (2001), "Logistic regression in rare events data", as in scikit-learn.

    >>> balanced_weights(np.array([3, 1])).round(3).tolist()
    [0.667, 2.0]
    """
    present = counts > 0
    return np.where(present, counts.sum() / (present.sum() * np.maximum(counts, 1)), 1.0)


def weigh_classes(
    criterion: Callable, class_weights: Any, train: Dataset, classes: int | None, model: Any
) -> Callable:
    """Return the training criterion: cross-entropy with these weights, on the model's backend.

    Args:
        class_weights: None, "balanced", or one positive number for each class.
        classes: the number of classes in training and validation; None for float targets.
    """
    if class_weights is None:
        return criterion
    if classes is None:
        raise ArgumentError(
            "class_weights need class labels, but the targets are floats.",
            argument="class_weights",
        )
    if not isinstance(criterion, nn.CrossEntropyLoss) or criterion.weight is not None:
        raise ArgumentError(
            f"class_weights need a cross-entropy without its own weights, got the "
            f"criterion {criterion!r}. Weigh the classes inside your criterion.",
            argument="class_weights",
        )
    if isinstance(class_weights, str) and class_weights == "balanced":
        weights = balanced_weights(np.bincount(train.y, minlength=classes))
    else:
        is_array = not isinstance(class_weights, (str, dict))
        weights = as_host_array("class_weights", class_weights if is_array else ())
        if weights.shape != (classes,) or not (weights > 0).all():
            raise ArgumentError(
                f"class_weights must be 'balanced' or a list of one positive number for each of "
                f"the {classes} classes, got {class_weights!r}.",
                argument="class_weights",
            )
    dtype = next((p.dtype for p in model.parameters()), np.dtype(np.float32))
    on_device = Tensor(backend(find_backend(model)).asarray(weights.astype(dtype)))
    return WeighedLoss(criterion, on_device)


class WeighedLoss(nn.Module):
    """A criterion with class weights; its other settings are at any time those of `criterion`."""

    def __init__(self, criterion: nn.CrossEntropyLoss, weight: Tensor) -> None:
        self.criterion, self.weight = criterion, nn.Buffer(weight)

    def weigh(self) -> nn.CrossEntropyLoss:
        weighed = copy(self.criterion)
        weighed.weight = self.weight
        return weighed

    def forward(self, logits: Tensor, labels: Any) -> Tensor:
        return self.weigh()(logits, labels)

    def divisor(self, labels: Any) -> Any:
        return self.weigh().divisor(labels)
