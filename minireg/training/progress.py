"""The progress bar of `fit`: a live line in a terminal, nothing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from .history import History, described


@contextmanager
def shown(progress: Any, epochs: int) -> Iterator[Callable[[History], None]]:
    """A function to call with the history after each epoch.

    Args:
        progress: True for a bar (if the output is a terminal), False for nothing, or a function
            that is called with the history itself.
        epochs: how many there will be at most.
    """
    if callable(progress):
        yield progress
    elif not progress or not sys.stdout.isatty():
        yield lambda history: None
    else:
        with bar(epochs) as update:
            yield update


@contextmanager
def bar(epochs: int) -> Iterator[Callable[[History], None]]:
    """A line of rich's: bar, epoch, figures of the last epoch, time left."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (
        TextColumn("epoch {task.completed:.0f}/{task.total:.0f}"),
        BarColumn(bar_width=20),
        TextColumn("{task.description}"),
        TimeRemainingColumn(),
    )
    console = Console()
    with Progress(*columns, console=console) as display:
        task = display.add_task("", total=epochs)

        def update(history: History) -> None:
            display.update(task, completed=len(history), description=described(history[-1]))

        yield update
