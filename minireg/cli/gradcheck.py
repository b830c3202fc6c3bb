"""`minireg gradcheck`: every derivative of the library against finite differences."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import click

from ..errors import ArgumentError
from .terminal import new_console

if TYPE_CHECKING:
    from .examples import Example


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.pass_context
def gradcheck(context: click.Context, names: tuple[str, ...]) -> None:
    """Compare every derivative with finite differences.

    Without NAME all operations, layers, losses and penalties are checked; with names only these.
    First and second derivatives, in float64.  At a kink (relu at 0) every value between the slopes
    of the two sides counts as right.

    The exit code is 1 if a derivative is wrong.
    """
    from .. import gradcheck as referee  # noqa: PLC0415  `minireg --help` needs none of it
    from .examples import examples  # noqa: PLC0415

    rows, faults = [], []
    for example in selected(examples(), names):
        row, reports = checked(example, referee.check_gradients)
        rows.append(row)
        faults += [report for report in reports if report.verdict != "pass"]
    show_table(rows)
    for report in faults:
        print(f"\n{report}")
    if any(report.verdict == "fail" for report in faults):
        context.exit(1)


def selected(table: list[Example], names: tuple[str, ...]) -> list[Example]:
    """The examples with these names (all without any), or a sentence with the names that exist."""
    known = [example.name for example in table]
    for name in names:
        if name not in known:
            close = get_close_matches(name, known, n=3, cutoff=0.5)
            hint = f" Did you mean {' or '.join(map(repr, close))}?" if close else ""
            raise ArgumentError(
                f"Nothing here is called {name!r}.{hint} Without a name, minireg gradcheck checks "
                f"and lists everything."
            )
    return [example for example in table if not names or example.name in names]


def checked(example: Example, check_gradients: Any) -> tuple[tuple[str, ...], list[Any]]:
    """A line of the table, and the reports it was made from."""
    options = {"parameters": example.parameters} if example.parameters else {}
    first = [check_gradients(example.function, *example.inputs, **options)]
    if example.at_kink is not None:
        first.append(check_gradients(example.function, *example.at_kink))
    second = []
    if all(first):
        second.append(check_gradients(example.function, *example.inputs, order=2, **options))
    reports = first + second
    verdicts = [report.verdict for report in reports]
    kinks = sum(int(finding.is_kink.sum()) for report in reports for finding in report.findings)
    return (
        example.name,
        example.kind,
        next((verdict for verdict in ("fail", "cannot tell") if verdict in verdicts), "pass"),
        *(largest_error(part) for part in (first, second)),
        str(sum(report.checked for report in reports)),
        str(kinks or ""),
    ), reports


def largest_error(reports: list[Any]) -> str:
    """The largest deviation, or nothing if nothing was checked."""
    return f"{max(report.max_error for report in reports):.0e}" if reports else ""


def show_table(rows: list[tuple[str, ...]]) -> None:
    """All lines, and how many passed."""
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    # The longest name leaves room for one space between the columns of a terminal of 80.
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=0)
    for title in ("name", "kind", "verdict"):
        table.add_column(title, no_wrap=True)
    for title in ("error\n1st", "error\n2nd", "entries", "kinks"):
        table.add_column(title, justify="right", no_wrap=True)
    for row in rows:
        colour = {"pass": "green", "fail": "bold red"}.get(row[2], "yellow")
        table.add_row(*row[:2], f"[{colour}]{row[2]}[/]", *row[3:])
    new_console().print(table)
    passed = sum(row[2] == "pass" for row in rows)
    print(
        f"\n{passed} of {len(rows)} pass. Errors: the largest deviation of the first and of the "
        f"second\nderivative from finite differences."
    )
