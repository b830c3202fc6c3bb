"""What `minireg demo` shows while it trains: moving bars on a terminal, lines elsewhere."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ..demo import Recipe, Settings
from ..demo.experiment import Run, Watcher
from ..training import History
from .terminal import fitted

if TYPE_CHECKING:
    from rich.console import Console


class LineWatcher(Watcher):
    """A line for each strength that was chosen and for each method that was trained: for pipes."""

    def __init__(self, console: Console, settings: Settings) -> None:
        self.console = console
        self.settings = settings

    def __enter__(self) -> LineWatcher:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass

    def chose(self, method: str, recipe: Recipe) -> None:
        self.say(f"best on validation digits for {method}: {recipe.describe()}")

    def compared(self, method: str, runs: list[Run]) -> None:
        train = sum(run.train for run in runs) / len(runs)
        validation = sum(run.validation for run in runs) / len(runs)
        self.say(
            f"{method:<15} training {100 * train:3.0f} %, validation {100 * validation:3.0f} %"
        )

    def say(self, text: str) -> None:
        self.console.print(fitted(text), markup=False)


class LiveWatcher(LineWatcher):
    """The same lines, and moving bars below them: what a network scores at this moment."""

    def __init__(self, console: Console, settings: Settings) -> None:
        from rich.live import Live  # noqa: PLC0415
        from rich.progress import BarColumn, Progress, TextColumn  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        super().__init__(console, settings)
        self.bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=40),
            TextColumn("{task.fields[value]}", markup=False),
            console=console,
        )
        self.train = self.bars.add_task("training labels", total=1.0, value="")
        self.validation = self.bars.add_task("validation labels", total=1.0, value="")
        self.whole = self.bars.add_task("the whole demo", total=1.0, value="")
        self.title = Text()
        self.live = Live(console=console, transient=True, get_renderable=self.picture)
        self.epochs = self.done = 0
        self.began = time.monotonic()

    def picture(self) -> Any:
        from rich.console import Group  # noqa: PLC0415

        return Group("", self.title, self.bars)

    def __enter__(self) -> LiveWatcher:
        self.live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.live.stop()

    def begin(self, epochs: int) -> None:
        self.epochs = epochs

    def start(self, purpose: str, method: str, recipe: Recipe, repetition: int) -> None:
        what = recipe.describe() if purpose == "choosing" else method
        label = "trying" if purpose == "choosing" else "training with"
        self.title.plain = fitted(f"{label} {what} (seed {repetition + 1})")
        for bar in (self.train, self.validation):
            self.bars.update(bar, completed=0.0, value="")

    def epoch(self, history: History) -> None:
        for bar, name in ((self.train, "train"), (self.validation, "validation")):
            score = history[f"{name}_accuracy"][-1]
            self.bars.update(bar, completed=score, value=f"{100 * score:3.0f} %")
        self.advance(1)

    def finish(self, run: Run, skipped_epochs: int) -> None:
        self.advance(skipped_epochs)

    def advance(self, epochs: int) -> None:
        self.done += epochs
        left = (time.monotonic() - self.began) * (self.epochs - self.done) / max(self.done, 1)
        share = self.done / self.epochs
        self.bars.update(
            self.whole, completed=share, value=f"{100 * share:3.0f} %, {left:.0f} s left"
        )
