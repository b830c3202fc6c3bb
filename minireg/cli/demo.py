"""`minireg demo`: the study of `minireg.demo` on the command line."""

from __future__ import annotations

from pathlib import Path

import click

from ..backend import set_backend
from .options import setting_options
from .terminal import new_console


@click.command()
@click.option("--quick", is_flag=True, help="Fewer digits and epochs: faster, but larger errors.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("minireg-demo"),
    show_default=True,
    metavar="DIR",
    help="Folder for the report; files of an earlier run are replaced.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    default=0,
    show_default=True,
    metavar="N",
    help="The same seed gives the same results.",
)
@setting_options(["backend"])
def demo(quick: bool, out: Path, seed: int, backend: str | None) -> None:
    """Train a small network on few digits with wrong labels, seven ways, and compare.

    Without regularization it memorises the wrong labels.  Then L1, L2, dropout, augmentation, early
    stopping and all of them together are tried, with 5 seeds each.  DIR gets report.html (open it
    in a browser), its pictures and results.json.
    """
    # Imported here, because `minireg --help` does not need it.
    from ..demo import run  # noqa: PLC0415
    from .demo_output import LineWatcher, LiveWatcher, show_results  # noqa: PLC0415

    if backend:
        set_backend(backend)
    console = new_console()
    with (LiveWatcher if console.is_terminal else LineWatcher)(console) as watcher:
        results = run(quick=quick, seed=seed, out=out, watcher=watcher)
    show_results(console, results)
    console.print(f"\n{results['seconds']:.0f} seconds. Open the report in a browser:")
    console.print(str(out / "report.html"), soft_wrap=True)
