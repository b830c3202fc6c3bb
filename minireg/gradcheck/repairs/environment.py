"""Environment: where edited functions run, so that nothing they do stays.

The functions of a module are built anew with a copy of its globals, in which each name that they
use is copied again for every call.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from types import BuiltinFunctionType, CellType, CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

from .source import TICK, Source, limit_loops, list_codes, read_source

ROUNDS = 10_000  # of all while loops together, in one call
SHARED = (ModuleType, FunctionType, BuiltinFunctionType, np.ufunc, type)  # these are not copied


class Environment:
    """A copy of the module of a function.

    Args:
        function: a Python function.

    Attributes:
        sources: the function and the functions of its module that it uses, by their names, as far
            as there is source.
    """

    def __init__(self, function: FunctionType) -> None:
        self.function = function
        self.globals: dict[str, Any] = {}
        self.original = function.__globals__
        self.helpers = find_helpers(function)
        functions = (function, *self.helpers.values())
        self.used = {name for f in functions for name in find_names(f.__code__)}
        self.codes = {name: f.__code__ for name, f in self.helpers.items()}
        self.sources: dict[str, Source] = {}
        for name, f in self.helpers.items():
            if source := read_source(f):
                self.sources[name] = source
                tree = source.parse(source.read(source.start, source.end))
                self.codes[name] = source.compile(limit_loops(tree))

    def make(self, code: CodeType, helper: str | None = None) -> Callable:
        """Return the function with this code, or with a helper that has this code."""
        rounds = iter(range(ROUNDS))
        changing = {
            name: self.original[name]
            for name in self.used
            if name in self.original and not isinstance(self.original[name], SHARED)
        }
        self.globals.clear()
        self.globals.update(self.original)
        self.globals.update(copy.deepcopy(changing))
        self.globals[TICK] = lambda: next(rounds)
        for name, f in self.helpers.items():
            self.globals[name] = self.build(f, code if name == helper else self.codes[name])
        return self.build(self.function, self.function.__code__ if helper else code)

    def list_values(self) -> dict[str, Any]:
        """Return the globals that an edit may use: those of the functions, and numbers."""
        numbers = {n for n, v in self.original.items() if isinstance(v, (int, float))}
        names = [n for n in self.original if n in self.used or n in numbers]
        return {name: self.original[name] for name in names}

    def build(self, function: FunctionType, code: CodeType) -> FunctionType:
        """Return a function with other code and globals; its closure and defaults are copies."""
        cells = dict(zip(function.__code__.co_freevars, function.__closure__ or ()))
        closure = tuple(copy_cell(cells[name]) for name in code.co_freevars)
        name, defaults = function.__name__, copy_values(function.__defaults__)
        built = FunctionType(code, self.globals, name, defaults, closure)
        built.__kwdefaults__ = copy_values(function.__kwdefaults__)
        return built


def copy_cell(cell: CellType) -> CellType:
    """Return a new cell with a copy of the value."""
    value = cell.cell_contents
    return CellType(value if isinstance(value, SHARED) else copy.deepcopy(value))


def copy_values(values: Any) -> Any:
    return copy.deepcopy(values) if values else values


def find_helpers(function: FunctionType) -> dict[str, FunctionType]:
    """Return the functions of the same module that a function uses, directly or not."""
    found: dict[str, FunctionType] = {}
    todo = [function]
    while todo:
        for name in sorted(find_names(todo.pop().__code__)):
            helper: Any = function.__globals__.get(name)
            own = isinstance(helper, FunctionType) and helper.__globals__ is function.__globals__
            if own and name not in found:
                found[name] = helper
                todo.append(helper)
    return found


def find_names(code: CodeType) -> set[str]:
    """Return the names that a code uses, those of nested functions, too."""
    return {name for part in list_codes(code) for name in part.co_names}
