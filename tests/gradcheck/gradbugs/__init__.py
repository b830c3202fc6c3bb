"""GradBugs: wrong backward passes with their causes and lines; the README describes the format."""

from __future__ import annotations

import inspect
import json
import linecache
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).parent
PARTS = ("typed", "held_out")
AUTOMATIC = HERE / "automatic.jsonl"
MARK = re.compile(r"#\s*<-\s*(.+?)\s*$")
LISTED = re.compile(r"^\| `([a-z-]+)` \|", re.MULTILINE)
CAUSES = tuple(LISTED.findall((HERE / "README.md").read_text(encoding="utf-8")))


@dataclass(frozen=True, eq=False)
class Operation:
    """A function with its specified inputs and its right backward pass."""

    name: str
    file: Path
    inputs: dict[str, Any]
    forward: Callable
    backward: Callable
    module: ModuleType


@dataclass(frozen=True)
class Bug:
    """A wrong backward pass: what it is called, its causes, and its line in the file.

    An automatic one has the kind of its edit in place of causes.
    """

    operation: Operation
    name: str
    function: Callable
    causes: tuple[str, ...]
    line: int
    kind: str = ""

    def __str__(self) -> str:
        return f"{self.operation.name}-{self.name}"


@cache
def load_operations(part: str) -> list[Operation]:
    """Return the operations of a part of the data set."""
    found = []
    for file in sorted((HERE / part).glob("*.py")):
        spec: Any = spec_from_file_location(f"gradbugs_{part}_{file.stem}", file)
        module: Any = module_from_spec(spec)
        spec.loader.exec_module(module)
        given = module.INPUTS, module.forward, module.backward
        found.append(Operation(file.stem, file, *given, module))
    return found


@cache
def load_bugs(part: str) -> list[Bug]:
    """Return the wrong backward passes of a part of the data set."""
    return [bug for operation in load_operations(part) for bug in find_bugs(operation)]


def find_bugs(operation: Operation) -> list[Bug]:
    """Return the wrong backward passes of an operation, each with the mark in its source."""
    bugs = []
    for name, function in vars(operation.module).items():
        own = inspect.isfunction(function) and function.__module__ == operation.module.__name__
        if not own or name.startswith("_") or name in ("forward", "backward"):
            continue
        lines, first = inspect.getsourcelines(function)
        marks = [(first + i, m[1]) for i, line in enumerate(lines) if (m := MARK.search(line))]
        if len(marks) != 1:
            raise ValueError(f"{operation.file}: {name} has {len(marks)} marks; it needs one.")
        line, text = marks[0]
        causes = tuple(cause.strip() for cause in text.split("|"))
        unknown = [cause for cause in causes if cause not in CAUSES]
        if unknown:
            raise ValueError(f"{operation.file}: {name} has unknown causes {unknown}.")
        bugs.append(Bug(operation, name, function, causes, line))
    return bugs


def load_automatic(held_out: bool = False) -> Iterator[Bug]:
    """Yield the automatic edits, those that are held out or the others, as wrong backward passes.

    The line of a dropped statement is that of the next one.
    """
    operations = {(part, x.name): x for part in PARTS for x in load_operations(part)}
    for number, text in enumerate(AUTOMATIC.read_text(encoding="utf-8").splitlines(), start=1):
        edit = json.loads(text)
        if edit["held_out"] != held_out:
            continue
        operation, line = operations[edit["part"], edit["operation"]], edit["line"]
        backward = compile_edit(operation, line, edit["before"], edit["after"])
        marked = line if edit["after"] else line + 1
        yield Bug(operation, f"{edit['kind']}-{number}", backward, (), marked, edit["kind"])


def compile_edit(operation: Operation, line: int, before: str, after: str) -> Callable:
    """Return `backward` from the file with one changed line, with a source that can be read."""
    lines = operation.file.read_text(encoding="utf-8").splitlines(keepends=True)
    if lines[line - 1].rstrip() != before:
        raise ValueError(f"{operation.file}, line {line}, is not {before!r}: run automatic.py.")
    lines[line - 1] = after + "\n"
    source = "".join(lines)
    digest = sha256(source.encode()).hexdigest()[:8]
    name = str(operation.file.with_stem(f"{operation.name}-{line}-{digest}"))
    module = ModuleType(f"edited_{operation.name}")
    with warnings.catch_warnings(action="ignore"):  # such as "'int' object is not subscriptable"
        code = compile(source, name, "exec")
    linecache.cache[name] = (len(source), None, lines, name)
    exec(code, vars(module))
    return module.backward
