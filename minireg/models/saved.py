"""The file of a trained model: weights, and everything that is needed to use them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .. import __version__, nn
from ..errors import DataError
from ..nn import StandardizedMSE, Unstandardize
from ..serialization import load, save
from .architecture import Architecture, as_architecture, build_model

NAME = "model.safetensors"
FORMAT = "minireg-model/1"  # changes when an entry changes its name or meaning


@dataclass
class SavedModel:
    """A model and what belongs to it.

    Attributes:
        model: the network with its trained weights.
        architecture: what it consists of.
        classes: their names, in the order of the outputs; () for a regression.
        columns: of a table: the names of features and target; None otherwise.
        reading: the options by which its data were read.
        pixels: whether it was trained on whole pixels from 0 to 255.
        label_smoothing: of its loss.
        epoch: the one that its weights come from.
        scores: what it reached in that epoch.
    """

    model: Any
    architecture: Architecture
    classes: tuple[str, ...] = ()
    columns: dict[str, Any] | None = None
    reading: dict[str, Any] = field(default_factory=dict)
    pixels: bool = False
    label_smoothing: float = 0.0
    epoch: int = 0
    scores: dict[str, Any] = field(default_factory=dict)

    @property
    def criterion(self) -> Any:
        """The loss that it was trained with."""
        if self.architecture.regression:
            last = list(self.model)[-1]
            return StandardizedMSE(last.std) if isinstance(last, Unstandardize) else nn.MSELoss()
        return nn.CrossEntropyLoss(label_smoothing=self.label_smoothing)


def save_model(saved: SavedModel, path: Path) -> None:
    """Write it, completely or not at all."""
    config = {
        "format": FORMAT,
        "minireg": __version__,
        "architecture": saved.architecture.as_dict(),
        "classes": list(saved.classes),
        "columns": saved.columns,
        "reading": saved.reading,
        "pixels": saved.pixels,
        "label_smoothing": saved.label_smoothing,
        "epoch": saved.epoch,
        "scores": saved.scores,
    }
    save({"model": saved.model.state_dict(), "config": config}, path)


def load_model(path: Path) -> SavedModel:
    """What `minireg train` saved: the file, or the folder of the run.

    Raises:
        DataError: there is no such file, or it is no model of this version of minireg.
    """
    if path.is_dir():
        if not (path / NAME).exists():
            raise DataError(
                f"There is no {NAME} in the folder {str(path)!r}. Name the folder that "
                f"`minireg train --out` filled, or its {NAME}."
            )
        path = path / NAME
    state = load(path)
    config = state.get("config") if isinstance(state, dict) else None
    if not isinstance(config, dict) or config.get("format") != FORMAT:
        raise DataError(
            f"{str(path)!r} holds no model of `minireg train` (it lacks the description "
            f"{FORMAT!r}). Weights alone do not tell which network they belong to."
        )
    try:
        return restored(config, state["model"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError(
            f"{str(path)!r} is damaged: its description and its weights do not belong together."
        ) from error


def restored(config: dict[str, Any], weights: dict[str, Any]) -> SavedModel:
    """The model that a file describes."""
    architecture = as_architecture(config["architecture"])
    model = build_model(architecture)
    model.load_state_dict(weights)
    return SavedModel(
        model=model.eval(),
        architecture=architecture,
        classes=tuple(config["classes"]),
        columns=config["columns"],
        reading=config["reading"],
        pixels=config["pixels"],
        label_smoothing=config["label_smoothing"],
        epoch=config["epoch"],
        scores=config["scores"],
    )
