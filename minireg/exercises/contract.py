"""The contract of every function: arguments unchanged, same result twice, new arrays."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .checks import Check, Failure
from .comparing import compare
from .student import Observation, Student, list_arrays


class Recorder(Student):
    """A student whose calls are remembered: for each function one with each set of shapes.

    Attributes:
        calls: the function, its arguments, and what it returned; None if it raised an error.
    """

    def __init__(self, student: Student) -> None:
        self.student = student
        self.calls: dict[Any, tuple[str, tuple[Any, ...], Any]] = {}

    def observe(self, function: str, *arguments: Any) -> Observation:
        key = function, *map(np.shape, list_arrays(arguments))
        if key in self.calls:
            return self.student.observe(function, *arguments)
        self.calls[key] = function, copy.deepcopy(arguments), None
        seen = self.student.observe(function, *arguments)
        self.calls[key] = *self.calls[key][:2], copy.deepcopy(seen.value)
        return seen

    def locate(self, function: str) -> str:
        return self.student.locate(function)

    def get_original(self, function: str) -> Callable | None:
        return self.student.get_original(function)


class Contract(Check):
    """Functions change no argument, return the same for equal arguments, and share no memory.

    Every remembered call is made again.

    Args:
        recorder: the student.
        names: of the arguments of each function.
    """

    def __init__(self, recorder: Recorder, names: Mapping[str, Sequence[str]]) -> None:
        self.recorder, self.names = recorder, names

    @property
    def name(self) -> str:
        return "contract: inputs unchanged, same result twice, new arrays"

    def run(self, student: Student, seed: int = 0) -> None:
        for function, arguments, value in list(self.recorder.calls.values()):
            seen = student.observe(function, *arguments)
            names = self.names.get(function, ())
            names = [*names, *(f"number {i}" for i in range(len(names) + 1, len(arguments) + 1))]
            if broken := find_broken_rule(seen, value, names):
                raise Failure(f"{function}{student.locate(function)}: {broken}")


def find_broken_rule(seen: Observation, before: Any, names: Sequence[str]) -> str:
    """Return what a function does that it must not do; empty if it keeps the contract.

    Args:
        seen: a call.
        before: what an equal call returned.
        names: of the arguments.
    """
    if seen.changed:
        name = names[seen.changed[0]]
        return (
            f"it changes its argument {name} in place. The caller still needs the old values: work "
            f"on a copy, {name}.copy()."
        )
    if compare(seen.value, before, {}):
        return (
            "two equal calls return different results. A function must not keep anything from call "
            "to call, and random numbers come from the given generator only."
        )
    if seen.shared:
        name = names[seen.shared[0]]
        return (
            f"its result shares memory with the argument {name}: if one is changed later, the "
            f"other changes, too. Return a new array, such as {name}.copy()."
        )
    if seen.twins:
        return (
            "two of its results share memory: if one is changed later, the other changes, too. "
            "Return an array of its own for each."
        )
    return ""
