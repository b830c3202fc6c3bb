"""`minireg demo`: the study of `minireg.demo` on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..backend import set_backend
from ..files import check_folder
from .terminal import fitted, new_console

if TYPE_CHECKING:
    from rich.console import Console

    from ..demo import Settings


@click.command()
@click.option("--quick", is_flag=True, help="Fewer digits and epochs: seconds, larger errors.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("minireg-demo"),
    show_default=True,
    metavar="DIR",
    help="Where the report goes; files of an earlier run are replaced.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    default=0,
    show_default=True,
    metavar="N",
    help="The same seed gives the same results.",
)
@click.option(
    "--backend",
    type=click.Choice(["numpy", "cupy", "auto"]),
    default=None,
    help="Where to compute.  [default: MINIREG_BACKEND or numpy]",
)
def demo(quick: bool, out: Path, seed: int, backend: str | None) -> None:
    """Train a small network on few digits with wrong labels, seven ways, and compare.

    Without regularization it memorises the wrong labels.  Then L1, L2, dropout, augmentation, early
    stopping and all together act against it, each with 5 seeds.  DIR gets report.html (open it in a
    browser), its pictures and results.json.
    """
    # Loaded here: `minireg --help` needs none of it.
    from .. import demo as study  # noqa: PLC0415
    from .demo_progress import LineWatcher, LiveWatcher  # noqa: PLC0415

    if backend:
        set_backend(backend)
    check_folder(out)
    console = new_console()
    settings = study.QUICK if quick else study.FULL
    introduce(console, settings)
    kind = LiveWatcher if console.is_terminal else LineWatcher
    with kind(console, settings) as watcher:
        found = study.run(quick=quick, seed=seed, watcher=watcher)
    show_results(console, found.results)
    report = found.write(out)
    console.print(
        fitted(f"\n{found.results['seconds']:.0f} seconds. Open the report in a browser:")
    )
    console.print(str(report), markup=False, soft_wrap=True)


def introduce(console: Console, settings: Settings) -> None:
    """What is going to happen, in three lines."""
    right = 1 - settings.noise
    text = (
        f"{settings.train_size} handwritten digits, {settings.noise:.0%} of them with a wrong "
        f"label. A network that fits more than {right:.0%} of these labels has memorised wrong "
        f"ones. Seven ways to train it, {settings.seeds} seeds each:\n"
    )
    console.print(fitted(text.replace("%", " %")))


def show_results(console: Console, results: dict[str, Any]) -> None:
    """The table, and a plain sentence for each method."""
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    from ..demo.results import HELPED, HURT, format_percent, format_points  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column("percent", no_wrap=True)
    for title in ("train", "gap", "wrong\nlabels", "test", "gain"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("effect", no_wrap=True)
    colours = {HELPED: "green", HURT: "red"}
    for method, entry in results["methods"].items():
        numbers = [
            format_percent(entry[name], 1)[:-2]
            for name in ("train_accuracy", "gap", "wrong_labels_reproduced", "test_accuracy")
        ]
        gain, effect = "", ""
        if method != "none":
            gain = format_points(entry["gain"])
            effect = entry["effect"]
        table.add_row(method, *map(fitted, [*numbers, gain, effect]), style=colours.get(effect, ""))
    console.print("", table, sep="\n")
    settings = results["settings"]
    console.print(
        fitted(
            f"\ntrain: accuracy on its own, partly wrong labels. gap: train minus the same on "
            f"other digits. wrong labels: the share of them that it reproduces. test: "
            f"{settings['test_size']} digits with true labels, read once. gain: in test, paired "
            f"over {settings['seeds']} seeds, ± standard error; an effect is more than two of "
            f"them.\n"
        ),
        style="dim",
    )
    console.print(fitted(results["headline"]))
    for text in results["sentences"].values():
        console.print(fitted(f"- {text}"))
