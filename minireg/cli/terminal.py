"""Output that works everywhere: in terminals with ASCII or cp1252, in a pipe, in a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, Any

from ..signs import ERRORS

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


def prepare_streams() -> None:
    """Make sure that no print fails because of the terminal's encoding.

    This works for `print`, but not for `click.echo`, which writes UTF-8 to an ASCII terminal.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by the shell: `minireg backends >&-`
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=ERRORS)


def replace_signs(text: str, stream: IO[str] | None = None) -> str:
    """Return `text` as the stream (by default stdout) will show it: tables need its true width."""
    encoding = getattr(stream or sys.stdout, "encoding", None) or "utf-8"
    return text.encode(encoding, ERRORS).decode(encoding)


def new_console(**options: Any) -> Console:
    """Return a console for tables and progress bars: by default stdout; colours on a terminal."""
    from rich.console import Console  # noqa: PLC0415  loaded only by commands that need it

    return Console(highlight=False, markup=False, emoji=False, **options)


def new_table(left: Sequence[str], right: Sequence[str], **options: Any) -> Table:
    """Return a table with a line below the titles; the columns on the right hold figures."""
    from rich import box, table  # noqa: PLC0415

    made = table.Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, **options)
    for title in left:
        made.add_column(title, no_wrap=True)
    for title in right:
        made.add_column(replace_signs(title), justify="right", no_wrap=True)
    return made


def show_table(console: Console, table: Table) -> None:
    """Print a table; if the terminal is too narrow for it, its rows as `name: title figure, …`."""
    unlimited = console.options.update(max_width=10_000)
    if console.measure(table, options=unlimited).maximum <= console.width:
        console.print(table)
        return
    titles = [str(column.header).replace("\n", " ") for column in table.columns[1:]]
    rows = zip(*(column.cells for column in table.columns))
    for (name, *cells), row in zip(rows, table.rows):
        parts = [f"{title} {cell}" for title, cell in zip(titles, cells) if str(cell)]
        console.print(f"{name}: {', '.join(parts)}", style=row.style)


def show_facts(console: Console, facts: dict[str, str]) -> None:
    """Print a table of two columns, names and texts, without lines."""
    from rich.table import Table  # noqa: PLC0415

    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in facts.items():
        table.add_row(name, replace_signs(text, console.file))
    console.print(table)
