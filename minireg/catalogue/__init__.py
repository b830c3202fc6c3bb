"""The catalogue: an example call of every operation, layer, loss and penalty.

`minireg gradcheck` and the tests check all of them.  For a new operation, add a line to
`operations.py`, or its name to one of the lists there; for a layer, loss or penalty, a line to
`modules.py`.  A test fails until that is done.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from ..errors import ArgumentError
from .example import Example, numbers
from .modules import layers, losses, penalties
from .operations import image_operations, operations

__all__ = ["Example", "examples", "find_examples", "numbers"]


def examples() -> list[Example]:
    """Return the whole catalogue, with the same numbers every time."""
    return [*operations(), *image_operations(), *layers(), *losses(), *penalties()]


def find_examples(names: Iterable[str] = ()) -> list[Example]:
    """Return the examples with these names; without names, all examples.

    Raises:
        ArgumentError: a name is not in the catalogue.

    >>> [example.kind for example in find_examples(["relu", "ReLU"])]
    ['operation', 'layer']
    """
    table, names = examples(), list(names)
    known = [example.name for example in table]
    for name in names:
        if name not in known:
            close = get_close_matches(name, known, n=3, cutoff=0.5)
            hint = f" Did you mean {' or '.join(map(repr, close))}?" if close else ""
            raise ArgumentError(
                f"Nothing in the catalogue is called {name!r}.{hint} Without a name, everything is "
                f"checked and listed.",
                argument="names",
            )
    return [example for example in table if not names or example.name in names]
