"""`minireg gradcheck`: every derivative of the library against finite differences."""

from __future__ import annotations

import click

from .terminal import new_console, new_table


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.pass_context
def gradcheck(context: click.Context, names: tuple[str, ...]) -> None:
    """Compare every derivative with finite differences.

    Without NAME, all operations, layers, losses and penalties are checked; with names, only these.
    First and second derivatives are checked, in float64.  At a kink (relu at 0), every value
    between the slopes of the two sides counts as right.

    The exit code is 1 if a derivative is wrong.
    """
    from ..catalogue import find_examples  # noqa: PLC0415  `minireg --help` does not need it
    from ..gradcheck import join_verdicts  # noqa: PLC0415

    rows, faults = [], []
    for example in find_examples(names):
        first, second = example.check()
        reports = first + second
        kinks = sum(int(finding.is_kink.sum()) for r in reports for finding in r.findings)
        verdict = join_verdicts(report.verdict for report in reports)
        errors = [
            f"{max(report.max_error for report in part):.0e}" if part else ""
            for part in (first, second)
        ]
        entries = str(sum(report.checked for report in reports))
        rows.append((example.name, example.kind, verdict, *errors, entries, str(kinks or "")))
        faults += [report for report in reports if not report]
    show_table(rows)
    for report in faults:
        print(f"\n{report}")
    if any(report.verdict == "fail" for report in faults):
        context.exit(1)


def show_table(rows: list[tuple[str, ...]]) -> None:
    """Print a line for each example, and how many passed."""
    from rich.text import Text  # noqa: PLC0415

    figures = ("error\n1st", "error\n2nd", "entries", "kinks")
    # With the longest name, 80 columns leave room for a single space between these columns.
    table = new_table(("name", "kind", "verdict"), figures, padding=0)
    for row in rows:
        colour = {"pass": "green", "fail": "bold red"}.get(row[2], "yellow")
        table.add_row(*row[:2], Text(row[2], colour), *row[3:])
    new_console().print(table)
    passed = sum(row[2] == "pass" for row in rows)
    print(
        f"\n{passed} of {len(rows)} pass. Errors: the largest deviation of the first and of the "
        f"second\nderivative from finite differences."
    )
