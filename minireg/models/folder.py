"""The folder of a training: which files are written, and whether a run can be continued.

| file | |
|---|---|
| `model.safetensors` | the weights of the best epoch, and everything that is needed to use them |
| `config.toml` | the settings, to be used again with `Settings.from_toml` or `--config` |
| `history.csv`, `history.png` | what was measured after each epoch |
| `checkpoint.safetensors` | the state of the whole run, to continue it |

Each file is complete at any time: if a training is killed, only the current epoch is lost.
"""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from ..errors import ArgumentError, ArgumentTypeError
from ..files import check_folder
from ..training import History
from ..training.callbacks import BestModel, Run
from .saved import NAME, SavedModel
from .settings import Settings

CHECKPOINT, CONFIG = "checkpoint.safetensors", "config.toml"
HISTORY, PICTURE = "history.csv", "history.png"
FILES = (NAME, CONFIG, HISTORY, PICTURE, CHECKPOINT)


class KeepRun(BestModel):
    """After each epoch: write the history, and the model if it is the best one so far.

    Args:
        folder: the folder of the run.
        saved: the model that is trained.
    """

    def __init__(self, folder: Path, saved: SavedModel) -> None:
        super().__init__()
        self.folder = folder
        self.saved = saved

    def check(self, run: Run) -> None:
        super().check(run)
        check_folder(self.folder, "out")

    def after_epoch(self, run: Run) -> None:
        super().after_epoch(run)
        if self.epoch == run.epoch:
            with run.evaluated():
                self.score_model(run.history).save(self.folder / NAME)
        run.history.to_csv(self.folder / HISTORY)

    def score_model(self, history: History) -> SavedModel:
        """The model as it is now, with the scores of the best epoch."""
        epoch = self.epoch or 0
        row = history[epoch - 1]
        scores = {name: value for name, value in row.items() if name not in ("epoch", "seconds")}
        return replace(self.saved, epoch=epoch, scores=scores)


def resolve_settings(
    settings: Settings | None, folder: Path, resume: bool, overwrite: bool
) -> Settings:
    """Return the settings of a run with absolute paths; refuse what its folder does not allow."""
    if resume and overwrite:
        raise ArgumentError(
            "resume=True continues a run, overwrite=True replaces it: choose one.",
            argument="overwrite",
        )
    stored = read_run_settings(folder) if resume else None
    settings = stored if settings is None else settings
    if not isinstance(settings, Settings | None):
        raise ArgumentTypeError(
            f"settings must be mr.Settings(data=path, …), got {settings!r}.", argument="settings"
        )
    if settings is None or settings.data is None:
        raise ArgumentError("Give the path of a file or a folder.", argument="data")
    settings = resolve_paths(settings)
    if stored is not None:
        check_same(resolve_paths(stored), settings, folder)
    elif not overwrite and any((folder / name).exists() for name in FILES):
        raise ArgumentError(
            f"The folder {str(folder)!r} holds a run already. Go on with it by resume=True, "
            f"replace it by overwrite=True, or choose another folder.",
            argument="out",
        )
    return settings


def resolve_paths(settings: Settings) -> Settings:
    data, labels = (path and path.resolve() for path in (settings.data, settings.labels))
    return replace(settings, data=data, labels=labels)


def read_run_settings(folder: Path, **changes: Any) -> Settings:
    """Return the settings of the run in a folder; `changes` override them."""
    if not (folder / CONFIG).exists():
        raise ArgumentError(
            f"There is no run in the folder {str(folder)!r} to go on with (it has no {CONFIG}). "
            f"Name the folder of a run, or leave out resume=True.",
            argument="out",
        )
    return Settings.from_toml(folder / CONFIG, **changes)


def check_same(stored: Settings, settings: Settings, folder: Path) -> None:
    """Refuse settings that differ from those of the run; more epochs may be allowed."""
    for name in (own.name for own in fields(Settings)):
        asked, has = getattr(settings, name), getattr(stored, name)
        grows = name == "epochs" and asked > has
        # More epochs are allowed only if they would not have changed the first epochs.
        if asked == has or (grows and stored.schedule in ("none", "plateau")):
            continue
        hint = "Leave it out, or start another run in another folder."
        if grows:
            hint = f"Its schedule {stored.schedule} was made for {has} epochs. {hint}"
        elif name == "epochs":
            hint = "A run can get more epochs, not fewer."
        raise ArgumentError(
            f"{name}={as_text(asked)} contradicts the run in {str(folder)!r}, which has "
            f"{as_text(has)}. {hint}",
            argument=name,
        )


def as_text(value: Any) -> str:
    """Return a value as it is typed on the command line."""
    if value is None:
        return "none"
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
