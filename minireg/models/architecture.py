"""A network from a plain description, which a file can hold, and the description from options.

Layers draw their initial weights, and dropout its masks, from streams of their own: with another
strength of dropout the same seed gives the same initial weights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from math import prod
from typing import Any

from .. import nn
from ..data import Dataset
from ..errors import ArgumentError, DataError
from ..nn import Unstandardize
from ..random import Generator

MODELS = ("cnn", "linear", "mlp")

# The activations by the names of their options; their classes in `nn`.
ACTIVATIONS = {
    "elu": "ELU",
    "gelu": "GELU",
    "leaky-relu": "LeakyReLU",
    "relu": "ReLU",
    "sigmoid": "Sigmoid",
    "silu": "SiLU",
    "tanh": "Tanh",
}


@dataclass(frozen=True)
class Architecture:
    """What a network consists of.

    Attributes:
        model: one of `MODELS`.
        hidden: the widths of the fully connected hidden layers.
        channels: of the convolutions; each is followed by a pooling that halves the image.
        activation: one of `ACTIVATIONS`.
        batch_norm: after each convolution and hidden layer.
        dropout: the probability of dropping a hidden unit.
        normalize: whether inputs (and numbers to predict) are standardized.
        input_shape: of one example.
        outputs: the number of classes, or of numbers to predict.
        regression: whether numbers are predicted.
    """

    model: str
    hidden: tuple[int, ...]
    channels: tuple[int, ...]
    activation: str
    batch_norm: bool
    dropout: float
    normalize: bool
    input_shape: tuple[int, ...]
    outputs: int
    regression: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The same as plain values."""
        return {name: list(x) if isinstance(x, tuple) else x for name, x in asdict(self).items()}


def as_architecture(description: Any) -> Architecture:
    """What `as_dict` gave, read from a file.

    Raises:
        DataError: it is no such thing; the file comes from elsewhere or from another version.
    """
    names = {field.name for field in fields(Architecture)}
    if not isinstance(description, Mapping) or set(description) != names:
        raise DataError(
            "This file does not describe a network of this version of minireg: train it again."
        )
    plain: dict[str, Any] = {
        n: tuple(x) if isinstance(x, list) else x for n, x in description.items()
    }
    return Architecture(**plain)


def chosen_architecture(
    settings: Mapping[str, Any], input_shape: Sequence[int], outputs: int, regression: bool = False
) -> Architecture:
    """The network that the options ask for, with the defaults that fit the data.

    Args:
        settings: the values of the options, by the names of their parameters.
        input_shape: of one example.
        outputs: the number of classes, or of numbers to predict.
        regression: whether numbers are predicted.

    Raises:
        ArgumentError: options that contradict each other or the data.

    >>> chosen_architecture({"dropout": 0.5}, (1, 28, 28), 10).channels
    (16, 32)
    """
    shape = tuple(input_shape)
    images = len(shape) == 3
    given = {name: settings.get(name) for name in ("model", "hidden", "channels", "activation")}
    small = images and min(shape[1:]) < 8
    model = given["model"] or ("cnn" if given["channels"] or (images and not small) else "mlp")
    if model == "cnn" and not images:
        raise ArgumentError(
            f"--model cnn is for images (channels, height, width), and an example here has shape "
            f"{shape}. Use --model mlp."
        )
    if given["channels"] and model != "cnn":
        raise ArgumentError(f"--channels belongs to --model cnn, and the model is {model}.")
    if given["hidden"] and model == "linear":
        raise ArgumentError("--model linear has no --hidden layers. Use --model mlp.")
    if model == "linear" and (settings.get("batch_norm") or settings.get("dropout")):
        raise ArgumentError(
            "--model linear has no hidden units for --dropout or --batch-norm. Use --model mlp."
        )
    hidden = {"linear": [], "mlp": [128], "cnn": [64]}[model]
    channels = (given["channels"] or [16, 32]) if model == "cnn" else []
    if model == "cnn" and min(shape[1:]) < 2 ** len(channels):
        fitting = min(shape[1:]).bit_length() - 1
        raise ArgumentError(
            f"Each of the {len(channels)} convolutions halves the image, and one of "
            f"{shape[1]} x {shape[2]} allows {fitting}: give --channels {fitting} numbers or "
            f"fewer, or use --model mlp."
        )
    return Architecture(
        model=model,
        hidden=tuple(hidden if given["hidden"] is None else given["hidden"]),
        channels=tuple(channels),
        activation=given["activation"] or "relu",
        batch_norm=bool(settings.get("batch_norm")),
        dropout=settings.get("dropout") or 0.0,
        normalize=bool(settings.get("normalize", True)),
        input_shape=shape,
        outputs=outputs,
        regression=regression,
    )


def build_model(
    architecture: Architecture, generator: Generator | None = None, train: Dataset | None = None
) -> Any:
    """The network, with fresh weights.

    Args:
        architecture: what it consists of.
        generator: where its initial weights and its masks come from.
        train: the training examples, by which inputs (and numbers to predict) are standardized;
            without them it changes nothing, as before a saved state is loaded.

    >>> build_model(chosen_architecture({"hidden": [8]}, (4,), 3))
    Sequential(
      (0): Normalize(4)
      (1): Flatten()
      (2): Linear(4, 8)
      (3): ReLU()
      (4): Linear(8, 3)
    )
    """
    a = architecture
    source = generator or Generator()
    weights, masks = source.spawn(), source.spawn()
    shape = a.input_shape
    layers: list[nn.Module] = []

    def hidden_layer(layer: nn.Module, norm: Any, width: int) -> list[nn.Module]:
        parts = [layer]
        if a.batch_norm:
            parts.append(norm(width))
        return [*parts, getattr(nn, ACTIVATIONS[a.activation])()]

    if a.normalize:
        layers.append(neutral(nn.Normalize, shape[0]) if train is None else nn.Normalize.of(train))
    for channels in a.channels:
        convolution = nn.Conv2d(shape[0], channels, 3, padding=1, generator=weights)
        layers += hidden_layer(convolution, nn.BatchNorm2d, channels)
        layers.append(nn.MaxPool2d(2))
        shape = (channels, shape[1] // 2, shape[2] // 2)
    layers.append(nn.Flatten())
    width = prod(shape)
    for units in a.hidden:
        linear = nn.Linear(width, units, generator=weights)
        layers += hidden_layer(linear, nn.BatchNorm1d, units)
        if a.dropout:
            layers.append(nn.Dropout(a.dropout, generator=masks.spawn()))
        width = units
    layers.append(nn.Linear(width, a.outputs, generator=weights))
    if a.normalize and a.regression:
        targets = None if train is None else Dataset(train.y, train.y)
        layers.append(
            neutral(Unstandardize, a.outputs) if targets is None else Unstandardize.of(targets)
        )
    return nn.Sequential(*layers)


def neutral(kind: Any, count: int) -> Any:
    """A `Normalize` that changes nothing."""
    return kind([0.0] * count, [1.0] * count)
