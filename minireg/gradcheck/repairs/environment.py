"""Environment: where edited functions run, so that nothing they do stays.

The functions of a module are built anew with a copy of its globals, in which each name that they
use is copied again for every call.
"""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Callable
from types import BuiltinFunctionType, CellType, CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

from .source import TICK, Source, list_codes, read_source

ROUNDS = 10_000  # of all while loops together, in one call
SHARED = (ModuleType, FunctionType, BuiltinFunctionType, np.ufunc, type)  # these are not copied


class Environment:
    """A copy of the module of a function.

    Args:
        function: a Python function.

    Attributes:
        sources: the function and those of its module that it uses, as far as there is source.
        codes: the code of each of them; their while loops end at some time.
    """

    def __init__(self, function: FunctionType) -> None:
        self.function, self.original = function, function.__globals__
        self.globals: dict[str, Any] = {}
        self.functions = find_functions(function)
        self.used = {name for f in self.functions for name in find_names(f.__code__)}
        self.names = {name: f for name in self.used for f in self.functions if self.holds(name, f)}
        self.sources: dict[FunctionType, Source] = {}
        self.codes = {f: f.__code__ for f in self.functions}
        for f in self.functions:
            if source := read_source(f):
                self.sources[f] = source
                self.codes[f] = source.compile(source.read(source.start, source.end))

    def holds(self, name: str, function: FunctionType) -> bool:
        return self.original.get(name) is function

    def make(self, edited: FunctionType, code: CodeType) -> Callable:
        """Return the function, with other code for it or for one that it uses."""
        rounds = iter(range(ROUNDS))
        changing = {
            name: self.original[name]
            for name in self.used
            if name in self.original and not isinstance(self.original[name], SHARED)
        }
        codes = {**self.codes, edited: code}
        built = {f: self.build(f, codes[f]) for f in self.functions}
        for f, new in built.items():
            before = dict(zip(f.__code__.co_freevars, f.__closure__ or ()))
            for name, cell in zip(new.__code__.co_freevars, new.__closure__ or ()):
                value = before[name].cell_contents
                known = built.get(value) if is_function(value) else None
                cell.cell_contents = known or duplicate(value)
        self.globals.clear()
        self.globals.update(self.original)
        self.globals.update(copy.deepcopy(changing))
        self.globals.update({name: built[f] for name, f in self.names.items()})
        self.globals[TICK] = lambda: next(rounds)
        return built[self.function]

    def build(self, function: FunctionType, code: CodeType) -> FunctionType:
        """Return a function with other code and globals, copies of its defaults, and new cells."""
        cells = tuple(CellType() for _ in code.co_freevars)
        name, defaults = function.__name__, duplicate(function.__defaults__)
        built = FunctionType(code, self.globals, name, defaults, cells)
        built.__kwdefaults__ = duplicate(function.__kwdefaults__)
        return built

    def list_values(self) -> dict[str, Any]:
        """Return the globals that an edit may use: those of the functions, and numbers."""
        numbers = {n for n, v in self.original.items() if isinstance(v, (int, float))}
        names = [n for n in self.original if n in self.used or n in numbers]
        return {name: self.original[name] for name in names}


def is_function(value: Any) -> bool:
    return isinstance(value, FunctionType)


def duplicate(value: Any) -> Any:
    return value if isinstance(value, SHARED) else copy.deepcopy(value)


def find_functions(function: FunctionType) -> list[FunctionType]:
    """Return a function and those of the same module that it uses, directly or not."""
    found = [function]
    for f in found:
        used: list[Any] = [f.__globals__.get(name) for name in sorted(find_names(f.__code__))]
        for cell in f.__closure__ or ():
            with contextlib.suppress(ValueError):  # it has no value yet
                used.append(cell.cell_contents)
        for other in used:
            own = is_function(other) and other.__globals__ is function.__globals__
            if own and not any(other is known for known in found):
                found.append(other)
    return found


def find_names(code: CodeType) -> set[str]:
    """Return the names that a code uses, those of nested functions, too."""
    return {name for part in list_codes(code) for name in part.co_names}
