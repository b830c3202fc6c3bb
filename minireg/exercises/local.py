"""The student's functions in this process: those of a file, or given ones."""

from __future__ import annotations

import inspect
import linecache
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .student import (
    NotWritten,
    Observation,
    Student,
    StudentError,
    Unreadable,
    call_observed,
    describe,
    describe_inputs,
)  # fmt: skip
from .time_limit import TooLong, limit_time

MARK = "replace this line"
LONGEST = 1000  # characters of the message of an error


class LocalStudent(Student):
    """Functions by their names.  The checks call them as they are, in this process.

    >>> LocalStudent({"double": lambda x: 2 * x}).call("double", 3)
    6
    """

    limit: Callable = staticmethod(limit_time)  # a context in which a function may run

    def __init__(self, functions: Mapping[str, Any], file: str = "") -> None:
        self.functions, self.file = functions, file
        self.endless: dict[str, StudentError] = {}  # functions that are not called again

    def observe(self, function: str, *arguments: Any) -> Observation:
        written = self.get(function)
        try:
            with self.limit():
                return call_observed(written, arguments)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            found = self.explain(function, error, arguments)
            if isinstance(error, TooLong):
                self.endless[function] = found
            raise found from None

    def explain(
        self, function: str, error: BaseException, arguments: tuple[Any, ...]
    ) -> StudentError:
        """Return what a call raised as an error in words for the student."""
        written = self.functions[function]
        file, line = get_file(written), find_mark(written)
        if isinstance(error, NotWritten) or (line and "ellipsis" in str(error)):
            where = f" Replace line {line} of {name_file(file)}." if line else ""
            return NotWritten(f"{function} is not written yet.{where}")
        if isinstance(error, StudentError):
            return StudentError(f"{function}{self.locate(function)}, {error}")
        called = describe_arguments(written, arguments)
        return StudentError(
            f"{function} {describe_error(error, file)}\nIt was called with {called}."
        )

    def get(self, name: str) -> Callable:
        """Return a function by its name."""
        if name in self.endless:
            raise self.endless[name]
        written = self.functions.get(name)
        if written is None:
            where = f" in {Path(self.file).name}" if self.file else ""
            raise StudentError(f"There is no function {name}{where}. Define it: def {name}(...):")
        if not callable(written):
            raise StudentError(f"{name} must be a function. It is {describe(written)}.")
        return written

    def get_original(self, function: str) -> Callable | None:
        found = self.functions.get(function)
        return found if inspect.isfunction(found) else None

    def locate(self, function: str) -> str:
        found = self.get_original(function)
        if found is None:
            return ""
        return f", line {found.__code__.co_firstlineno} of {name_file(get_file(found))}"


def open_file(path: Path) -> Student:
    """Run a student's file and return its functions."""
    linecache.checkcache(str(path))
    try:
        source = path.read_bytes()
    except OSError:
        why = f"is missing. Get it back with: minireg exercise reset {path.stem}"
        return Unreadable(StudentError(f"{path.name} {why}"))
    return run_source(source, str(path))


def run_source(source: bytes, file: str, limit: Callable = limit_time) -> Student:
    """Run the source of a student's file and return its functions.

    Args:
        source: the text of the file.
        file: its path, for messages.
        limit: a context in which it may run.
    """
    path = Path(file)
    names: dict[str, Any] = {"__name__": path.stem, "__file__": file}
    try:
        with limit():
            exec(compile(source, file, "exec", dont_inherit=True), names)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return Unreadable(StudentError(f"{path.name} {describe_error(error, file)}"))
    return LocalStudent(names, file)


def describe_error(error: BaseException, file: str) -> str:
    """Tell what was raised, and in which line of the student's file."""
    if isinstance(error, SyntaxError) and error.filename == file:
        line = f"\n    {error.text.strip()}" if error.text else ""
        return f"is not valid Python in line {error.lineno}: {error.msg}.{line}"
    if isinstance(error, RecursionError):
        said = "calls itself too often: without end, or more than about 1000 times."
    elif isinstance(error, SystemExit):
        said = "calls exit(): leave it out."
    elif isinstance(error, TooLong):
        said = str(error)
    else:
        why = read_message(error) or "without a message"
        said = f"raised {type(error).__name__}: {why.removesuffix('.')}."
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == file]
    if not frames:
        return said
    last = frames[-1]
    line = f":\n    {last.line}" if last.line else "."  # what was typed in a console has no text
    return f"{said}\nThat is line {last.lineno} of {name_file(file)}{line}"


def read_message(error: BaseException) -> str:
    """Return the beginning of the message of an error; empty if its `__str__` raises another."""
    try:
        return str(error).strip()[:LONGEST]
    except Exception:
        return ""


def describe_arguments(function: Callable, arguments: tuple[Any, ...]) -> str:
    """Describe the arguments of a call by their names in the student's function."""
    names = list(inspect.signature(function).parameters) if inspect.isfunction(function) else []
    names += [f"argument {i + 1}" for i in range(len(names), len(arguments))]
    return describe_inputs(dict(zip(names, arguments)))


def get_file(function: Any) -> str:
    return function.__code__.co_filename if inspect.isfunction(function) else ""


def name_file(file: str) -> str:
    """Return the name of a file for a student: a cell of a notebook has a made-up one."""
    return "your code" if file.startswith("<") or "ipykernel" in file else Path(file).name


def find_mark(function: Any) -> int:
    """Return the line of the first `replace this line` in a function; 0 if there is none."""
    try:
        lines, first = inspect.getsourcelines(function) if inspect.isfunction(function) else ([], 0)
    except OSError:  # typed in a console
        return 0
    return next((first + i for i, line in enumerate(lines) if MARK in line), 0)
