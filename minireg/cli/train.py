"""`minireg train`: a network for the user's own data, in one command.

This file is what is typed and shown; `models` reads, builds and
moves, `run_folder.py` keeps.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import ArgumentError
from .options import RUN, RUN_OPTIONS, SectionedCommand, all_of, explicit, option
from .terminal import fitted, new_console, show_facts
from .threads import blas_threads

if TYPE_CHECKING:
    from rich.console import Console

    from ..models.architecture import Architecture
    from ..models.saved import SavedModel
    from ..training import History
    from .training import Training

INTERRUPTED = 130  # what shells report for a program that Ctrl-C ended
DEFAULT_OUT = Path("minireg-run")
LARGE = 160 * 160  # pixels; a network of the default size then learns for minutes


@click.command(
    cls=SectionedCommand,
    epilog="""\b
Examples:
  minireg train --data photos --size 32x32 --epochs 30
  minireg train --data train-images-idx3-ubyte.gz --model mlp --dropout 0.3
  minireg train --data houses.csv --target price --l2 0.001
  minireg train --data photos --size 32x32 --flip --rotate 10 --crop 2
  minireg train --resume --epochs 60           go on, also after Ctrl-C
  minireg train --config minireg-run/config.toml --seed 1 --out second""",
)
@all_of(RUN_OPTIONS)
@option(
    RUN,
    "--out",
    type=click.Path(path_type=Path),
    default=DEFAULT_OUT,
    show_default=True,
    metavar="FOLDER",
    help="Where the model, its settings, its history and the checkpoint go.",
)
@option(
    RUN,
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A TOML file with any of the options above, by their long names; the command line wins.",
)
@option(RUN, "--resume", is_flag=True, help="Go on with the run in FOLDER.")
@option(RUN, "--overwrite", is_flag=True, help="Replace the run in FOLDER.")
@option(RUN, "--json", "as_json", is_flag=True, help="Print the results as JSON, and only them.")
@click.pass_context
def train(
    context: click.Context,
    out: Path,
    config: Path | None,
    resume: bool,
    overwrite: bool,
    as_json: bool,
    **settings: Any,
) -> None:
    """Train a network on your own data.

    PATH decides what is trained: a folder of images with a subfolder for each class, a table (CSV),
    an .npz file with arrays x and y, or an IDX file (MNIST).  Classes give a classifier, decimal
    numbers a regression.  FOLDER gets the model of the best epoch; Ctrl-C keeps what there is.

    Matrix products use one thread; OPENBLAS_NUM_THREADS=N allows more, which pays for wide layers.
    """
    from ..models.saved import load_model  # noqa: PLC0415
    from .run_folder import (  # noqa: PLC0415  `minireg --help` needs none of it
        HISTORY,
        MODEL,
        PICTURE,
        check_free,
        configuration,
        prepare,
        resumed_settings,
        settings_in,
    )
    from .training import prepared  # noqa: PLC0415

    given = explicit(context)
    if config is not None:
        found = settings_in(context, config)
        settings |= {name: value for name, value in found.items() if name not in given}
        given |= set(found)
    if resume and overwrite:
        raise ArgumentError("--resume goes on with a run, --overwrite replaces it: choose one.")
    if resume:
        settings = resumed_settings(context, out, settings, given)
    else:
        check_free(out, overwrite)
    if settings["data"] is None:
        raise ArgumentError("What shall be learned? Give --data PATH: a file or a folder.")
    settings["data"] = settings["data"].resolve()  # so that config.toml works from everywhere

    console = new_console(stderr=as_json)
    training = prepared(settings)

    def begin() -> None:
        prepare(out, configuration(context, settings), resume)
        show_facts(console, introduction(training))
        for note in notes(training):
            print(f"Note: {note}", file=sys.stderr)
        console.print()

    watched = console.is_terminal and not as_json
    progress = watched or line_printer(console, training)
    with blas_threads():
        history = training.run(out, resume, begin, progress)
    if not (out / MODEL).exists():
        console.print("Interrupted before the first epoch was finished: there is no model yet.")
        context.exit(INTERRUPTED)
    best = load_model(out / MODEL)
    history.to_csv(out / HISTORY)  # Ctrl-C may have come between the model and the last line
    history.plot(out / PICTURE)
    results = summary_of(training, history, best, out)
    if as_json:
        print(json.dumps(results, indent=1, ensure_ascii=False))
    else:
        conclude(console, results, history)
    context.exit(INTERRUPTED if history.interrupted else 0)


# -- before ----------------------------------------------------------------------------------------


def introduction(training: Training) -> dict[str, str]:
    """What is going to be trained, on what, and how."""
    from ..models.inputs import counts_text, shape_text  # noqa: PLC0415
    from ..models.optimization import described  # noqa: PLC0415
    from .training import regularizers_in_words  # noqa: PLC0415

    parts, settings = training.parts, training.settings
    others = {"validation": parts.validation, "test": parts.test}
    sizes = [f"{len(parts.train)} to train with"]
    sizes += [f"{len(part)} for {name}" for name, part in others.items() if part is not None]
    return {
        "data": as_typed(settings["data"]),
        "examples": f"{', '.join(sizes)}; {shape_text(parts.train.x.shape[1:])}",
        "targets": counts_text(parts.train),
        "model": f"{model_text(training.architecture)}; {parameters_in(training.model):,} "
        f"parameters",
        "optimizer": f"{described(settings)}; batches of {settings['batch_size']}",
        "regularizers": regularizers_in_words(settings),
    }


def notes(training: Training) -> list[str]:
    """What somebody would want to know before a long training begins."""
    shape = training.parts.train.x.shape[1:]
    found = []
    if len(shape) == 3 and shape[1] * shape[2] > LARGE:
        found.append(
            f"images of {shape[1]} x {shape[2]} take long to train on; --size 64x64 makes them "
            f"{shape[1] * shape[2] // 64**2} times smaller."
        )
    if training.parts.validation is None:
        found.append("without validation examples the epoch with the lowest training loss is kept.")
    return found


def model_text(architecture: Architecture) -> str:
    """
    >>> from ..models.architecture import chosen_architecture
    >>> model_text(chosen_architecture({"hidden": [32, 16], "dropout": 0.5}, (4,), 3))
    'mlp, 4 → 32 → 16 → 3, relu'
    """
    a = architecture
    inner = [f"{n} channels" for n in a.channels] + list(map(str, a.hidden))
    start = " × ".join(map(str, a.input_shape))
    text = f"{a.model}, {' → '.join([start, *inner, str(a.outputs)])}"
    if inner:
        text += f", {a.activation}" + (", batch norm" if a.batch_norm else "")
    return text


def parameters_in(model: Any) -> int:
    """The number of numbers that are learned."""
    return sum(p.size for p in model.parameters())


# -- meanwhile -------------------------------------------------------------------------------------


def line_printer(console: Console, training: Training) -> Callable[[History], None]:
    """Where nobody watches, a line for each epoch in place of a moving one."""
    from ..training.progress import summarize  # noqa: PLC0415

    epochs = training.settings["epochs"]

    def report(history: History) -> None:
        text = f"epoch {len(history):>{len(str(epochs))}}/{epochs}  {summarize(history[-1])}"
        console.print(fitted(text, console.file), markup=False, soft_wrap=True)

    return report


# -- after -----------------------------------------------------------------------------------------


def summary_of(training: Training, history: History, best: SavedModel, out: Path) -> dict[str, Any]:
    """Everything in numbers, ready for JSON."""
    from .run_folder import FILES  # noqa: PLC0415

    parts = training.parts
    named = {"train": parts.train, "validation": parts.validation, "test": parts.test}
    return {
        "out": str(out),
        "data": str(training.settings["data"]),
        "has_test_part": parts.has_test_part,
        "examples": {name: len(part) for name, part in named.items() if part is not None},
        "classes": list(parts.train.classes),
        "parameters": parameters_in(training.model),
        "epochs": len(history),
        "best_epoch": best.epoch,
        "train": {"loss": best.scores["loss"], **scores_of(best, "train_")},
        "validation": scores_of(best, "validation_") or None,
        "test": training.test_scores(best),
        "stopped_early": history.stopped_early,
        "interrupted": history.interrupted,
        "files": [name for name in FILES if (out / name).exists()],
        "history": history.as_dict(),
    }


def scores_of(best: SavedModel, prefix: str) -> dict[str, float]:
    """The scores of one part in the best epoch."""
    return {
        name.removeprefix(prefix): value
        for name, value in best.scores.items()
        if name.startswith(prefix) and value is not None
    }


def conclude(console: Console, results: dict[str, Any], history: History) -> None:
    """The best epoch, its scores, the files, and what to type next."""
    end = ""
    if history.interrupted:
        end = ", interrupted"
    elif history.stopped_early:
        end = ", stopped early"
    count = results["epochs"]
    facts = {"best epoch": f"{results['best_epoch']} of {count}{end}"}
    for part in ("train", "validation", "test"):
        if results[part]:
            facts[part] = scores_text(results[part])
    facts["files"] = f"{results['out']}{os.sep}: {', '.join(results['files'])}"
    console.print()
    show_facts(console, facts)
    console.print("\nNext:")
    for line in next_commands(results):
        console.print(fitted(f"  {line}", console.file), markup=False, soft_wrap=True)


def next_commands(results: dict[str, Any]) -> list[str]:
    """What may be typed now."""
    out = [] if results["out"] == str(DEFAULT_OUT) else ["--out", results["out"]]
    # Of data without a test part, evaluate would measure what the model has learned by heart.
    data = as_typed(Path(results["data"])) if results["has_test_part"] else "OTHER_DATA"
    commands = [
        ["evaluate", results["out"], data],
        ["predict", results["out"], "NEW_DATA"],
    ]
    if results["interrupted"]:
        commands.insert(0, ["train", "--resume", *out])
    return [command_line(["minireg", *command]) for command in commands]


def as_typed(path: Path) -> str:
    """The path from the working folder, if it lies below."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def command_line(words: list[str]) -> str:
    """As it is typed: words with spaces in quotes."""
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def scores_text(scores: Mapping[str, float | None]) -> str:
    """
    >>> scores_text({"loss": 0.25, "accuracy": 0.9})
    'loss 0.2500, accuracy 90.0 %'
    """

    def figure(name: str, value: float) -> str:
        if name == "accuracy":
            return f"{100 * value:.1f} %"
        # Errors have the unit of the targets; the others lie around 1, if all went well.
        return f"{value:.4g}" if name in ("mse", "mae") or abs(value) >= 1e4 else f"{value:.4f}"

    known = {name: value for name, value in scores.items() if value is not None}
    return ", ".join(f"{name} {figure(name, value)}" for name, value in known.items())
