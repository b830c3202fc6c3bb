"""The progress bar of `fit`: a live line in a terminal, nothing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ..errors import ArgumentTypeError
from .history import History

WIDE = 100  # columns; a narrower terminal has no space for the bar


@contextmanager
def show_progress(progress: Any, epochs: int) -> Iterator[Callable[[History], Any]]:
    """A `with` block that gives a function to call with the history after each epoch.

    Args:
        progress: True for a bar (if the output is a terminal), False for nothing, or a function
            that is called with the history itself.
        epochs: how many there will be at most.
    """
    if callable(progress):
        yield progress
    elif progress and sys.stdout is not None and sys.stdout.isatty():
        with show_bar(epochs) as update:
            yield update
    else:
        yield lambda history: None


def check_progress(progress: Any) -> None:
    if not callable(progress) and not isinstance(progress, bool):
        raise ArgumentTypeError(
            f"progress must be True, False or a function of the history, got {progress!r}.",
            argument="progress",
        )


@contextmanager
def show_bar(epochs: int) -> Iterator[Callable[[History], None]]:
    """Show a line with rich: epoch, bar, time left, results of the last epoch."""
    from rich import console, progress, table, text  # noqa: PLC0415

    # By default rich marks what it leaves out by "…", which raises a UnicodeEncodeError in an ASCII
    # terminal.
    whole = table.Column(no_wrap=True, overflow="crop")
    screen = console.Console()
    screen.width -= 2  # room for the ^C of Ctrl-C: if it wraps, the line is shown twice
    figures = text.Text(no_wrap=True)  # if the line is too long, these are cut first
    columns: list[progress.ProgressColumn] = [
        progress.TextColumn("epoch {task.completed:.0f}/{task.total:.0f}", table_column=whole),
        progress.TimeRemainingColumn(elapsed_when_finished=True, table_column=whole.copy()),
        progress.RenderableColumn(figures, table_column=table.Column(overflow="crop")),
    ]
    if screen.width >= WIDE:
        columns.insert(1, progress.BarColumn(bar_width=20))
    with progress.Progress(*columns, console=screen) as display:
        task = display.add_task("", total=epochs)

        def update(history: History) -> None:
            figures.plain = summarize(history[-1])
            display.update(task, completed=len(history))

        yield update


def summarize(row: dict[str, Any]) -> str:
    """Return the results of one epoch in ASCII, with the first metric only.

    Usually at most 58 characters, so that with up to 999 epochs the line fits into 80 columns.

    >>> summarize({"loss": 0.25, "penalty": 0.0, "train_accuracy": 0.9, "validation_loss": 0.5,
    ...          "validation_accuracy": 0.8})
    'loss 0.2500, train 90.0%, validation 80.0%'
    """
    parts = [f"loss {row['loss']:.4f}"]
    if row["penalty"]:
        parts.append(f"penalty {row['penalty']:.4f}")
    metric = next((name.removeprefix("train_") for name in row if name.startswith("train_")), None)
    values = {part: row.get(f"{part}_{metric}") for part in ("train", "validation")}
    for part, value in values.items():
        if value is not None:
            # Squared errors have the unit of the targets, squared: they may be huge.
            digits = ".1%" if metric == "accuracy" else ".4f" if abs(value) < 1e4 else ".4g"
            label = "" if metric == "accuracy" else f" {metric}"
            parts.append(f"{part}{label} {value:{digits}}")
    if values["validation"] is None and row["validation_loss"] is not None:
        parts.append(f"validation loss {row['validation_loss']:.4f}")
    return ", ".join(parts)
