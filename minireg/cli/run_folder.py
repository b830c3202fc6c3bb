"""What a training leaves in its folder, and how it goes on from there.

| file | |
|---|---|
| `model.safetensors` | the weights of the best epoch, and everything that is needed to use them |
| `config.toml` | the settings, to be used again with `--config` |
| `history.csv`, `history.png` | what was measured after each epoch |
| `checkpoint.safetensors` | the whole run, for `--resume` |

All of them are whole at any time: a training that is killed has lost the epoch it was in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from .. import __version__
from ..errors import ArgumentError
from ..files import check_folder, write_file
from ..training.callbacks import Callback, Run
from . import model_file
from .configuration import check_names, read_configuration, written
from .options import long_name, run_parameters

MODEL, CHECKPOINT = model_file.NAME, "checkpoint.safetensors"
CONFIG, HISTORY, PICTURE = "config.toml", "history.csv", "history.png"
FILES = (MODEL, CONFIG, HISTORY, PICTURE, CHECKPOINT)


def settings_in(context: click.Context, path: Path) -> dict[str, Any]:
    """The settings of a configuration file, by the names of their parameters.

    Raises:
        ArgumentError: no such file, no TOML, an option that does not exist.
        click.UsageError: a value that an option does not take.
    """
    parameters = run_parameters(context)
    settings = read_configuration(path)
    check_names(settings, parameters, str(path))
    found = {}
    for name, value in settings.items():
        parameter = parameters[name]
        try:
            if parameter.is_flag != isinstance(value, bool):
                kind = "true or false" if parameter.is_flag else "no truth value"
                raise click.BadParameter(f"this option takes {kind}, got {value!r}.")
            found[str(parameter.name)] = parameter.type_cast_value(context, value)
        except (click.BadParameter, TypeError) as error:
            message = error.message if isinstance(error, click.BadParameter) else f"got {value!r}."
            raise click.UsageError(f"{path}: {name}: {message}") from error
    return found


def configuration(context: click.Context, settings: Mapping[str, Any]) -> str:
    """The content of `config.toml`: all settings that have a value."""
    sections: dict[str, dict[str, Any]] = {}
    for name, parameter in run_parameters(context).items():
        value = settings[str(parameter.name)]
        value = str(value) if isinstance(value, Path) else value
        sections.setdefault(parameter.section, {})[name] = value
    return written(sections, f"minireg {__version__}; again: minireg train --config {CONFIG}")


# -- an earlier run --------------------------------------------------------------------------------


def check_free(folder: Path, overwrite: bool) -> None:
    """Refuse to touch an earlier run that nobody gave up."""
    if not overwrite and any((folder / name).exists() for name in FILES):
        raise ArgumentError(
            f"The folder {str(folder)!r} holds a run already. Go on with it by --resume, replace "
            f"it by --overwrite, or choose another folder by --out."
        )


def resumed_settings(
    context: click.Context, folder: Path, settings: dict[str, Any], given: set[str]
) -> dict[str, Any]:
    """The settings of the run in the folder, with more epochs if they are asked for.

    Args:
        context: of the command.
        folder: of the run.
        settings: what was asked for this time.
        given: the names of those settings that somebody chose.

    Raises:
        ArgumentError: there is no run, or something was chosen that contradicts it.
    """
    if not (folder / CONFIG).exists():
        raise ArgumentError(
            f"There is no run in the folder {str(folder)!r} to go on with (it has no {CONFIG}). "
            f"Name its folder by --out, or start without --resume."
        )
    parameters = {str(p.name): p for p in run_parameters(context).values()}
    defaults = context.command.make_context(context.info_name, []).params
    stored = {name: defaults[name] for name in parameters}
    stored |= settings_in(context, folder / CONFIG)
    for name in sorted(given & parameters.keys()):
        asked, has = settings[name], stored[name]
        same = Path(asked).resolve() == Path(has) if name == "data" else asked == has
        if same or (name == "epochs" and may_grow(stored, asked)):
            continue
        option = f"--{long_name(parameters[name])}"
        hint = f"Leave {option} out, or start another run by --out."
        if name == "epochs":
            hint = f"Its --schedule {stored['schedule']} was made for {has} epochs. {hint}"
            hint = hint if asked > has else "A run can get more epochs, not fewer."
        raise ArgumentError(
            f"The run in {str(folder)!r} has {option} {shown(has)}, and {option} {shown(asked)} "
            f"contradicts it. {hint}"
        )
    return {**stored, "epochs": settings["epochs"] if "epochs" in given else stored["epochs"]}


def may_grow(stored: Mapping[str, Any], epochs: int) -> bool:
    """Whether the first epochs would have been the same if it had been `epochs` from the start."""
    return epochs >= stored["epochs"] and stored["schedule"] in ("none", "plateau")


def shown(value: Any) -> str:
    """A value as it would be typed."""
    if value is None:
        return "(not given)"
    if isinstance(value, list):
        return ",".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


# -- this run --------------------------------------------------------------------------------------


def prepare(folder: Path, configuration: str, resume: bool) -> None:
    """Make the folder, clear it of an earlier run unless it goes on, and write the settings."""
    check_folder(folder)
    if not resume:
        for name in FILES:
            (folder / name).unlink(missing_ok=True)
    write_file(folder / CONFIG, configuration.encode("utf-8"))


class KeepRun(Callback):
    """After each epoch: write the history, and the model if it is the best one so far.

    What is best, the history tells; so a resumed run goes on as if nothing had happened.

    Args:
        folder: of the run.
        saved: gives the model's file its content, from the history's row of its epoch.
    """

    def __init__(
        self,
        folder: Path,
        saved: Callable[[int, dict[str, Any]], model_file.SavedModel],
    ) -> None:
        self.folder = folder
        self.saved = saved

    def check(self, run: Run) -> None:
        check_folder(self.folder)

    def after_epoch(self, run: Run) -> None:
        epoch = len(run.history)
        if run.history.best_epoch == epoch:
            with run.evaluated():
                model_file.save_model(self.saved(epoch, run.history[-1]), self.folder / MODEL)
        run.history.to_csv(self.folder / HISTORY)
