"""`minireg train`: train a network on the user's own data, in one command."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from .. import models
from ..models.settings import RUN
from ..random import seed
from ..training.progress import summarize
from .options import SectionedCommand, get_chosen, option, setting_options
from .terminal import new_console, replace_signs, show_facts

if TYPE_CHECKING:
    from rich.console import Console

    from ..data import Dataset
    from ..training import History

INTERRUPTED = 130  # what shells report for a program that Ctrl-C ended
DEFAULT_OUT = Path("minireg-run")
LARGE = 160 * 160  # pixels; training a network of the default size then takes minutes


@click.command(
    cls=SectionedCommand,
    epilog="""\b
Examples:
  minireg train --data photos --size 32x32 --epochs 30
  minireg train --data train-images-idx3-ubyte.gz --model mlp --dropout 0.3
  minireg train --data houses.csv --target price --l2 0.001
  minireg train --data photos --size 32x32 --augment "flip, rotate:10"
  minireg train --resume --epochs 60           go on, also after Ctrl-C
  minireg train --config minireg-run/config.toml --seed 1 --out second""",
)
@setting_options()
@option(
    RUN,
    "--out",
    type=click.Path(path_type=Path),
    default=DEFAULT_OUT,
    show_default=True,
    metavar="FOLDER",
    help="Folder for the model, its settings, its history and the checkpoint.",
)
@option(
    RUN,
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="TOML file with any options above, by their long names; the command line overrides it.",
)
@option(RUN, "--resume", is_flag=True, help="Go on with the run in FOLDER.")
@option(RUN, "--overwrite", is_flag=True, help="Replace the run in FOLDER.")
@option(RUN, "--json", "as_json", is_flag=True, help="Print the results as JSON, nothing else.")
@click.argument("data_without_option", nargs=-1, metavar="")
@click.pass_context
def train(
    context: click.Context,
    data_without_option: tuple[str, ...],
    out: Path,
    config: Path | None,
    resume: bool,
    overwrite: bool,
    as_json: bool,
    **_: Any,
) -> None:
    """Train a network on your own data.

    PATH is a folder of images with a subfolder for each class, a table (CSV), an .npz file with
    arrays x and y, or an IDX file (MNIST).  Targets that are classes give a classifier, decimal
    numbers a regression.  FOLDER gets the model of the best epoch, also after Ctrl-C.

    Matrix products use one thread; OPENBLAS_NUM_THREADS=N allows more, useful for wide layers.
    """
    if data_without_option:
        raise click.UsageError(
            f"The data are named by an option: --data {shlex.quote(data_without_option[0])}",
            context,
        )
    chosen = get_chosen(context)
    if config is not None:
        chosen = models.read_settings(config) | chosen
    settings = models.read_run_settings(out, **chosen) if resume else models.Settings(**chosen)
    console = new_console(stderr=as_json)
    seed(settings.seed)  # a checkpoint holds the state of the default stream, too
    watched = console.is_terminal and not as_json
    training = models.Training(
        settings, out, resume=resume, overwrite=overwrite,
        progress=watched or line_printer(console, settings.epochs),
    )  # fmt: skip
    show_facts(console, describe(training))
    add_notes(training)
    console.print()
    result = training.train()
    if result.model is None:
        console.print("Interrupted before the first epoch was finished: there is no model yet.")
        context.exit(INTERRUPTED)
    results = collect_results(training, result, out)
    if as_json:
        print(json.dumps(results, indent=1, ensure_ascii=False))
    else:
        conclude(console, results)
    context.exit(INTERRUPTED if result.history.interrupted else 0)


# -- before ----------------------------------------------------------------------------------------


def describe(training: models.Training) -> dict[str, str]:
    """Describe what is going to be trained, on what data, and how."""
    parts, settings, saved = training.parts, training.settings, training.saved
    others = {"validation": parts.validation, "test": parts.test}
    sizes = [f"{len(parts.train)} to train with"]
    sizes += [f"{len(part)} for {name}" for name, part in others.items() if part is not None]
    return {
        "data": as_typed(settings.data),
        "examples": f"{', '.join(sizes)}; {models.describe_shape(parts.train.x.shape[1:])}",
        "targets": describe_targets(parts.train),
        "model": f"{saved.architecture}; {count_parameters(saved.model):,} parameters",
        "optimizer": f"{models.describe_optimizer(settings)}; batches of {settings.batch_size}",
        "regularizers": models.describe_regularizers(settings),
    }


def describe_targets(dataset: Dataset, most: int = 12) -> str:
    """Describe the classes with their counts, or the range of the numbers to predict."""
    if dataset.num_classes is None:
        y = np.asarray(dataset.y)
        return f"numbers from {y.min():g} to {y.max():g}, mean {y.mean():g}"
    pairs = [f"{n} {c}" for n, c in zip(dataset.classes, dataset.class_counts)]
    if len(pairs) > most:
        pairs = [*pairs[: most - 1], "…"]
    return f"{dataset.num_classes} classes: {', '.join(pairs)}"


def add_notes(training: models.Training) -> None:
    """Before the training begins, warn about large images and missing validation examples."""
    shape = training.parts.train.x.shape[1:]
    if len(shape) == 3 and shape[1] * shape[2] > LARGE:
        warnings.warn(
            f"images of {shape[1]} x {shape[2]} take long to train on; --size 64x64 makes them "
            f"{shape[1] * shape[2] // 64**2} times smaller.",
            stacklevel=2,
        )
    settings = training.settings
    if settings.dropout and settings.dropout_kind == "alpha" and settings.activation != "selu":
        warnings.warn(
            f"alpha dropout keeps mean and variance only after selu, not after "
            f"{settings.activation}; use --activation selu.",
            stacklevel=2,
        )
    if settings.dropout and not any(hasattr(layer, "p") for layer in training.saved.model):
        warnings.warn("dropout has no effect: this network has no hidden layers.", stacklevel=2)
    if training.parts.validation is None:
        warnings.warn(
            "without validation examples the epoch with the lowest training loss is kept.",
            stacklevel=2,
        )


def count_parameters(model: Any) -> int:
    """Count the entries of all parameters."""
    return sum(p.size for p in model.parameters())


# -- during the training ---------------------------------------------------------------------------


def line_printer(console: Console, epochs: int) -> Callable[[History], None]:
    """Return a function that prints a line for each epoch, for output to a pipe or file."""

    def report(history: History) -> None:
        text = f"epoch {len(history):>{len(str(epochs))}}/{epochs}  {summarize(history[-1])}"
        console.print(replace_signs(text, console.file), soft_wrap=True)

    return report


# -- after -----------------------------------------------------------------------------------------


def collect_results(training: models.Training, result: models.Result, out: Path) -> dict[str, Any]:
    """Return all results, ready for JSON."""
    parts, history, best = training.parts, result.history, result.model
    assert best is not None
    named = {"train": parts.train, "validation": parts.validation, "test": parts.test}

    def scores_of(part: str) -> dict[str, float]:
        return {
            name.removeprefix(f"{part}_"): value
            for name, value in best.scores.items()
            if name.startswith(f"{part}_") and value is not None
        }

    return {
        "out": str(out),
        "data": str(training.settings.data),
        "has_test_part": parts.has_test_part,
        "examples": {name: len(part) for name, part in named.items() if part is not None},
        "classes": list(parts.train.classes),
        "parameters": count_parameters(training.saved.model),
        "epochs": len(history),
        "best_epoch": best.epoch,
        "train": {"loss": best.scores["loss"], **scores_of("train")},
        "validation": scores_of("validation") or None,
        "test": result.test,
        "zeros": result.zeros,
        "stopped_early": history.stopped_early,
        "interrupted": history.interrupted,
        "files": [name for name in models.FILES if (out / name).exists()],
        "history": history.as_dict(),
    }


def conclude(console: Console, results: dict[str, Any]) -> None:
    """Print the best epoch, its scores, the files, and the next commands to type."""
    end = ", stopped early" * results["stopped_early"] or ", interrupted" * results["interrupted"]
    facts = {"best epoch": f"{results['best_epoch']} of {results['epochs']}{end}"}
    for part in ("train", "validation", "test"):
        if results[part]:
            facts[part] = describe_scores(results[part])
    if results["zeros"]:
        zeros, weights = results["zeros"]
        share = f"{100 * zeros / weights:.1f} %"
        facts["zeros"] = f"{zeros:,} of {weights:,} penalized weights ({share}) are exactly 0"
    facts["files"] = f"{results['out']}{os.sep}: {', '.join(results['files'])}"
    console.print()
    show_facts(console, facts)
    console.print("\nNext:")
    for line in suggest_commands(results):
        console.print(replace_signs(f"  {line}", console.file), soft_wrap=True)


def suggest_commands(results: dict[str, Any]) -> list[str]:
    """Return the commands that the user may want to type next."""
    out = [] if results["out"] == str(DEFAULT_OUT) else ["--out", results["out"]]
    # If the data have no test part, evaluate would measure on the training examples.
    data = as_typed(Path(results["data"])) if results["has_test_part"] else "OTHER_DATA"
    commands = [["evaluate", results["out"], data], ["predict", results["out"], "NEW_DATA"]]
    if results["interrupted"]:
        commands.insert(0, ["train", "--resume", *out])
    quote = subprocess.list2cmdline if os.name == "nt" else shlex.join
    return [quote(["minireg", *command]) for command in commands]


def as_typed(path: Any) -> str:
    """Return the path relative to the working folder, if it is inside this folder."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def describe_scores(scores: Mapping[str, float | None]) -> str:
    """
    >>> describe_scores({"loss": 0.25, "accuracy": 0.9})
    'loss 0.2500, accuracy 90.0 %'
    """

    def figure(name: str, value: float) -> str:
        if name == "accuracy":
            return f"{100 * value:.1f} %"
        # Errors have the unit of the targets; the other values are usually around 1.
        return f"{value:.4g}" if name in ("mse", "mae") or abs(value) >= 1e4 else f"{value:.4f}"

    known = {name: value for name, value in scores.items() if value is not None}
    return ", ".join(f"{name} {figure(name, value)}" for name, value in known.items())
