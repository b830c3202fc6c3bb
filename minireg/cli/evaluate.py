"""`minireg evaluate`: how good a trained model is on examples with labels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from ..models import kinds, load_model
from ..training.metrics import SCORES, score_classes
from .options import Typed
from .terminal import new_console, new_table, replace_signs, show_facts, show_table
from .train import describe_scores

if TYPE_CHECKING:
    from rich.console import Console

WIDTH = 80  # columns of the narrowest terminal
WIDEST_NAME = 24  # columns for the name of a class


@click.command(
    epilog="""\b
Examples:
  minireg evaluate minireg-run photos
  minireg evaluate minireg-run test.csv --metrics accuracy,f1,top3
  minireg evaluate minireg-run test.csv --json"""
)
@click.argument("model", type=click.Path(path_type=Path))
@click.argument("data", type=click.Path(path_type=Path))
@click.option(
    "--metrics",
    type=Typed(kinds.Several(kinds.Text())),
    help="accuracy, f1, precision, recall, top5, mse, mae, r2.  [default: accuracy,f1; "
    "regression: mse,mae,r2]",
)
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
def evaluate(model: Path, data: Path, metrics: tuple[str, ...] | None, as_json: bool) -> None:
    """Measure MODEL on labelled examples in DATA.

    MODEL is the folder of a run, or the model.safetensors in it.  If DATA has parts for training
    and testing, the test part is measured.  Classes are matched by their names.
    """
    saved = load_model(model)
    dataset = saved.read_labelled(data)
    names = metrics or saved.usual_metrics
    extra = ("confusion_matrix",) if saved.classes and "confusion_matrix" not in names else ()
    scores = saved.evaluate(dataset, (*names, *extra))
    matrix = scores.pop("confusion_matrix", None)
    table = {} if matrix is None else score_classes(matrix, saved.classes)
    if as_json:
        results = {"data": str(data), "examples": len(dataset), **scores}
        if matrix is not None:
            results |= {"classes": table, "confusion_matrix": matrix.tolist()}
        print(json.dumps(results, indent=1, ensure_ascii=False))
        return
    console = new_console()
    facts = {
        "model": f"{saved.architecture.model}, weights of epoch {saved.epoch}",
        "examples": str(len(dataset)),
        "scores": describe_scores(scores),
    }
    show_facts(console, facts)
    if table:
        show_class_scores(console, table)
        show_matrix(console, matrix, saved.classes)


# -- what is shown ---------------------------------------------------------------------------------


def show_class_scores(console: Console, scores: dict[str, dict[str, Any]]) -> None:
    table = new_table(["class"], ["examples", "precision", "recall", "F1"])
    for name, row in scores.items():
        figures = ["" if row[k] is None else f"{row[k]:.3f}" for k in SCORES]
        table.add_row(shorten(name), str(row["examples"]), *figures)
    console.print()
    show_table(console, table)


def show_matrix(console: Console, matrix: np.ndarray, classes: tuple[str, ...]) -> None:
    """Print the confusion matrix, if a terminal has room for it.

    Columns are headed by the beginnings of the names, or by numbers if two of these are equal.
    """
    from rich.text import Text  # noqa: PLC0415

    cell = max(len(str(np.max(matrix))), len(str(len(matrix))), 3) + 2
    if WIDEST_NAME + cell * len(matrix) > min(WIDTH, console.width):
        return
    console.print("\nConfusion matrix: rows are true classes, columns predictions.")
    room = (WIDTH - WIDEST_NAME) // len(classes) - 2
    heads = [name[:room] for name in classes]
    if len(set(heads)) < len(heads):
        heads = list(map(str, range(1, len(classes) + 1)))
        classes = tuple(f"{i} {name}" for i, name in zip(heads, classes))
    table = new_table([""], heads)
    for i, (name, row) in enumerate(zip(classes, matrix.tolist())):
        cells = [
            Text(str(n) if n else ".", style="green" if i == j else "red" if n else "dim")
            for j, n in enumerate(row)
        ]
        table.add_row(shorten(name), *cells)
    console.print(table)


def shorten(name: str) -> str:
    """Return the name, shortened if it is too long, in signs that the terminal has."""
    name = replace_signs(name)
    return name if len(name) <= WIDEST_NAME - 2 else f"{name[: WIDEST_NAME - 5].rstrip()}..."
