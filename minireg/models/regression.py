"""Numbers to predict, in any unit: the network learns them with mean 0 and spread 1.

The way back is its last layer, so the model gives answers, and metrics count, in the user's unit.
"""

from __future__ import annotations

from typing import Any

from .. import nn, tensor


class Unstandardize(nn.Normalize):
    """y · std + mean: undoes `nn.Normalize` of the same figures.

    `Unstandardize.of(targets)` takes them from the training targets, a Dataset that has them as x.

    >>> import minireg as mr
    >>> Unstandardize(mean=[1.0], std=[2.0])(mr.tensor([[3.0]])).tolist()
    [[7.0]]
    """

    def forward(self, y: Any) -> Any:
        return y * self.std + self.mean


class StandardizedMSE(nn.Module):
    """The mean of ((ŷ − y) / std)²: 1 for a model that always gives the mean, 0 for a perfect one.

    The gradients that reach the layers before `Unstandardize` are those of the mean squared error
    of standardized targets: no learning rate depends on the unit of the targets.

    Args:
        std: (K,) the spread of the training targets.

    >>> import minireg as mr
    >>> StandardizedMSE([2.0])(mr.tensor([[3.0]]), mr.tensor([[7.0]])).item()
    4.0
    """

    std: nn.Buffer

    def __init__(self, std: Any) -> None:
        self.std = nn.Buffer(tensor(std))

    def forward(self, outputs: Any, targets: Any) -> Any:
        return (((outputs - targets) / self.std) ** 2).mean()
