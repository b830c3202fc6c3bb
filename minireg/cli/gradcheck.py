"""`minireg gradcheck`: the derivatives of the library, or of a file, against finite differences."""

from __future__ import annotations

import json
import re
import sys
import warnings
from collections.abc import Sequence
from contextlib import redirect_stdout

import click

from .terminal import new_console, new_table

FILE = re.compile(r"(.+\.py)(?:::(\w+))?")


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME | FILE.py | FILE.py::NAME]...")
@click.option(
    "--hint", type=click.IntRange(1, 3), metavar="LEVEL",
    help="For a file: 1 the line and a question, 2 the rule, 3 the edit.",
)  # fmt: skip
@click.option(
    "--solution", is_flag=True, help="For a file: all edits that repair it, for teachers."
)
@click.option("--json", "as_json", is_flag=True, help="For a file: print the reports as JSON.")
@click.pass_context
def gradcheck(
    context: click.Context, names: tuple[str, ...], hint: int | None, solution: bool, as_json: bool
) -> None:
    """Compare derivatives with finite differences.

    Without NAME, all operations, layers, losses and penalties are checked; with names, only these.
    First and second derivatives are checked, in float64.  At a kink (relu at 0), every value
    between the slopes of the two sides counts as right.

    In a FILE of your own, every two functions NAME and NAME_backward are checked, or the NAME that
    is given: `minireg gradcheck my_file.py::relu`.  For functions of several arguments, the file
    says which arrays they are:

    \b
      from minireg.gradcheck import Floats
      linear_inputs = {"x": Floats("N", "D"), "w": Floats("D", "C")}

    The exit code is 1 if a derivative is wrong, or if one of a FILE cannot be judged.
    """
    files = [found for name in names if (found := FILE.fullmatch(name))]
    others = [name for name in names if not FILE.fullmatch(name)]
    if files and others:
        raise click.UsageError(f"Check files and {', '.join(others)} in two calls.")
    if not files and (hint or solution or as_json):
        raise click.UsageError(
            "--hint, --solution and --json are for functions of a file: minireg gradcheck "
            "my_file.py::relu --hint 2"
        )
    good = check_files(files, hint, solution, as_json) if files else check_catalogue(others)
    if not good:
        context.exit(1)


def check_files(
    files: Sequence[re.Match[str]], hint: int | None, solution: bool, as_json: bool
) -> bool:
    """Print a report for each function of the files; return whether all passed."""
    from ..gradcheck import check_file  # noqa: PLC0415

    # What the file prints is not a part of the reports, and a check calls its functions many times.
    with redirect_stdout(sys.stderr), warnings.catch_warnings():
        warnings.simplefilter("once")
        reports = [report for file in files for report in check_file(file[1], file[2] or "")]
        texts = [str(report) for report in reports]
        for i, report in enumerate(reports):
            if hint and not report:
                texts[i] += f"\n\nHint {hint}:\n{report.hint(hint)}"
            if solution and not report:
                texts[i] += f"\n\n{report.solution}"
        values = [report.to_json() for report in reports] if as_json else []
    print(json.dumps(values, indent=2, allow_nan=False) if as_json else "\n\n".join(texts))
    return all(reports)


def check_catalogue(names: Sequence[str]) -> bool:
    """Print a line for each example of the catalogue; return whether none is wrong."""
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
    return all(report.verdict != "fail" for report in faults)


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
