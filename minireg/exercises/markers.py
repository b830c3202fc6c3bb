"""Markers: arguments that are made where the student's function runs, since they cannot be sent."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass
from typing import Any, ClassVar

import numpy as np


class Marker:
    """An argument that is made where the student's function runs, anew for each call.

    Attributes:
        description: of what is made, for a student.
    """

    description: ClassVar[str]

    def make(self) -> Any:
        """Return what the student's function is given."""
        raise NotImplementedError


@dataclass(frozen=True)
class Random(Marker):
    """An argument that arrives in the student's function as `np.random.default_rng(seed)`."""

    seed: int
    description = "a generator of random numbers"

    def make(self) -> np.random.Generator:
        return np.random.default_rng(self.seed)


@dataclass(frozen=True)
class Function(Marker):
    """An argument that arrives in the student's function as a function.

    Args:
        source: defines it.  NumPy is `np` there.
        name: of the function in the source.

    >>> Function("double = lambda x: 2 * x", "double").make()(3)
    6
    """

    source: str
    name: str
    description = "a function"

    def make(self) -> Callable:
        # Where a process grades, the checks have a copy of NumPy that no student can change.
        names: dict[str, Any] = {"np": sys.modules["numpy"]}
        exec(compile(self.source, f"<{self.name}>", "exec", dont_inherit=True), names)
        return names[self.name]


MARKERS = {kind.__name__: kind for kind in (Random, Function)}


def pack(arguments: Iterable[Any]) -> list[list[Any]]:
    """Return arguments as arrays and plain values, markers too.

    >>> pack((2.5, Random(0)))
    [['', 2.5], ['Random', 0]]
    """
    return [
        [type(x).__name__, *astuple(x)] if isinstance(x, Marker) else ["", x]  # type: ignore[call-overload]
        for x in arguments
    ]


def unpack(packed: Iterable[Iterable[Any]]) -> list[Any]:
    """Return the arguments that `pack` was given."""
    return [MARKERS[kind](*values) if kind else values[0] for kind, *values in packed]
