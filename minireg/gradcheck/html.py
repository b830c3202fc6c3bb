"""A report as a fragment of HTML, for notebooks: it needs no style sheet and no script."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from .hints import list_hints, list_places
from .text import list_causes, list_notes, list_tables, list_verdicts

if TYPE_CHECKING:
    from .report import Report

# Half transparent greys and strong colours can be read on light and on dark backgrounds.
COLOURS = {"pass": "#2a8a3e", "fail": "#d03030", "cannot tell": "#b57400"}
CODE = (
    "margin:.5em 0;padding:.4em .6em;background:rgba(128,128,128,.15);white-space:pre-wrap;"
    "overflow-wrap:anywhere;font-family:monospace;color:inherit"
)
CELL = "padding:.1em .7em;text-align:right;white-space:nowrap;color:inherit;background:none"
LINE = "border-bottom:1px solid rgba(128,128,128,.6)"
TITLES = ("question", "rule", "edit")


def write_html(report: Report) -> str:
    """Verdict, line and question, the worst entries, causes and notes; hints are folded."""
    colour = COLOURS[report.verdict]
    parts = [
        f'<div style="border-left:4px solid {colour};padding:.2em .8em;max-width:60em;'
        f'line-height:1.4">'
    ]
    for sentence in list_verdicts(report):
        _, text = sentence.split(": ", 1)
        parts.append(
            f'<div><strong style="color:{colour}">{escape(report.verdict)}:</strong> '
            f"{escape(text)}</div>"
        )
    parts += [write_code(place) for place in list_places(report)]
    parts += [f"<div><em>{escape(question)}</em></div>" for question in list_hints(report)[:1]]
    parts += [write_table(name, rows) for name, rows in list_tables(report).items()]
    parts += [f"<div>{escape(cause)}</div>" for cause in list_causes(report)]
    for level, hint in enumerate(list_hints(report)[1:], start=2):
        text = write_code(hint) if level > 2 else f"<div>{escape(hint)}</div>"
        parts.append(
            f'<details><summary style="cursor:pointer">Hint {level}: the {TITLES[level - 1]}'
            f"</summary>{text}</details>"
        )
    parts += [
        f'<div style="font-size:85%;opacity:.75">{escape(note)}</div>'
        for note in list_notes(report)
    ]
    return "\n".join([*parts, "</div>"])


def write_code(text: str) -> str:
    return f'<pre style="{CODE}">{escape(text)}</pre>'


def write_table(name: str, rows: Sequence[Sequence[str]]) -> str:
    """Return a table that scrolls by itself if the page is narrow."""
    titles, *others = rows
    head = "".join(f'<th style="{CELL};{LINE}">{escape(cell)}</th>' for cell in titles)
    body = "".join(f"<tr>{''.join(map(write_cell, row))}</tr>" for row in others)
    return (
        f"<div>Worst entries of {escape(name)}:</div>"
        '<div style="overflow-x:auto;margin:.3em 0 .5em"><table style="border-collapse:collapse;'
        f'font-variant-numeric:tabular-nums;color:inherit"><tr>{head}</tr>{body}</table></div>'
    )


def write_cell(text: str) -> str:
    return f'<td style="{CELL}">{escape(text)}</td>'
