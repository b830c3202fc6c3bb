"""The text of a report: ASCII, at most 79 columns, the verdict first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from textwrap import TextWrapper
from typing import TYPE_CHECKING

from ..signs import to_ascii
from .finding import Entry, Finding
from .hints import choose_causes, list_hints, list_places

if TYPE_CHECKING:
    from .report import Report

SHOWN = 5  # of the worst entries of an input
WIDTH = 79
INDEX = re.compile(r"\[\d+(, \d+)*\]")  # is not broken at the end of a line


def write_report(report: Report) -> str:
    """Verdict, line and question, the worst entries, what they are consistent with, and notes."""
    tables = [
        line
        for name, rows in list_tables(report).items()
        for line in [f"  Worst entries of {name}:", *format_table(rows)]
    ]
    first = [*list_verdicts(report), *indent(list_first_hint(report))]
    last = indent([*list_causes(report), *list_notes(report)])
    return "\n".join([*wrap_lines(first, "    "), *tables, *wrap_lines(last, "    ")])


def indent(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def wrap_lines(lines: Iterable[str], indent: str = "") -> list[str]:
    """Return ASCII lines of at most WIDTH columns; `indent` begins the continuation of a line."""
    wrapper = TextWrapper(
        WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    wrapped = []
    for line in lines:
        text = INDEX.sub(lambda found: found[0].replace(" ", "\0"), to_ascii(line))
        wrapped += [part.replace("\0", " ") for part in wrapper.wrap(text) or [""]]
    return wrapped


# -- the parts, as sentences -----------------------------------------------------------------------


def list_verdicts(report: Report) -> list[str]:
    """Return the verdict: one sentence, or one for each input that did not pass."""
    head = f"{report.verdict}: {report.function}: "
    if report.why:
        return [head + report.why]
    if report.verdict != "pass":
        found = [f for f in report.findings if f.verdict == report.verdict]
        return [f"{head}the gradient of {f.name} {describe_finding(f)}" for f in found]
    names, size = [f.name for f in report.findings], sum(f.size for f in report.findings)
    return [
        f"{head}the gradient of {join_names(names)} is right ({report.checked} of {size} entries "
        f"compared, largest deviation {report.max_error:.0e})"
    ]


def join_names(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


def describe_finding(finding: Finding) -> str:
    """Tell why the gradient of an input did not pass."""
    if finding.why:
        return finding.why
    if wrong := finding.wrong:
        worst = f", worst at {format_index(wrong[0].index)}" if finding.shape else ""
        return f"is wrong in {len(wrong)} of {finding.checked} entries{worst}"
    if unsettled := finding.unsettled:
        first = unsettled[0]
        return (
            f"was compared in {finding.checked - len(unsettled)} of {finding.checked} entries. At "
            f"{format_index(first.index)}, where the input is {first.input:.6g}, there is no slope "
            f"to compare with: a jump, several kinks in one point, a kink nearer than the smallest "
            f"step, a fast oscillation, or a value that is not finite. Move the input a little."
        )
    return f"is hidden by rounding{describe_hidden(finding)}"


def describe_hidden(finding: Finding) -> str:
    """Tell what rounding hides, and what to do."""
    todo = (
        "Choose inputs where the gradient is larger relative to the function, or compute in "
        "float64 throughout"
    )
    if not (hidden := finding.hidden):
        return (
            f" where yours is 0: far steps show a slope of {finding.far_slope:.1e}, which is less "
            f"than the error of finite differences here. {todo}"
        )
    first = max(hidden, key=lambda entry: entry.error)
    return (
        f" in {len(hidden)} of {finding.checked} entries: at {format_index(first.index)}, yours is "
        f"{first.yours:.1e}, but finite differences have an error of {first.error:.1e}. {todo}"
    )


def list_first_hint(report: Report) -> list[str]:
    """Return the line of the mistake, if it was found, and the question that leads to it."""
    return [*list_places(report), *"\n".join(list_hints(report)[:1]).splitlines()]


def list_causes(report: Report) -> list[str]:
    """Return a sentence for each of the likeliest causes."""
    return [f"Consistent with: {cause}." for cause in choose_causes(report)]


def list_notes(report: Report) -> list[str]:
    kinks = [describe_kinks(finding) for finding in report.findings if finding.is_kink.any()]
    return kinks + [f"Note: {note}." for note in report.notes]


def describe_kinks(finding: Finding) -> str:
    """Tell which values are valid at the kinks of an input."""
    kinks = finding.kinks
    shown = "; ".join(
        f"{format_index(e.index)}: yours {e.yours:.4g} in [{e.low:.4g}, {e.high:.4g}]"
        for e in kinks[:3]
    )
    many = f"{len(kinks)} entries" if kinks[1:] else "1 entry"
    return (
        f"Corner: at {many} of {finding.name} the function has a corner. There, every value "
        f"between the slopes of the two sides is accepted ({shown}{'; ...' if kinks[3:] else ''})."
    )


# -- the table of the worst entries ----------------------------------------------------------------


def list_tables(report: Report) -> dict[str, list[list[str]]]:
    """Return for each wrong input the titles and a row for each of its worst entries."""
    titles = ["entry", "upstream", "input", "yours", "numeric", "+/-"]
    tables = {}
    for finding in report.findings:
        entries = finding.wrong[:SHOWN]
        rows = [titles, *map(format_entry, entries)]
        if entries:
            has_upstream = entries[0].upstream is not None and is_narrow(rows)
            tables[finding.name] = rows if has_upstream else [[r[0], *r[2:]] for r in rows]
    return tables


def format_entry(entry: Entry) -> list[str]:
    exact = entry.low == entry.high
    return [
        format_index(entry.index),
        "" if entry.upstream is None else f"{entry.upstream:.4g}",
        f"{entry.input:.4g}",
        f"{entry.yours + 0.0:.8g}",  # 0 for -0
        f"{entry.low:.8g}" if exact else f"[{entry.low:.4g}, {entry.high:.4g}]",
        f"{entry.error:.0e}",
    ]


def is_narrow(rows: Sequence[Sequence[str]]) -> bool:
    return len(format_table(rows)[0]) <= WIDTH


def format_table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table."""
    columns = [[cell.rjust(max(map(len, column))) for cell in column] for column in zip(*rows)]
    return ["    " + "   ".join(row) for row in zip(*columns)]


def format_index(index: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, index))}]"


# -- the notes of a check --------------------------------------------------------------------------


def describe_method(findings: Sequence[Finding], tolerance: float, seed: int) -> str:
    """Tell in one line how it was checked."""
    samples = "; ".join(
        f"{f.name}: {f.checked} of {f.size} entries (drawn at random) and {f.directions} random "
        f"directions through all of them"
        for f in findings
        if f.checked < f.size
    )
    return f"relative tolerance {tolerance:.0e}, seed {seed}{'; ' if samples else ''}{samples}"
