"""What `minireg demo` prints: moving bars on a terminal, lines elsewhere; a table at the end."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import ExitStack
from statistics import fmean
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TextColumn
from rich.text import Text

from ..demo import Recipe, Settings, Watcher
from ..demo.experiment import Run
from ..demo.results import HELPED, HURT, format_gain, format_percent
from ..training import History
from .terminal import new_table, replace_signs, show_table


class LineWatcher(Watcher, ExitStack):
    """Print a line for each chosen strength and for each trained method, for output to a pipe."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self.console = console

    def begin(self, settings: Settings) -> None:
        self.say(
            f"{settings.train_size} handwritten digits, {format_percent(settings.noise)} % of them "
            f"with a wrong label. A network that fits more than "
            f"{format_percent(1 - settings.noise)} % of these labels has memorised wrong ones. "
            f"Seven ways to train it, {settings.seeds} seeds each:\n"
        )

    def chose(self, method: str, recipe: Recipe) -> None:
        self.say(f"best on validation digits for {method}: {recipe.describe()}")

    def compared(self, method: str, runs: list[Run]) -> None:
        train = format_percent(fmean(run.train_accuracy for run in runs), "3.0f")
        validation = format_percent(fmean(run.validation_accuracy for run in runs), "3.0f")
        self.say(f"{method:<15} training {train} %, validation {validation} %")

    def say(self, text: str) -> None:
        self.console.print(replace_signs(text))


class LiveWatcher(LineWatcher):
    """Print the same lines, and below them moving bars with the current scores of a network."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self.title = Text()
        self.bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=None),
            TextColumn("{task.fields[value]}", markup=False),
            expand=True,
        )
        self.train, self.validation, self.whole = (
            self.bars.add_task(name, total=1.0, value="")
            for name in ("training labels", "validation labels", "the whole demo")
        )

    def begin(self, settings: Settings) -> None:
        super().begin(settings)
        # Room for the ^C of Ctrl-C: if it wraps, a line of the picture is left over.
        picture = Padding(Group("", self.title, self.bars), (0, 2, 0, 0))
        self.enter_context(Live(picture, console=self.console, transient=True))
        self.settings, self.done, self.began = settings, 0, time.monotonic()

    def start(self, purpose: str, method: str, recipe: Recipe, repetition: int) -> None:
        what = f"trying {recipe.describe()}" if purpose == "choosing" else f"training with {method}"
        self.title.plain = replace_signs(f"{what} (seed {repetition + 1})")
        for bar in (self.train, self.validation):
            self.bars.update(bar, completed=0.0, value="")

    def epoch(self, history: History) -> None:
        for bar, name in ((self.train, "train"), (self.validation, "validation")):
            score = history[f"{name}_accuracy"][-1]
            self.bars.update(bar, completed=score, value=f"{format_percent(score, '3.0f')} %")
        self.advance(1)

    def finish(self, run: Run) -> None:
        self.advance(self.settings.epochs - len(run.history))

    def advance(self, epochs: int) -> None:
        self.done += epochs
        share = self.done / self.settings.count_epochs()
        left = (time.monotonic() - self.began) * (1 - share) / share
        value = f"{format_percent(share, '3.0f')} %, {left:.0f} s left"
        self.bars.update(self.whole, completed=share, value=value)


def show_results(console: Console, results: Mapping[str, Any]) -> None:
    """Print the table, and a plain sentence for each method."""
    table = new_table(["percent"], ["train", "gap", "wrong\nlabels", "test", "gain"])
    table.add_column("effect", no_wrap=True)
    colours = {HELPED: "green", HURT: "red"}
    for method, entry in results["methods"].items():
        cells = [
            format_percent(entry[name], ".1f")
            for name in ("train_accuracy", "gap", "wrong_labels_reproduced", "test_accuracy")
        ]
        effect = entry.get("effect", "")
        cells += [format_gain(entry["gain"]) if effect else "", effect]
        table.add_row(method, *map(replace_signs, cells), style=colours.get(effect, ""))
    console.print()
    show_table(console, table)
    settings = results["settings"]
    text = (
        f"\ntrain: accuracy on training labels, some of them wrong. gap: train minus the accuracy "
        f"on other digits. wrong labels: how many are reproduced. test: {settings['test_size']} "
        f"digits with true labels, used once. gain: test minus that of none, ± standard error over "
        f"{settings['seeds']} paired seeds; an effect is more than two standard errors.\n"
    )
    console.print(replace_signs(text), style="dim")
    console.print(replace_signs(results["headline"]))
    for text in results["sentences"].values():
        console.print(replace_signs(f"- {text}"))
