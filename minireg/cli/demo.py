"""`minireg demo`: one command, and a network overfits before your eyes.

This file is what the user types and sees; the training stands in `experiment.py`.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .. import backend as backends
from ..files import check_folder, write_files
from .terminal import fitted, new_console
from .threads import one_blas_thread

if TYPE_CHECKING:
    from rich.console import Console

    from .recipes import Settings


@click.command()
@click.option("--quick", is_flag=True, help="Fewer digits, fewer epochs: seconds, larger errors.")
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

    Without regularization it learns the wrong labels by heart.  Then L1, L2, dropout, augmentation,
    early stopping and all together try to stop it, each with 5 seeds.  DIR gets report.html (open
    it in a browser), its pictures and results.json.
    """
    # Loaded here: `minireg --help` needs none of it.
    from ..data import load_mnist5k  # noqa: PLC0415
    from .experiment import run_experiment  # noqa: PLC0415
    from .figures import draw_figures  # noqa: PLC0415
    from .recipes import FULL, QUICK  # noqa: PLC0415
    from .report import render_report  # noqa: PLC0415
    from .results import as_results  # noqa: PLC0415

    chosen = backends.set_backend(backend) if backend else backends.current_backend()
    check_folder(out)
    console = new_console()
    began = time.perf_counter()
    settings = QUICK if quick else FULL
    introduce(console, settings)
    pool, test = load_mnist5k()
    with one_blas_thread(), new_watcher(console, settings) as watcher:
        outcome = run_experiment(settings, pool, test, seed, watcher)
    results = as_results(outcome, seed=seed, quick=quick, backend=chosen.name)
    show_results(console, results)

    pictures = draw_figures(outcome)
    page = render_report(outcome, results, pictures)
    results["seconds"] = round(time.perf_counter() - began, 1)
    write_files(
        out,
        {
            **pictures,
            "results.json": (json.dumps(results, indent=1) + "\n").encode(),
            "report.html": page.encode("utf-8"),
        },
    )
    console.print(fitted(f"\n{results['seconds']:.0f} seconds. Open the report in a browser:"))
    console.print(str(out / "report.html"), markup=False, soft_wrap=True)


def introduce(console: Console, settings: Settings) -> None:
    """What is going to happen, in three lines."""
    right = 1 - settings.noise
    text = (
        f"{settings.train_size} handwritten digits, {settings.noise:.0%} of them with a wrong "
        f"label. A network that fits more than {right:.0%} of these labels has learned wrong ones "
        f"by heart. Seven ways to train it, {settings.seeds} seeds each:\n"
    )
    console.print(fitted(text.replace("%", " %")))


# -- while it runs ---------------------------------------------------------------------------------


def new_watcher(console: Console, settings: Settings) -> Any:
    """Moving bars on a terminal; elsewhere (a file, a pipe) a line for each step."""
    from .progress import LineWatcher, LiveWatcher  # noqa: PLC0415

    kind = LiveWatcher if console.is_terminal else LineWatcher
    return kind(console, settings)


# -- when it is done -------------------------------------------------------------------------------


def show_results(console: Console, results: dict[str, Any]) -> None:
    """The table, and a plain sentence for each method."""
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    from .results import HELPED, HURT, points  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column("percent", no_wrap=True)
    for title in ("train", "gap", "wrong\nlabels", "test", "gain"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("effect", no_wrap=True)
    colours = {HELPED: "green", HURT: "red"}
    for method, entry in results["methods"].items():
        numbers = [
            f"{100 * entry[name]['mean']:.1f}"
            for name in ("train_accuracy", "gap", "wrong_labels_reproduced", "test_accuracy")
        ]
        gain, effect = "", ""
        if method != "none":
            gain = points(entry["gain"]["mean"], entry["gain"]["standard_error"])
            effect = entry["effect"]
        table.add_row(method, *map(fitted, [*numbers, gain, effect]), style=colours.get(effect, ""))
    console.print("", table, sep="\n")
    settings = results["settings"]
    console.print(
        fitted(
            f"\ntrain: accuracy on its own, partly wrong labels. gap: train minus the same on "
            f"other digits. wrong labels: how many of them it gives back. test: "
            f"{settings['test_size']} digits with true labels, read once. gain: in test, paired "
            f"over {settings['seeds']} seeds, ± standard error; an effect is more than two of "
            f"them.\n"
        ),
        style="dim",
    )
    console.print(fitted(results["headline"]))
    for text in results["sentences"].values():
        console.print(fitted(f"- {text}"))
