"""Flags: right answers that a teacher may want to read, because they were not derived.

A gradient from finite differences passes if its error is small enough, and a gradient from complex
steps is exact.  Nothing loses points.  What shows them:

* Finite differences: the gradient deviates from the exact one by more than rounding.  No edit of
  the source hides this, except differences of a high order, or of a linear function with a large
  step, whose error is as small as rounding.
* Complex steps: complex numbers in the source.
* A forged contract: names in the source that lead to the frames and functions of the worker, where
  code could change what is observed of a call.

The last two are hints only: they can be hidden.
"""

from __future__ import annotations

import ast

import numpy as np

from ...gradcheck.parsing import parse
from ..checks import Gradient
from ..exercise import Exercise
from ..referee import differentiate_own, select
from ..result import Outcome
from ..student import Student, StudentError

EXACT = 1e-13  # relative to the largest entry: a formula deviates by less

NAMES = {
    "complex steps? Line {} has complex numbers.": "imag complex complex64 complex128 clongdouble",
    "a forged contract? Line {} can reach what runs it.": """_getframe currentframe inspect gc
    f_back f_locals f_globals tb_frame gi_frame settrace setprofile excepthook __code__ __closure__
    cell_contents __globals__ __builtins__ __subclasses__ __dict__ __self__ __getattribute__
    getattr setattr vars eval exec""",
}


def find_flags(
    exercise: Exercise, seed: int, student: Student, outcomes: list[Outcome]
) -> list[str]:
    """Return the flags of gradients that passed."""
    pairs = zip(exercise.checks, outcomes)
    passed = [check for check, outcome in pairs if outcome.passed and isinstance(check, Gradient)]
    return [flag for check in passed if (flag := find_difference(check, student, seed))]


def find_difference(check: Gradient, student: Student, seed: int) -> str:
    """Return a flag if a gradient that passed has an error as finite differences have."""
    _, _, values = next(check.list_points(seed))
    varied = check.list_varied(next(iter(check.inputs)))
    upstream, expected = differentiate_own(check.own, varied, values, seed)
    try:
        found = select(check.make_backward(student)(upstream, *values.values()), varied, values)
    except StudentError:
        return ""
    gradients = found if isinstance(found, (tuple, list)) else (found,)
    worst = 0.0
    for mine, right in zip(gradients, expected):
        largest = np.abs(right).max(initial=0)
        if np.shape(mine) == right.shape and largest:
            worst = max(worst, float(np.abs(mine - right).max() / largest))
    if worst < EXACT:
        return ""
    return (
        f"{check.function}: finite differences? The gradient is right, but deviates from the "
        f"exact one by {worst:.0e}; a formula deviates by less than {EXACT:.0e}."
    )


def find_names(source: str) -> list[str]:
    """Return a flag for each kind of names in a source that no gradient of the path needs."""
    try:
        nodes = list(ast.walk(parse(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    flags: dict[str, str] = {}
    for node in nodes:
        name = getattr(node, "attr", getattr(node, "id", getattr(node, "name", "")))
        if isinstance(getattr(node, "value", None), complex):
            name = "complex"
        for text, names in NAMES.items():
            if name in names.split():
                flags.setdefault(text, text.format(node.lineno))  # type: ignore[attr-defined]
    return list(flags.values())
