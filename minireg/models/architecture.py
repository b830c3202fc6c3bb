"""A network from a plain description, which a file can hold, and the description from settings.

Layers draw their initial weights, and dropout its masks, from streams of their own: with another
strength of dropout the same seed gives the same initial weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

from .. import nn
from ..data import Dataset
from ..errors import ArgumentError
from ..nn import Unstandardize
from ..random import Generator

if TYPE_CHECKING:
    from .settings import Settings

MODELS = ("cnn", "linear", "mlp")
OF_HIDDEN_LAYERS = ("channels", "hidden", "dropout", "batch_norm")

# The activations by their names in the settings: their classes in `nn`.
ACTIVATIONS = {
    "elu": "ELU", "gelu": "GELU", "leaky-relu": "LeakyReLU", "relu": "ReLU", "sigmoid": "Sigmoid",
    "silu": "SiLU", "tanh": "Tanh",
}  # fmt: skip


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

    def __str__(self) -> str:
        inner = [*(f"{n} channels" for n in self.channels), *map(str, self.hidden)]
        start = " × ".join(map(str, self.input_shape))
        text = f"{self.model}, {' → '.join([start, *inner, str(self.outputs)])}"
        if inner:
            text += f", {self.activation}" + ", batch norm" * self.batch_norm
        return text


def choose_architecture(
    settings: Settings, input_shape: Sequence[int], outputs: int, regression: bool = False
) -> Architecture:
    """The network that settings ask for, with the defaults that fit the data.

    Args:
        settings: what is asked for.
        input_shape: of one example.
        outputs: the number of classes, or of numbers to predict.
        regression: whether numbers are predicted.

    Raises:
        ArgumentError: settings that contradict each other or the data.

    >>> from minireg.models import Settings
    >>> print(choose_architecture(Settings(dropout=0.5), (1, 28, 28), 10))
    cnn, 1 × 28 × 28 → 16 channels → 32 channels → 64 → 10, relu
    """
    shape = tuple(input_shape)
    images = len(shape) == 3
    small = images and min(shape[1:]) < 8
    model = settings.model or ("cnn" if settings.channels or (images and not small) else "mlp")
    if model == "cnn" and not images:
        raise ArgumentError(
            f"A cnn is for images (channels, height, width), and an example here has shape "
            f"{shape}. Use the model mlp.",
            argument="model",
        )
    without = {"cnn": (), "mlp": ("channels",), "linear": OF_HIDDEN_LAYERS}[model]
    extra = next((name for name in without if getattr(settings, name)), None)
    if extra is not None:
        raise ArgumentError(f"The model {model} has no layers for {extra}.", argument=extra)
    hidden = {"linear": (), "mlp": (128,), "cnn": (64,)}[model]
    channels = (settings.channels or (16, 32)) if model == "cnn" else ()
    if model == "cnn" and min(shape[1:]) < 2 ** len(channels):
        fitting = min(shape[1:]).bit_length() - 1
        raise ArgumentError(
            f"Each of the {len(channels)} convolutions halves the image, and one of {shape[1]} x "
            f"{shape[2]} allows {fitting}: give {fitting} channels or fewer, or use the model mlp.",
            argument="channels",
        )
    return Architecture(
        model=model,
        hidden=hidden if settings.hidden is None else settings.hidden,
        channels=channels,
        activation=settings.activation,
        batch_norm=settings.batch_norm,
        dropout=settings.dropout,
        normalize=settings.normalize,
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

    >>> from minireg.models import Settings
    >>> build_model(choose_architecture(Settings(hidden=8), (4,), 3))
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
