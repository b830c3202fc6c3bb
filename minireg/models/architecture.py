"""Choose an architecture from settings, and build the network; a file can store an architecture.

Initial weights and dropout masks are drawn from separate streams of random numbers: the same seed
gives the same initial weights at any strength of dropout.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from math import prod
from typing import TYPE_CHECKING, Any

from .. import nn
from ..data import Dataset
from ..errors import ArgumentError
from ..random import Generator

if TYPE_CHECKING:
    from .settings import Settings

MODELS = ("cnn", "linear", "mlp")
OF_HIDDEN_LAYERS = ("channels", "hidden", "dropout", "batch_norm")
AS_ASKED = (
    "activation", "batch_norm", "block_size", "dropout", "dropout_kind", "gaussian_noise",
    "normalize",
)  # fmt: skip

# For each activation in the settings, the name of its class in `nn`.
ACTIVATIONS = {
    "elu": "ELU", "gelu": "GELU", "leaky-relu": "LeakyReLU", "relu": "ReLU", "selu": "SELU",
    "sigmoid": "Sigmoid", "silu": "SiLU", "tanh": "Tanh",
}  # fmt: skip

# For each kind of dropout in the settings: its layer, what it acts on (hidden units, channels of
# convolutions, or the weights of hidden layers), and its further settings.
DROPOUTS: dict[str, tuple[Any, str, tuple[str, ...]]] = {
    "dropout": (nn.Dropout, "hidden", ()),
    "original": (partial(nn.Dropout, inverted=False), "hidden", ()),
    "gaussian": (nn.GaussianDropout, "hidden", ()),
    "alpha": (nn.AlphaDropout, "hidden", ()),
    "drop-connect": (nn.DropConnect, "weights", ()),
    "spatial": (nn.Dropout2d, "channels", ()),
    "drop-block": (nn.DropBlock2d, "channels", ("block_size",)),
}


@dataclass(frozen=True)
class Architecture:
    """The description of a network.

    Attributes:
        model, hidden, channels, activation, batch_norm, block_size, dropout, dropout_kind,
            gaussian_noise, normalize: as in `Settings`, with its defaults filled in.
        input_shape: the shape of one example.
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
    dropout_kind: str = "dropout"
    block_size: int = 3
    gaussian_noise: float = 0.0

    @property
    def features(self) -> int:
        """The number of inputs of the first linear layer; each convolution halves the image."""
        if not self.channels:
            return prod(self.input_shape)
        return self.channels[-1] * prod(n >> len(self.channels) for n in self.input_shape[1:])

    @property
    def weight_shapes(self) -> list[tuple[int, ...]]:
        """The shapes of the weights of its convolutions and linear layers."""
        channels = pairwise([self.input_shape[0], *self.channels])
        widths = pairwise([self.features, *self.hidden, self.outputs])
        return [(n, m, 3, 3) for m, n in channels] + [(n, m) for m, n in widths]

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
    """Return the architecture that settings ask for, with defaults that fit the data.

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
            f"A cnn is for images (channels, height, width), but an example here has shape "
            f"{shape}. Use model='mlp'.",
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
            f"Each of the {len(channels)} convolutions halves the image, but one of {shape[1]} x "
            f"{shape[2]} allows only {fitting}: give fewer values for channels, or model='mlp'.",
            argument="channels",
        )
    if settings.dropout:
        check_dropout(settings, model, shape, channels)
    return Architecture(
        model=model,
        hidden=hidden if settings.hidden is None else settings.hidden,
        channels=channels,
        **{name: getattr(settings, name) for name in AS_ASKED},
        input_shape=shape,
        outputs=outputs,
        regression=regression,
    )


def check_dropout(
    settings: Settings, model: str, shape: tuple[int, ...], channels: tuple[int, ...]
) -> None:
    """Refuse a kind of dropout that does not fit the network."""
    kind, size = settings.dropout_kind, settings.block_size
    if DROPOUTS[kind][1] == "channels" and not channels:
        raise ArgumentError(
            f"dropout_kind={kind!r} is for the convolutions of a cnn, and the model {model} has "
            f"none.",
            argument="dropout_kind",
        )
    if kind == "drop-block" and size > (edge := min(shape[1:]) >> (len(channels) - 1)):
        raise ArgumentError(
            f"A block of {size} x {size} does not fit into the last convolution, whose shorter "
            f"side is {edge}: use block_size={edge} or less.",
            argument="block_size",
        )


def build_model(
    architecture: Architecture, generator: Generator | None = None, train: Dataset | None = None
) -> Any:
    """Build the network, with new initial weights.

    Args:
        architecture: the description of the network.
        generator: draws the initial weights and the dropout masks.
        train: the training examples, from which the standardization of inputs (and of numbers to
            predict) is computed; without them it changes nothing until a saved state is loaded.

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
    width = a.input_shape[0]
    layers: list[nn.Module] = []

    drop, place, names = DROPOUTS[a.dropout_kind]
    place = place if a.dropout else ""
    options = {name: getattr(a, name) for name in names}
    linear: Any = partial(drop, p=a.dropout) if place == "weights" else nn.Linear

    def hidden_layer(layer: nn.Module, norm: Any, width: int, dropped: bool) -> list[nn.Module]:
        norms = [norm(width)] if a.batch_norm else []
        drops = [drop(a.dropout, generator=masks.spawn(), **options)] if dropped else []
        return [layer, *norms, getattr(nn, ACTIVATIONS[a.activation])(), *drops]

    if a.normalize:
        layers.append(fit_layer(nn.Normalize, train, width))
    if a.gaussian_noise:
        layers.append(nn.GaussianNoise(a.gaussian_noise, source.spawn()))
    for channels in a.channels:
        convolution = nn.Conv2d(width, channels, 3, padding=1, generator=weights)
        layers += hidden_layer(convolution, nn.BatchNorm2d, channels, place == "channels")
        layers.append(nn.MaxPool2d(2))
        width = channels
    layers.append(nn.Flatten())
    width = a.features
    for units in a.hidden:
        layer = linear(width, units, generator=weights)
        layers += hidden_layer(layer, nn.BatchNorm1d, units, place == "hidden")
        width = units
    layers.append(nn.Linear(width, a.outputs, generator=weights))
    if a.normalize and a.regression:
        targets = train and Dataset(train.y, train.y)
        layers.append(fit_layer(nn.Unstandardize, targets, a.outputs))
    return nn.Sequential(*layers)


def fit_layer(kind: Any, train: Dataset | None, count: int) -> Any:
    """Return a layer of this kind for these examples; without them, one that changes nothing."""
    return kind([0.0] * count, [1.0] * count) if train is None else kind.of(train)
