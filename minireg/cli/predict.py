"""`minireg predict`: predictions of a trained model for new examples."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

import click

from ..files import check_folder, write_file
from ..models import Examples, SavedModel, load_model


@click.command(
    epilog="""\b
Examples:
  minireg predict minireg-run new-photos
  minireg predict minireg-run cat.jpg --probabilities
  minireg predict minireg-run houses.csv --out prices.csv
  minireg predict minireg-run houses.csv --json | jq '.[0]'"""
)
@click.argument("model", type=click.Path(path_type=Path))
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--probabilities", is_flag=True, help="Add the probability of each class.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of CSV.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write to this file instead of the terminal.",
)
def predict(model: Path, data: Path, probabilities: bool, as_json: bool, out: Path | None) -> None:
    """Predict the examples in DATA with MODEL.

    MODEL is the folder of a run, or the model.safetensors in it.  DATA is a picture, a folder of
    pictures (with or without subfolders), a table, an .npz or an IDX file; labels in it are
    ignored.  A table may have more columns than the model was trained on.

    Prints CSV lines: example, prediction, and the probability of the predicted class.
    """
    saved = load_model(model)
    found = saved.read(data)
    if out is not None:
        check_folder(out.parent, "out")
    answers = predict_rows(saved, found, probabilities)
    rows = [{"example": name, **answer} for name, answer in zip(found.names, answers)]
    text = json.dumps(rows, indent=1, ensure_ascii=False) + "\n" if as_json else as_csv(rows)
    if out is None:
        sys.stdout.write(text)
        return
    write_file(out, text.encode("utf-8"))
    print(f"{len(rows)} predictions are in {out}.", file=sys.stderr)


def predict_rows(saved: SavedModel, found: Examples, all_classes: bool) -> list[dict[str, Any]]:
    """Return for each example the class and its probability (or those of all), or numbers."""
    if not saved.classes:
        return [{"prediction": numbers} for numbers in saved.predict(found).tolist()]
    table = saved.predict(found, output="probabilities")
    rows = []
    for row, best in zip(table.tolist(), table.argmax(axis=1)):
        answer: dict[str, Any] = {"prediction": saved.classes[best], "probability": row[best]}
        if all_classes:
            answer["probabilities"] = dict(zip(saved.classes, row))
        rows.append(answer)
    return rows


def as_csv(rows: list[dict[str, Any]]) -> str:
    """Return CSV text: a header and a line for each example.

    >>> print(as_csv([{"example": "1.png", "prediction": "cat", "probability": 0.75}]), end="")
    example,prediction,probability
    1.png,cat,0.75
    >>> print(as_csv([{"example": "0", "prediction": [1.0, 2.5]}]), end="")
    example,prediction 1,prediction 2
    0,1,2.5
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    flat = list(map(flatten_row, rows))
    writer.writerow(flat[0])
    writer.writerows(row.values() for row in flat)
    return buffer.getvalue()


def flatten_row(row: dict[str, Any]) -> dict[str, str]:
    """Return one cell for each number; it has six digits, as many as float32 holds."""
    cells: dict[str, str] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            cells |= {f"probability of {label}": f"{p:.6g}" for label, p in value.items()}
        elif isinstance(value, list):
            cells |= {f"{name} {i}": f"{number:.6g}" for i, number in enumerate(value, 1)}
        else:
            cells[name] = f"{value:.6g}" if isinstance(value, float) else value
    return cells
