"""Counting what crosses between host and device.

A host read makes the program wait until the device has finished everything before it; an upload
copies from the host.  A training step that does neither never waits.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = str(Path(__file__).parent)


class Counts:
    """What happened inside `with counting() as counts`."""

    def __init__(self) -> None:
        self.events: list[tuple[str, str, str]] = []  # (kind, what, where)

    @property
    def host_reads(self) -> int:
        """Values that came to the host: `float(x)`, `x.item()`, a boolean mask as index, …"""
        return sum(kind == "host read" for kind, _, _ in self.events)

    @property
    def uploads(self) -> int:
        """Values that went to the device: `asarray(host_array)`, `x[indices] = 0`, …"""
        return sum(kind == "upload" for kind, _, _ in self.events)

    def where(self) -> str:
        """One line for each event, for the message of an assertion."""
        return "\n".join(f"{kind}: {what} at {line}" for kind, what, line in self.events)


_open: list[Counts] = []


@contextmanager
def counting() -> Iterator[Counts]:
    """Count the host reads and uploads of the guarded backend inside a `with` block.

    >>> from tests import guarded
    >>> x = guarded.load().zeros(3)
    >>> with counting() as counts:
    ...     largest = float(x.max())
    >>> counts.host_reads, counts.uploads
    (1, 0)
    """
    counts = Counts()
    _open.append(counts)
    try:
        yield counts
    finally:
        _open.remove(counts)


def host_read(what: str) -> None:
    _count("host read", what)


def upload(what: str) -> None:
    _count("upload", what)


def _count(kind: str, what: str) -> None:
    if _open:
        frame = sys._getframe(2)
        while frame.f_back is not None and frame.f_code.co_filename.startswith(FOLDER):
            frame = frame.f_back
        line = f"{frame.f_code.co_filename}:{frame.f_lineno}"
        for counts in _open:
            counts.events.append((kind, what, line))
