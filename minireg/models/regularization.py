"""The penalties and the augmentation that settings ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .. import augment, nn
from .. import regularizers as reg
from ..batch import Batch
from ..checks import describe_value
from ..errors import ArgumentError, MiniregError
from ..random import Generator
from .architecture import ACTIVATIONS

if TYPE_CHECKING:
    from ..data import Dataset
    from .settings import Settings


class Streams:
    """The random numbers of a training, each kind from a stream of its own.

    So the same seed gives the same initial weights and the same batches with and without dropout
    or augmentation.
    """

    def __init__(self, seed: int) -> None:
        source = Generator(seed)
        self.network, self.order, self.augmentation = (source.spawn() for _ in range(3))


# For each penalty on weights in the settings: its class in `regularizers`, and its arguments.
PENALTIES: dict[str, tuple[str, tuple[str, ...]]] = {
    "l1": ("L1", ("l1",)),
    "l2": ("L2", ("l2", "l2_scale")),
    "elastic_net": ("ElasticNet", ("elastic_net", "l1_ratio")),
    "group_lasso": ("GroupLasso", ("group_lasso",)),
    "sparse_group_lasso": ("SparseGroupLasso", ("sparse_group_lasso", "l1_ratio")),
    "norm": ("Norm", ("norm",)),
    "nuclear": ("Nuclear", ("nuclear",)),
    "spectral": ("Spectral", ("spectral",)),
    "orthogonal": ("Orthogonal", ("orthogonal",)),
    "max_norm": ("MaxNorm", ("max_norm",)),
    "unit_norm": ("UnitNorm", ()),
    "non_negative": ("NonNegative", ()),
}


def build_penalty(settings: Settings) -> reg.Penalty | None:
    """The sum of the penalties on weights, or None.

    >>> from minireg.models import Settings
    >>> build_penalty(Settings(group_lasso=0.1, max_norm=3))
    GroupLasso(0.1, axis=0) + MaxNorm(3, axis=0)
    """
    terms = [
        getattr(reg, kind)(*(getattr(settings, argument) for argument in arguments))
        for name, (kind, arguments) in PENALTIES.items()
        if getattr(settings, name)
    ]
    return sum(terms) or None


def check_penalties(settings: Settings) -> None:
    """Refuse proximal steps of no penalty, and two norms for the same unit."""
    if settings.proximal and build_penalty(settings) is None:
        raise ArgumentError(
            "proximal=True is a way to apply penalties on weights: give one, too, such as l1=0.01.",
            argument="proximal",
        )
    if settings.unit_norm and settings.max_norm:
        raise ArgumentError(
            f"unit_norm=True gives every unit the norm 1, and max_norm={settings.max_norm:g} "
            f"limits the same norm: choose one.",
            argument="unit_norm",
        )


def build_terms(settings: Settings) -> list[reg.OutputPenalty]:
    """The penalties on outputs: of the hidden layers' activations, and of the logits."""
    hidden = getattr(nn, ACTIVATIONS[settings.activation])
    terms = [
        reg.ActivityL1(settings.activity_l1).on(hidden),
        reg.ActivityL2(settings.activity_l2).on(hidden),
        reg.ConfidencePenalty(settings.confidence_penalty),
    ]
    return [term for term in terms if term.strength]


def build_transform(settings: Settings, dataset: Dataset, streams: Streams) -> Any:
    """The augmentation of the images of a dataset, or None.

    Raises:
        ArgumentError: it changes the size, the channels or the dtype of the images, or cannot act
            on them.
    """
    if settings.augment is None:
        return None
    transform = augment.parse(
        settings.augment, num_classes=dataset.num_classes, generator=streams.augmentation
    )
    two = Batch(dataset.x[:2], dataset.y[:2], np.arange(min(2, len(dataset))))
    try:
        before, after = (describe_value(x) for x in (two.x, transform(two).x))
    except MiniregError as error:
        raise ArgumentError(f"augment: {error}", argument="augment") from error
    if after != before:
        raise ArgumentError(
            f"augment must keep the size, the channels and the dtype of the images, but turns "
            f"{before} into {after}. The size is chosen by size='28x28'; inputs are standardised "
            f"without a transform.",
            argument="augment",
        )
    return transform


def describe_regularizers(settings: Settings) -> str:
    """What is done against overfitting, or "none".

    >>> from minireg.models import Settings
    >>> describe_regularizers(Settings(dropout=0.5, augment="flip"))
    'dropout 0.5; augmentation: flip'
    """
    s = settings
    dropout = s.dropout_kind if "drop" in s.dropout_kind else f"{s.dropout_kind} dropout"
    methods = {
        f"L1 {s.l1:g}": s.l1,
        f"L2 {s.l2:g} ({s.l2_scale})": s.l2,
        f"elastic net {s.elastic_net:g} (l1_ratio {s.l1_ratio:g})": s.elastic_net,
        f"group lasso {s.group_lasso:g}": s.group_lasso,
        f"sparse group lasso {s.sparse_group_lasso:g} (l1_ratio {s.l1_ratio:g})": (
            s.sparse_group_lasso
        ),
        f"norm {s.norm:g}": s.norm,
        f"nuclear {s.nuclear:g}": s.nuclear,
        f"spectral {s.spectral:g}": s.spectral,
        f"orthogonal {s.orthogonal:g}": s.orthogonal,
        f"max norm {s.max_norm or 0:g}": s.max_norm,
        "unit norm": s.unit_norm,
        "non-negative": s.non_negative,
        "as proximal steps": s.proximal,
        f"weight decay {s.weight_decay or 0:g}": s.weight_decay,
        f"activity L1 {s.activity_l1:g}": s.activity_l1,
        f"activity L2 {s.activity_l2:g}": s.activity_l2,
        f"confidence penalty {s.confidence_penalty:g}": s.confidence_penalty,
        f"{dropout} {s.dropout:g}": s.dropout,
        f"gaussian noise {s.gaussian_noise:g}": s.gaussian_noise,
        f"label smoothing {s.label_smoothing:g}": s.label_smoothing,
        f"early stopping after {s.early_stopping} epochs": s.early_stopping,
        "balanced class weights": s.class_weights,
    }
    against = ", ".join(words for words, used in methods.items() if used)
    return "; ".join(filter(None, (against, s.augment and f"augmentation: {s.augment}"))) or "none"
