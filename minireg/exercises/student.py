"""Student: the one interface through which checks call the functions that a student wrote.

Arrays and plain Python values go in and come out, so the functions may as well live in another
process.  What is neither (a generator, a function) is made there from a marker.  This file and
`markers.py` need NumPy only: they can be used there, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .markers import Marker

SHOWN = 6  # the entries of arrays up to this size are shown, and so many items of a list
LOSS = "`return loss, gradient`, or `return loss, (first, second)` for several gradients"
SHORT = 50  # lists of up to so many characters are shown as they are


class StudentError(Exception):
    """What is wrong with a function of the student, in words for the student."""


class NotWritten(StudentError):
    """A function that still is the stub."""


@dataclass(frozen=True)
class Observation:
    """A call of a function of the student: what it returned, and what it did to its arguments.

    Attributes:
        value: what was returned: arrays, numbers, and tuples, lists and dictionaries of them.
        changed: the positions of the arguments that the call changed in place.
        shared: the positions of the arguments that share memory with the value.
        twins: whether two arrays of the value share memory.
    """

    value: Any
    changed: tuple[int, ...] = ()
    shared: tuple[int, ...] = ()
    twins: bool = False


class Student:
    """The functions of a student."""

    def observe(self, function: str, *arguments: Any) -> Observation:
        """Call a function with copies of the arguments.

        Raises:
            StudentError: it does not exist, is still the stub, raises, or returns something else
                than arrays and plain values; the message says so in friendly words.
        """
        raise NotImplementedError

    def call(self, function: str, *arguments: Any) -> Any:
        """Return what a function returns for copies of the arguments."""
        return self.observe(function, *arguments).value

    def locate(self, function: str) -> str:
        """Tell where a function is, as `, line 12 of relu.py`; empty if that is not known."""
        return ""

    def get_original(self, function: str) -> Callable | None:
        """Return a function itself, in which a report can find a line; None if it is elsewhere."""
        return None

    def as_function(self, name: str, part: int | None = None) -> Callable:
        """Return a function of the student as something to call, or one part of its result."""

        def call(*arguments: Any) -> Any:
            value = self.call(name, *arguments)
            return value if part is None else take_part(name, value, part)

        return call


class Unreadable(Student):
    """The functions of a file that cannot be read or run: each call raises the reason."""

    def __init__(self, reason: StudentError) -> None:
        self.reason = reason

    def observe(self, function: str, *arguments: Any) -> Observation:
        raise self.reason


def take_part(name: str, value: Any, part: int, count: int = 2, form: str = LOSS) -> Any:
    """Return one item of a tuple that a function returned.

    Args:
        name: of the function.
        value: what it returned.
        part: the place of the item.
        count: how many items there must be.
        form: what they are, for a message.
    """
    if not isinstance(value, (tuple, list)) or len(value) != count:
        raise StudentError(
            f"{name} must return {count} values: {form}. It returned {describe(value)}."
        )
    return value[part]


def call_observed(function: Callable, arguments: tuple[Any, ...]) -> Observation:
    """Call a function with copies of the arguments and observe what it does to them.

    Raises:
        NotWritten: it returned the `...` of a stub.
        StudentError: it returned something else than arrays and plain values.
        BaseException: whatever the function raises.
    """
    given = [x.make() if isinstance(x, Marker) else copy_plain(x) for x in arguments]
    with np.errstate(all="ignore"):
        value = as_plain(function(*given))
    arrays = list(list_arrays(value))
    observed = [x for x in enumerate(given) if not isinstance(arguments[x[0]], Marker)]
    return Observation(
        copy_plain(value),
        changed=tuple(i for i, x in observed if not is_equal(x, arguments[i])),
        shared=tuple(
            i
            for i, x in observed
            if any(np.shares_memory(a, b) for a in list_arrays(x) for b in arrays)
        ),
        twins=any(np.shares_memory(a, b) for i, a in enumerate(arrays) for b in arrays[:i]),
    )


def as_plain(value: Any) -> Any:
    """Return a result as arrays and plain values; raise StudentError if it is something else."""
    if value is ...:
        raise NotWritten
    if isinstance(value, (tuple, list)):
        return (tuple if isinstance(value, tuple) else list)(map(as_plain, value))
    if isinstance(value, dict):
        return {key: as_plain(item) for key, item in value.items()}
    if isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind in "biufc":
        # A subclass may have a method `view` of its own.
        return np.ndarray.view(value, np.ndarray) if isinstance(value, np.ndarray) else value
    if isinstance(value, int) and value.bit_length() > 63:
        raise StudentError("returned a whole number that is too large for an array of NumPy.")
    if value is None or isinstance(value, (int, float, complex, str)):
        return value
    raise StudentError(f"returned {describe(value)}. Return arrays, numbers, or tuples of them.")


def copy_plain(value: Any) -> Any:
    """Return a plain value with new arrays, lists and dictionaries."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, (tuple, list)):
        return type(value)(map(copy_plain, value))
    if isinstance(value, dict):
        return {key: copy_plain(item) for key, item in value.items()}
    return value


def list_arrays(value: Any) -> Iterator[np.ndarray]:
    """All arrays in a value, also in its tuples, lists and dictionaries."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from list_arrays(item)
    elif isinstance(value, dict):
        yield from list_arrays(list(value.values()))


def is_equal(a: Any, b: Any, tolerance: float = 0.0) -> bool:
    """Whether two plain values are the same, numbers up to a relative tolerance."""
    if type(a) is type(b) and isinstance(a, (int, float, str)) and a == b:
        return True  # at once, since a list may have thousands of numbers
    if isinstance(a, (tuple, list)) and isinstance(b, (tuple, list)):
        return len(a) == len(b) and all(is_equal(x, y, tolerance) for x, y in zip(a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(is_equal(a[key], b[key], tolerance) for key in a)
    if is_number(a) and is_number(b):
        return np.shape(a) == np.shape(b) and not find_different(a, b, tolerance).any()
    return type(a) is type(b) and a == b


def is_number(x: Any) -> bool:
    """Whether x is a number or an array of numbers."""
    return isinstance(x, (bool, int, float, complex)) or (
        isinstance(x, (np.ndarray, np.generic)) and x.dtype.kind in "biufc"
    )


def find_different(a: Any, b: Any, tolerance: float) -> np.ndarray:
    """For each entry whether two numbers or arrays of one shape differ.

    Operators alone: where a process grades, functions of NumPy may be exchanged.
    """
    a, b = np.asarray(a), np.asarray(b)
    same = (a == b) | ((a != a) & (b != b))
    if not tolerance or same.all():
        return ~same
    size = np.where(np.isfinite(b), np.abs(b * 1.0), 0)
    near = np.abs(a * 1.0 - b) <= tolerance * (size + 1e-3 * size.max(initial=0))
    return ~(same | (near & np.isfinite(b)))


def describe(x: Any) -> str:
    """Describe a value for a student: `an array of shape (5, 7)`, `None`, `a tuple of 2`."""
    if isinstance(x, np.ndarray):
        kind = "" if x.dtype.kind == "f" else f" of {x.dtype}"
        values = f" {shorten(x)}" if x.size <= SHOWN else ""
        return f"an array{kind} of shape {x.shape}{values}"
    if isinstance(x, list) and len(str(x)) <= SHORT:
        return f"the list {x}"
    if isinstance(x, (tuple, list, dict)):
        items = list(x.values() if isinstance(x, dict) else x)
        inside = ", ".join([*map(describe, items[:SHOWN]), *["..."] * (len(items) > SHOWN)])
        return f"a {type(x).__name__} of {len(x)} ({inside})"
    if isinstance(x, Marker):
        return x.description
    if x is None:
        return "None (is the line with `return` missing?)"
    x = x.item() if isinstance(x, np.generic) else x
    if isinstance(x, (int, float)) and not isinstance(x, bool):
        return f"the number {x:.8g}"
    if isinstance(x, (bool, str)):
        return repr(x)
    return f"something of the type {type(x).__name__}"


def describe_inputs(inputs: Mapping[str, Any]) -> str:
    """Describe inputs by their names: `x = [1.0, 2.0], w: an array of shape (5, 7), p = 0.3`."""
    parts = []
    for name, x in inputs.items():
        items = x if isinstance(x, (tuple, list)) else [x]
        small = x is None or (all(map(is_number, items)) and sum(map(np.size, items)) <= SHOWN)
        parts.append(f"{name} = {shorten(x)}" if small else f"{name}: {describe(x)}")
    return ", ".join(parts)


def shorten(x: Any) -> Any:
    """Return numbers, arrays and lists of them as Python values with 8 significant digits."""
    x = x.tolist() if isinstance(x, (np.ndarray, np.generic)) else x
    if isinstance(x, (tuple, list)):
        return type(x)(map(shorten, x))
    return float(f"{x:.8g}") if isinstance(x, float) else x
