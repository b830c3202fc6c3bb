"""The kinds of values that settings can have.

Each kind reads a Python value or its text on the command line, and returns the value in one form.
An error carries the name of the setting.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, NoReturn

from ..augment import parse
from ..checks import check_count, check_flag, check_number
from ..errors import ArgumentError, MiniregError
from ..random import Generator


def refuse(name: str, expected: str, value: Any) -> NoReturn:
    raise ArgumentError(f"{name} must be {expected}, got {value!r}.", argument=name)


@dataclass(frozen=True)
class Number:
    """A finite number in a range; an open end is not part of the range."""

    min: float = 0
    max: float | None = None
    min_open: bool = False
    max_open: bool = False
    metavar: ClassVar = "X"  # the placeholder for a value in the help

    def read(self, name: str, value: Any) -> float:
        if isinstance(value, str):
            with suppress(ValueError):
                value = float(value)
        ends = {"above" if self.min_open else "minimum": self.min}
        number = check_number(name, value, **ends)
        if self.max is not None and (number > self.max or (self.max_open and number == self.max)):
            refuse(name, f"{'less than' if self.max_open else 'at most'} {self.max:g}", number)
        return number


@dataclass(frozen=True)
class Count:
    """A whole number in a range."""

    min: int = 1
    max: int | None = None
    metavar: ClassVar = "N"

    def read(self, name: str, value: Any) -> int:
        if isinstance(value, str) and re.fullmatch("[+-]?[0-9]{1,99}", value.strip()):
            value = int(value)
        count = check_count(name, value, minimum=self.min)
        if self.max is not None and count > self.max:
            refuse(name, f"at most {self.max}", count)
        return count


@dataclass(frozen=True)
class Choice:
    """One of several names."""

    names: tuple[str, ...]
    metavar: ClassVar = None

    def read(self, name: str, value: Any) -> str:
        if value not in self.names:
            refuse(name, f"one of {', '.join(map(repr, self.names))}", value)
        return value


class Flag:
    """True or False."""

    metavar = None
    read = staticmethod(check_flag)


class Text:
    """A text that is not empty."""

    metavar = "NAME"

    def read(self, name: str, value: Any) -> str:
        if not isinstance(value, str) or not value:
            refuse(name, "a text that is not empty", value)
        return value


class Pipeline:
    """The text form of a pipeline of transforms of images; see `augment.parse`."""

    metavar = "PIPELINE"

    def read(self, name: str, value: Any) -> str:
        if not isinstance(value, str):
            refuse(name, "the text of a pipeline, for a transform str(t)", value)
        try:
            return str(parse(value, generator=Generator(0)))
        except MiniregError as error:
            raise ArgumentError(
                f"{name} must be a pipeline of transforms. {error}", argument=name
            ) from error


class Location:
    """A file or a folder."""

    metavar = "PATH"

    def read(self, name: str, value: Any) -> Path:
        path = os.fspath(value) if isinstance(value, str | os.PathLike) else None
        if not isinstance(path, str) or not path or "\0" in path:
            refuse(name, "the path of a file or folder", value)
        return Path(path)


class Column:
    """A column by its name or its position; a text of digits is a position."""

    metavar = "COLUMN"

    def read(self, name: str, value: Any) -> str | int:
        if isinstance(value, str) and value:
            return int(value) if re.fullmatch("-?[0-9]{1,99}", value) else value
        if isinstance(value, bool) or not hasattr(value, "__index__"):
            refuse(name, "the name or the position of a column", value)
        return int(value)


@dataclass(frozen=True)
class Several:
    """A list of values of one kind; in text, commas separate them."""

    kind: Any

    @property
    def metavar(self) -> str:
        return f"{self.kind.metavar},..."

    def read(self, name: str, value: Any) -> tuple[Any, ...]:
        if isinstance(value, str):
            value = [part.strip() for part in value.split(",")] if value else []
        elif not isinstance(value, Iterable):
            value = [value]
        return tuple(self.kind.read(name, part) for part in value)


@dataclass(frozen=True)
class Shape:
    """One or more lengths; in text, the letter x separates them."""

    metavar: str = "HxW"
    example: str = "28x28"
    axes: tuple[int, ...] = (1, 2)

    def read(self, name: str, value: Any) -> tuple[int, ...]:
        shape: tuple[int, ...] = ()
        with suppress(MiniregError):
            parts = re.sub("[x×]", ",", value.lower()) if isinstance(value, str) else value
            shape = Several(Count()).read(name, parts)
        if len(shape) not in self.axes:
            refuse(name, f"of the form {self.metavar}, such as {self.example}", value)
        return shape
