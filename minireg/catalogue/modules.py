"""An example call of every layer, loss and penalty."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import nn, ops, regularizers
from ..random import Generator
from .example import IMAGE_TIES, KINKS, LABELS, Example, numbers, positive


def layer(module: nn.Module, *inputs: Any, at_kink: Any = None, function: Any = None) -> Example:
    """Return an example of a module, which is called directly or by `function`."""
    parameters = dict(module.named_parameters())
    name = type(module).__name__
    return Example(name, "layer", function or module, inputs, at_kink, parameters)


def layers() -> list[Example]:
    """The modules, in training mode; dropout layers draw the same mask at every call."""
    x, images, kinks = numbers(5, 4), numbers(2, 2, 4, 3), (KINKS,)
    embedding = nn.Embedding(4, 3, generator=Generator(0))

    def masked(module: nn.MaskedLayer, x: Any) -> Example:
        def function(x: Any) -> Any:
            module.generator = Generator(1)
            return module(x)

        return layer(module, x, function=function)

    return [
        layer(nn.Linear(4, 3, generator=Generator(0)), x),
        layer(embedding, function=lambda: embedding(ops.tensor(LABELS))),
        layer(nn.ReLU(), x, at_kink=kinks),
        layer(nn.LeakyReLU(0.1), x, at_kink=kinks),
        layer(nn.ELU(0.5), x, at_kink=kinks),
        layer(nn.SELU(), x, at_kink=kinks),
        layer(nn.Softplus(beta=2.0), x),
        layer(nn.GELU("tanh"), x),
        layer(nn.SiLU(), x),
        layer(nn.Sigmoid(), x),
        layer(nn.Tanh(), x),
        layer(nn.Hardtanh(), x, at_kink=kinks),
        layer(nn.Softmax(axis=0), x),
        layer(nn.LogSoftmax(), x),
        layer(nn.Identity(), x),
        layer(nn.Normalize(numbers(4), positive(4)), x),
        layer(nn.Unstandardize(numbers(4), positive(4)), x),
        layer(nn.Flatten(), numbers(2, 1, 3, 2)),
        masked(nn.Dropout(0.5), x),
        masked(nn.Dropout1d(0.5), numbers(2, 3, 2)),
        masked(nn.Dropout2d(0.5), images),
        masked(nn.AlphaDropout(0.5), x),
        masked(nn.DropConnect(4, 3, generator=Generator(0)), x),
        masked(nn.StochasticDepth(0.5), images),
        masked(nn.DropBlock2d(0.3, block_size=2), images),
        masked(nn.GaussianDropout(0.5), x),
        masked(nn.GaussianNoise(0.5), x),
        masked(nn.ConcreteDropout(0.5, temperature=0.5), x),
        layer(nn.Conv2d(2, 3, 3, stride=2, padding=1, generator=Generator(0)), images),
        layer(nn.MaxPool2d(2), images, at_kink=(IMAGE_TIES,)),
        layer(nn.AvgPool2d(3, 2, 1), images),
        layer(nn.AdaptiveAvgPool2d((3, 2)), images),
        layer(nn.BatchNorm1d(4), x),
        layer(nn.BatchNorm2d(2), images),
        layer(nn.LayerNorm((4, 3)), images),
    ]


def losses() -> list[Example]:
    """The losses as modules, with their options."""
    x, y, q = numbers(3, 4), numbers(3, 4, seed=1), positive(3, 4, seed=2) / 2

    def loss(criterion: Any, *inputs: Any, at_kink: Any = None) -> Example:
        def of_labels(z: Any) -> Any:
            return criterion(z, ops.tensor(LABELS))

        function = criterion if inputs[1:] else of_labels
        return Example(type(criterion).__name__, "loss", function, inputs, at_kink)

    return [
        loss(nn.CrossEntropyLoss(label_smoothing=0.1), x),
        loss(nn.NLLLoss(), x),
        loss(nn.BCEWithLogitsLoss(pos_weight=3.0), x, q),
        loss(nn.KLDivLoss(reduction="batchmean"), x, q),
        loss(nn.MSELoss(), x, y),
        loss(nn.StandardizedMSE(positive(4)), x, y),
        loss(nn.L1Loss(), x, y, at_kink=(KINKS, np.zeros(5))),
        loss(nn.HuberLoss(delta=0.5), x, y),
        loss(nn.SmoothL1Loss(beta=0.5), x, y),
    ]


def penalties() -> list[Example]:
    """The penalties, one by one and added."""
    x, zero_rows = numbers(3, 4), numbers(3, 4) * np.array([[1.0], [0.0], [1.0]])
    l1_and_l2 = regularizers.L1(0.3) + regularizers.L2(0.2, scale="sum")

    def penalty(called: Any, *at_kink: Any) -> Example:
        return Example(type(called).__name__, "penalty", called, (x,), at_kink or None)

    return [
        penalty(regularizers.L1(0.3), KINKS),
        penalty(regularizers.L2(0.3)),
        Example("L1 + L2", "penalty", l1_and_l2, (x,), (KINKS,)),
        penalty(regularizers.L1L2(0.3, 0.2), KINKS),
        penalty(regularizers.ElasticNet(0.3), KINKS),
        penalty(regularizers.Norm(0.3), np.zeros((2, 3))),
        penalty(regularizers.GroupLasso(0.3), zero_rows),
        penalty(regularizers.SparseGroupLasso(0.3, axis=1), zero_rows),
        penalty(regularizers.Orthogonal(0.3)),
        penalty(regularizers.Spectral(0.3)),
        penalty(regularizers.Nuclear(0.3), np.zeros((2, 3))),
        penalty(regularizers.NonNegative(), KINKS),
        penalty(regularizers.MaxNorm(0.5)),
        penalty(regularizers.UnitNorm()),
        Example("ActivityL1", "penalty", regularizers.ActivityL1(0.3).value, (x,), (KINKS,)),
        Example("ActivityL2", "penalty", regularizers.ActivityL2(0.3).value, (x,)),
        Example("ConfidencePenalty", "penalty", regularizers.ConfidencePenalty(0.3).value, (x,)),
    ]
