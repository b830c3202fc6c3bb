"""The penalties and the augmentation that settings ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import augment, nn
from ..random import Generator
from ..regularizers import L1, L2, ActivityL1, ActivityL2, ConfidencePenalty, OutputPenalty, Penalty
from .architecture import ACTIVATIONS

if TYPE_CHECKING:
    from .settings import Settings


class Streams:
    """The random numbers of a training, each kind from a stream of its own.

    So the same seed gives the same initial weights and the same batches with and without dropout
    or augmentation.
    """

    def __init__(self, seed: int) -> None:
        source = Generator(seed)
        self.network, self.order, self.flips, self.angles, self.shifts = (
            source.spawn() for _ in range(5)
        )


def build_penalty(settings: Settings) -> Penalty | None:
    """L1, L2, both or None."""
    l1 = L1(settings.l1) if settings.l1 else None
    l2 = L2(settings.l2, settings.l2_scale) if settings.l2 else None
    return l1 + l2 if l1 and l2 else l1 or l2


def build_terms(settings: Settings) -> list[OutputPenalty]:
    """The penalties on outputs: of the hidden layers' activations, and of the logits."""
    hidden = getattr(nn, ACTIVATIONS[settings.activation])
    terms = [
        ActivityL1(settings.activity_l1).on(hidden),
        ActivityL2(settings.activity_l2).on(hidden),
        ConfidencePenalty(settings.confidence_penalty),
    ]
    return [term for term in terms if term.strength]


def build_transform(settings: Settings, shape: tuple[int, ...], streams: Streams) -> Any:
    """The augmentation of images of this shape, or None."""
    parts: list[Any] = []
    if settings.flip:
        parts.append(augment.RandomHorizontalFlip(generator=streams.flips))
    if settings.rotate:
        parts.append(augment.RandomRotation(settings.rotate, generator=streams.angles))
    if settings.crop:
        size = shape[1], shape[2]
        parts.append(augment.RandomCrop(size, padding=settings.crop, generator=streams.shifts))
    return augment.Compose(parts) if parts else None


def describe_regularizers(settings: Settings) -> str:
    """What is done against overfitting, or "none".

    >>> from minireg.models import Settings
    >>> describe_regularizers(Settings(dropout=0.5, flip=True))
    'dropout 0.5; augmentation: flip'
    """
    s = settings
    methods = {
        f"L1 {s.l1:g}": s.l1,
        f"L2 {s.l2:g} ({s.l2_scale})": s.l2,
        "as proximal steps": s.proximal,
        f"weight decay {s.weight_decay or 0:g}": s.weight_decay,
        f"activity L1 {s.activity_l1:g}": s.activity_l1,
        f"activity L2 {s.activity_l2:g}": s.activity_l2,
        f"confidence penalty {s.confidence_penalty:g}": s.confidence_penalty,
        f"dropout {s.dropout:g}": s.dropout,
        f"label smoothing {s.label_smoothing:g}": s.label_smoothing,
        f"early stopping after {s.early_stopping} epochs": s.early_stopping,
        "balanced class weights": s.class_weights,
    }
    moves = {"flip": s.flip, f"rotate ±{s.rotate:g}°": s.rotate, f"shift ±{s.crop} pixels": s.crop}
    parts = [", ".join(words for words, used in part.items() if used) for part in (methods, moves)]
    parts[1] = parts[1] and f"augmentation: {parts[1]}"
    return "; ".join(filter(None, parts)) or "none"
