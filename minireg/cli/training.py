"""From settings to a trained network: what `minireg train` does between its two tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np

from .. import augment, nn, regularizers
from .. import backend as backends
from ..errors import ArgumentError
from ..random import Generator, seed
from ..training import History, evaluate, prepare
from . import run_folder
from .architectures import Architecture, build_model, chosen_architecture
from .model_file import SavedModel
from .optimizers import check_schedule, new_optimizer, new_schedule
from .user_data import Parts, read_parts

# How a path was read, and a path for the model is read.
READING = ("target", "drop", "task", "delimiter", "header", "encoding", "x", "y")


@dataclass
class Training:
    """Data and network, ready for the first step.

    Attributes:
        settings: the values of the options, by the names of their parameters.
        parts: the data.
        architecture: what the network consists of.
        model: the network.
        metrics: the names of what is measured after each epoch.
        streams: its random numbers.
    """

    settings: Mapping[str, Any]
    parts: Parts
    architecture: Architecture
    model: nn.Module
    metrics: list[str]
    streams: Streams

    def run(
        self,
        folder: Path,
        resume: bool = False,
        begin: Callable[[], None] = lambda: None,
        progress: Callable | bool = False,
    ) -> History:
        """Train; the model of the best epoch, the history and the checkpoint go to the folder.

        Args:
            folder: of the run.
            resume: go on from the checkpoint there.
            begin: is called when everything is checked and the first epoch comes next.
            progress: as `fit` takes it.
        """
        settings, parts = self.settings, self.parts
        optimizer = new_optimizer(settings, self.model)
        batches = ceil(len(parts.train) / settings["batch_size"])
        run = prepare(
            self.model,
            parts.train,
            parts.validation,
            epochs=settings["epochs"],
            batch_size=settings["batch_size"],
            optimizer=optimizer,
            criterion=self.saved(0, {}).criterion,
            penalty=penalty_of(settings),
            proximal=settings["proximal"],
            transform=transform_of(settings, parts.train.x.shape[1:], self.streams),
            early_stopping=settings["early_stopping"],
            metrics=self.metrics,
            class_weights=settings["class_weights"],
            schedule=new_schedule(settings, optimizer, ceil(batches / settings["accumulate"])),
            accumulate=settings["accumulate"],
            clip_norm=settings["clip_norm"],
            callbacks=[run_folder.KeepRun(folder, self.saved)],
            checkpoint=folder / run_folder.CHECKPOINT,
            resume=resume,
            generator=self.streams.order,
            progress=progress,
        )
        begin()
        return run.train()

    def saved(self, epoch: int, row: dict[str, Any]) -> SavedModel:
        """The network as it is now, with all that belongs to it."""
        settings = self.settings
        reading = {name: settings[name] for name in READING}
        return SavedModel(
            model=self.model,
            architecture=self.architecture,
            classes=self.parts.train.classes,
            columns=self.parts.columns,
            reading=reading,
            pixels=self.parts.train.x.dtype == np.uint8,
            label_smoothing=settings["label_smoothing"],
            epoch=epoch,
            scores={name: value for name, value in row.items() if name not in ("epoch", "seconds")},
        )

    def test_scores(self, best: SavedModel) -> dict[str, Any] | None:
        """What the best model reaches on the data's own test part, if it is still unread."""
        if self.parts.test is None:
            return None
        return evaluate(best.model, self.parts.test, best.criterion, metrics=self.metrics)


class Streams:
    """The random numbers of a training, each kind from a stream of its own.

    So the same seed gives the same initial weights and the same batches with and without dropout
    or augmentation.
    """

    def __init__(self, number: int) -> None:
        source = Generator(number)
        self.network, self.order, self.flips, self.angles, self.shifts = (
            source.spawn() for _ in range(5)
        )


def prepared(settings: Mapping[str, Any]) -> Training:
    """Read the data and build the network, or say what does not fit.

    Raises:
        MiniregError: data that cannot be used, options that contradict them or each other.
    """
    backends.set_backend(settings["backend"] or backends.current_backend().name)
    check_options(settings)
    parts = read_parts(settings)
    check_task(settings, parts)
    seed(settings["seed"])
    streams = Streams(settings["seed"])
    shape = parts.train.x.shape[1:]
    architecture = chosen_architecture(settings, shape, parts.outputs, parts.regression)
    model = build_model(architecture, streams.network, parts.train)
    metrics = settings["metrics"] or (["mse", "r2"] if parts.regression else ["accuracy"])
    return Training(settings, parts, architecture, model, metrics, streams)


def check_options(settings: Mapping[str, Any]) -> None:
    """Find contradictions that need no data."""
    check_schedule(settings)
    if settings["proximal"] and not (settings["l1"] or settings["l2"]):
        raise ArgumentError("--proximal is a way to apply --l1 or --l2: give one of them, too.")
    if settings["early_stopping"] and settings["validation"] == 0:
        raise ArgumentError(
            "--early-stopping watches the validation loss, and --validation 0 leaves none."
        )


def check_task(settings: Mapping[str, Any], parts: Parts) -> None:
    """Find options that do not fit the data."""
    if parts.regression:
        for name in ("class_weights", "label_smoothing"):
            if settings[name]:
                raise ArgumentError(
                    f"--{name.replace('_', '-')} is for classes, and the targets here are numbers. "
                    f"(If they are classes: --task classification.)"
                )
    shape = parts.train.x.shape[1:]
    for name in ("flip", "rotate", "crop"):
        if settings[name] and len(shape) != 3:
            raise ArgumentError(
                f"--{name} is for images (channels, height, width), and an example here has shape "
                f"{shape}."
            )


def penalty_of(settings: Mapping[str, Any]) -> regularizers.Penalty | None:
    """L1, L2, both or None."""
    terms: list[regularizers.Penalty] = []
    if settings["l1"]:
        terms.append(regularizers.L1(settings["l1"]))
    if settings["l2"]:
        terms.append(regularizers.L2(settings["l2"], settings["l2_scale"]))
    return sum(terms[1:], terms[0]) if terms else None


def transform_of(settings: Mapping[str, Any], shape: tuple[int, ...], streams: Streams) -> Any:
    """The augmentation that the options ask for, or None."""
    parts: list[Any] = []
    if settings["flip"]:
        parts.append(augment.RandomHorizontalFlip(generator=streams.flips))
    if settings["rotate"]:
        parts.append(augment.RandomRotation(settings["rotate"], generator=streams.angles))
    if settings["crop"]:
        size = shape[1], shape[2]
        parts.append(augment.RandomCrop(size, padding=settings["crop"], generator=streams.shifts))
    return augment.Compose(parts) if parts else None


def regularizers_in_words(settings: Mapping[str, Any]) -> str:
    """What is done against overfitting, or "none".

    >>> from collections import defaultdict
    >>> regularizers_in_words(defaultdict(int, {"dropout": 0.5, "flip": True}))
    'dropout 0.5; augmentation: flip'
    """
    s, parts = settings, []
    if s["l1"]:
        parts.append(f"L1 {s['l1']:g}")
    if s["l2"]:
        parts.append(f"L2 {s['l2']:g} ({s['l2_scale']})")
    if parts and s["proximal"]:
        parts.append("as proximal steps")
    if s["weight_decay"]:
        parts.append(f"weight decay {s['weight_decay']:g}")
    if s["dropout"]:
        parts.append(f"dropout {s['dropout']:g}")
    if s["label_smoothing"]:
        parts.append(f"label smoothing {s['label_smoothing']:g}")
    if s["early_stopping"]:
        parts.append(f"early stopping after {s['early_stopping']} epochs")
    if s["class_weights"]:
        parts.append("balanced class weights")
    text = ", ".join(parts)
    moves = ["flip"] if s["flip"] else []
    moves += [f"rotate ±{s['rotate']:g}°"] if s["rotate"] else []
    moves += [f"shift ±{s['crop']} pixels"] if s["crop"] else []
    if moves:
        text += f"{'; ' if text else ''}augmentation: {', '.join(moves)}"
    return text or "none"
