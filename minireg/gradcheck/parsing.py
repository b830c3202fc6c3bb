"""Parse the source of functions, in one thread at a time."""

from __future__ import annotations

import ast
from threading import RLock

_lock = RLock()


def parse(source: str) -> ast.Module:
    """Return the tree of a source, as `ast.parse` does.

    CPython before 3.11.8 and 3.12.2 counts the depth of all trees that are being built in one
    place, and raises SystemError if another thread builds one at the same time (its issue 106905).

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: it cannot be parsed.
    """
    with _lock:
        return ast.parse(source)
