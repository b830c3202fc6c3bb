"""Standardizing inside the model: inputs to mean 0 and variance 1, and numeric targets likewise.

`Normalize` is a first layer.  For a regression `Unstandardize` is the last one: the network learns
targets of mean 0 and variance 1, while its outputs and metrics are in the original unit.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import ops
from ..autograd import Tensor
from ..backend import current_backend
from ..errors import ArgumentError, ArgumentTypeError, DataError
from ..ops.elementwise_losses import as_pair, reduce
from .losses import Loss
from .module import Module
from .parameter import Buffer

CHUNK = 1000  # examples at a time: their float64 copies must not fill the memory


class Normalize(Module):
    """y = (x − mean) / std, for each feature (or for each channel of images), with fixed numbers.

    Nothing is learned.  As a layer, the numbers belong to the model: they are the same in training
    and evaluation, and are saved with its state.

    Args:
        mean, std: C numbers each, std above 0.  x is (N, C) or (N, C, H, W).

    >>> layer = Normalize(mean=[1.0, 0.0], std=[2.0, 1.0])
    >>> layer(mr.tensor([[3.0, 5.0]])).tolist()
    [[1.0, 5.0]]
    """

    def __init__(self, mean: Any, std: Any) -> None:
        mean, std = (np.asarray(values, dtype=np.float32) for values in (mean, std))
        if mean.ndim != 1 or mean.shape != std.shape or not (std > 0).all():
            raise ArgumentError(
                f"{type(self).__name__} takes a mean and an std above 0 for each feature: two "
                f"lists of one length, got the shapes {mean.shape} and {std.shape}."
            )
        self.mean = Buffer(current_backend().asarray(mean))
        self.std = Buffer(current_backend().asarray(std))

    @classmethod
    def of(cls, train: Any) -> Normalize:
        """Return the layer that standardises these examples; pass only the training split.

        Mean and std (divided by n) are those of each feature over all examples, for images of each
        channel over all pixels; uint8 pixels count as [0, 1], as a loader gives them.  A constant
        feature gets std 1, as in scikit-learn's StandardScaler.

        Args:
            train: a `data.Dataset`, or an object whose `x` is (N, C) or (N, C, H, W).

        Raises:
            DataError: a feature whose values float32 cannot distinguish, such as timestamps.

        >>> from minireg import data
        >>> train, test = data.load_digits()
        >>> model = nn.Sequential(nn.Normalize.of(train), nn.Flatten(), nn.Linear(64, 10))
        """
        x = getattr(train, "x", None)
        if not isinstance(x, np.ndarray) or x.ndim < 2:
            raise ArgumentTypeError(
                f"{cls.__name__}.of takes the training data, a data.Dataset, got "
                f"{type(train).__name__}."
            )
        axes = (0, *range(2, x.ndim))
        n = x.size // x.shape[1]
        mean = sum(part.sum(axis=axes, dtype=np.float64) for part in chunks(x)) / n
        column = mean.reshape(-1, *(1,) * (x.ndim - 2))
        variance = sum(np.square(part - column).sum(axis=axes) for part in chunks(x)) / n
        # The variance of a constant, by rounding alone: Chan, Golub, LeVeque (1983), "Algorithms
        # for computing the sample variance".
        rounding = np.finfo(np.float64).eps * n
        constant = variance <= rounding * variance + (rounding * mean) ** 2
        std = np.where(constant, 1, np.sqrt(variance))
        float32 = np.finfo(np.float32)
        lost = ~constant & (std < np.maximum(100 * float32.eps * np.abs(mean), float32.tiny))
        if lost.any():
            i = int(np.flatnonzero(lost)[0])
            raise DataError(
                f"Feature number {i} has mean {mean[i]:.6g} and standard deviation {std[i]:.3g}: "
                f"its values are too close together for float32, in which networks compute. "
                f"Subtract an offset from it or multiply it first, or leave it out."
            )
        scale = 255 if x.dtype == np.uint8 else 1
        return cls(mean / scale, np.where(constant, 1, std / scale))

    def forward(self, x: Tensor) -> Tensor:
        if x.ndim < 2 or x.shape[1] != self.mean.size:
            raise ArgumentError(
                f"This Normalize is for {self.mean.size} features or channels, x of shape "
                f"(N, {self.mean.size}, …); got {x.shape}."
            )
        shape = (-1, *(1,) * (x.ndim - 2))
        return (x - ops.reshape(self.mean, shape)) / ops.reshape(self.std, shape)

    def extra_repr(self) -> str:
        return f"{self.mean.size}"


class Unstandardize(Normalize):
    """y · std + mean: the inverse of `Normalize` with the same numbers.

    `Unstandardize.of(targets)` computes them from the training targets, given as x of a Dataset.

    >>> Unstandardize(mean=[1.0], std=[2.0])(mr.tensor([[3.0]])).tolist()
    [[7.0]]
    """

    def forward(self, y: Tensor) -> Tensor:
        return y * self.std + self.mean


class StandardizedMSE(Loss):
    """The mean of ((ŷ − y) / std)²: 1 for a model that always gives the mean, 0 for a perfect one.

    The gradients that reach the layers before `Unstandardize` are those of the mean squared error
    of standardized targets, so the best learning rate does not depend on the targets' unit.

    Args:
        std: (K,) the standard deviations of the training targets.
        reduction: "mean" (over all entries), "sum" or "none".

    >>> StandardizedMSE([2.0])(mr.tensor([[3.0]]), mr.tensor([[7.0]])).item()
    4.0
    """

    std: Buffer

    def __init__(self, std: Any, *, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        self.std = Buffer(ops.tensor(std))

    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        outputs, targets = as_pair(outputs, targets)
        return reduce(ops.square((outputs - targets) / self.std), self.reduction)


def chunks(x: np.ndarray) -> Any:
    """The examples in parts of `CHUNK`."""
    return (x[first : first + CHUNK] for first in range(0, len(x), CHUNK))
