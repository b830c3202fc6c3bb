"""A value of the student beside the expected one: what differs, in words for the student."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .student import describe, find_different, is_equal, is_number

TOLERANCE = 1e-7  # relative


def compare(found: Any, expected: Any, inputs: Mapping[str, Any], place: str = "") -> str:
    """Return how a value differs from what is expected; empty if it does not.

    Args:
        found: what the student's function returned.
        expected: what is right: numbers, arrays, and tuples, lists and dictionaries of them.
        inputs: the arguments by their names, of which the entries at the same place are shown.
        place: where in a tuple or dictionary the value is.
    """
    if is_equal(found, expected, TOLERANCE):
        return ""
    if isinstance(expected, (tuple, list)) and isinstance(found, (tuple, list)):
        if len(found) == len(expected):
            pairs = [(f"item {i} of ", a, b) for i, (a, b) in enumerate(zip(found, expected))]
            return next(filter(None, (compare(a, b, inputs, p + place) for p, a, b in pairs)), "")
    elif isinstance(expected, dict) and isinstance(found, dict):
        if found.keys() == expected.keys():
            pairs = [(f"{key!r} of ", found[key], expected[key]) for key in expected]
            return next(filter(None, (compare(a, b, inputs, p + place) for p, a, b in pairs)), "")
    elif is_number(found) and is_number(expected) and np.shape(found) == np.shape(expected) != ():
        return compare_entries(np.asarray(found), np.asarray(expected), inputs, place)
    return f"{place}the result is {describe(found)}.\nExpected is {describe(expected)}."


def compare_entries(
    found: np.ndarray, expected: np.ndarray, inputs: Mapping[str, Any], place: str
) -> str:
    """Return how many entries differ, and the first of them beside the inputs there."""
    wrong = find_different(found, expected, TOLERANCE)
    index = tuple(map(int, np.argwhere(wrong)[0]))
    at = f"[{', '.join(map(str, index))}]"
    there = [f"{name}{at} = {show(x[index])}" for name, x in inputs.items() if fits(x, expected)]
    return (
        f"{place}the result is wrong in {wrong.sum()} of {wrong.size} entries.\n"
        f"First at {at}: yours is {show(found[index])}, expected is {show(expected[index])}"
        + (f", where {' and '.join(there)}." if there else ".")
    )


def fits(x: Any, expected: np.ndarray) -> bool:
    return isinstance(x, np.ndarray) and x.shape == expected.shape


def show(x: Any) -> str:
    number = x.item()
    return f"{number:.8g}" if isinstance(number, float) else str(number)
