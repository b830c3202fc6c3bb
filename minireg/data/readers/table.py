"""Text tables (CSV): one example a line, numbers as features, one column as the target.

The standard `csv` module takes the lines apart; the numbers of a block of lines become an array
before the next block is read, so a table needs a small multiple of its file in memory.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from os import PathLike
from pathlib import Path
from typing import TextIO

import numpy as np

from ...errors import ArgumentError, ArgumentTypeError, DataError
from ..dataset import Dataset
from .opening import MAX_BYTES, as_file, check_total, first_bytes, readable, recognised
from .targets import class_labels, is_missing, is_number

LONGEST_LINE = 2**23  # characters: a million features; longer ones are no table
CELLS_IN_BLOCK = 2**18
DELIMITERS = ",;\t|"


def read_csv(
    path: str | PathLike[str],
    target: str | int = -1,
    delimiter: str | None = None,
    header: bool | None = None,
    drop: Sequence[str | int] = (),
    classes: Sequence[str] | None = None,
    task: str | None = None,
    encoding: str = "utf-8",
    max_bytes: int = MAX_BYTES,
) -> Dataset:
    """A table of numbers with one column of targets.

    Targets that are texts or whole numbers (3, not 3.0) become classes: the distinct values,
    sorted, numbers by their value.  Other numbers are targets of a regression.

    Args:
        path: a text file, one example a line; quoted fields, a byte order mark and any line ends
            are understood.
        target: the column of the targets, by name or position; negative ones count from the end.
        delimiter: between the columns; by default the one of comma, semicolon, tab and bar that
            stands most often in the first line.
        header: whether the first line holds names; by default, if one of the features in it is
            not a number.
        drop: columns to leave out, such as an identifier, by name or position.
        classes: the names of the classes in their order, so that a test set numbers them as the
            training set does: `read_csv("test.csv", classes=train.classes)`.
        task: "classification" or "regression", where the target's values do not tell.
        encoding: of the text.
        max_bytes: the most that the features may need in memory.

    Returns:
        A Dataset with float64 features (N, columns).

    Raises:
        DataError: no table, rows of unequal lengths, missing values, a feature that is not a
            number, with line and column.
        ArgumentError: a column that does not exist, a wrong delimiter or task.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     table = Path(folder, "iris.csv")
    ...     _ = table.write_text("length,width,kind\\n5.1,3.5,setosa\\n7.0,3.2,versicolor\\n")
    ...     read_csv(table)
    Dataset(2 examples, x: float64 (2,), 2 classes: 1 each)
    """
    if task not in (None, "classification", "regression"):
        raise ArgumentError(f"task must be 'classification' or 'regression', got {task!r}.")
    if delimiter is not None and (not isinstance(delimiter, str) or len(delimiter) != 1):
        raise ArgumentError(f"delimiter must be a single character, got {delimiter!r}.")
    place = as_file(path, "CSV")
    check_text(place, encoding)
    try:
        with (
            readable(place),
            place.open(encoding="utf-8-sig" if is_utf8(encoding) else encoding, newline="") as file,
        ):
            table = Table(place, file, delimiter, header, target, drop)
            x, labels = table.columns(max_bytes)
    except UnicodeError as error:
        raise DataError(
            f"{place} is not {encoding} text: {getattr(error, 'reason', error)}. Save it as UTF-8, "
            f"or name its encoding: read_csv(path, encoding='cp1252')."
        ) from error
    y, names = class_labels(labels, table.names[table.target], classes, task, str(place))
    return Dataset(x, y, names)


class Table:
    """The lines of a table taken apart, once its delimiter, header and columns are known."""

    def __init__(
        self,
        place: Path,
        file: TextIO,
        delimiter: str | None,
        header: bool | None,
        target: str | int,
        drop: Sequence[str | int],
    ) -> None:
        self.place = place
        lines = checked_lines(place, file)
        self.blank, first = next(
            ((i, line) for i, line in enumerate(lines) if line.strip()), (0, "")
        )
        if delimiter is None:
            delimiter = max(DELIMITERS, key=outside_quotes(first).count)
        self.delimiter = delimiter
        self.reader = csv.reader(chain([first], lines), delimiter=delimiter, strict=True)
        row = next(self._rows(), None)
        if row is None:
            raise DataError(f"{place} holds no rows.")
        self.width = len(row)
        if self.width < 2:
            raise DataError(
                f"{place} has one column when it is divided at {delimiter!r}, and a table needs a "
                f"feature and a target. Another delimiter? read_csv(path, delimiter=';')."
            )
        asked = header is not None
        named = any(isinstance(column, str) for column in (target, *as_columns(drop)))
        self.names = [name.strip() for name in row]
        self.target = -1
        if not (header or named):
            self._choose(target, drop)
            header = header is None and any(
                not is_number(row[i]) and not is_missing(row[i]) for i in self.features
            )
        elif header is False:
            raise ArgumentError("Columns have names only in a table with a header; use positions.")
        else:
            self._choose(target, drop)
            header = True
        self.guessed = header is False and not asked
        self.before = [] if header else [row]
        if not header:
            self.names = [str(i) for i in range(self.width)]

    def _choose(self, target: str | int, drop: Sequence[str | int]) -> None:
        """Which columns are the features, once the names are known."""
        self.target = self._position("target", target)
        dropped = {self._position("drop", column) for column in as_columns(drop)}
        if self.target in dropped:
            raise ArgumentError(f"The target {target!r} is among the columns to drop.")
        self.features = [i for i in range(self.width) if i != self.target and i not in dropped]
        self.others = sorted({self.target, *dropped}, reverse=True)  # deleted from the right
        if not self.features:
            raise ArgumentError(f"drop={drop!r} leaves no feature of {self.place}.")

    def _position(self, argument: str, column: str | int) -> int:
        if isinstance(column, str):
            found = [i for i, name in enumerate(self.names) if name == column]
            if len(found) != 1:
                count = "no" if not found else f"{len(found)}"
                raise ArgumentError(
                    f"{self.place} has {count} columns called {column!r} ({argument}); its first "
                    f"line is {', '.join(self.names[:20])}{', …' if self.width > 20 else ''}."
                )
            return found[0]
        if isinstance(column, bool) or not hasattr(column, "__index__"):
            raise ArgumentTypeError(
                f"{argument} must name a column or give its position, got {column!r}."
            )
        if not -self.width <= column < self.width:
            raise ArgumentError(
                f"{argument}={column} is outside the {self.width} columns of {self.place}."
            )
        return column % self.width

    @property
    def line(self) -> int:
        """The number of the line that was read last, counted from 1."""
        return self.blank + self.reader.line_num

    def _rows(self) -> Iterator[list[str]]:
        """The rows that are not blank."""
        try:
            for row in self.reader:
                if row and (len(row) > 1 or row[0].strip()):
                    yield row
        except csv.Error as error:
            raise DataError(
                f"Line {self.line} of {self.place} cannot be read: {error}. A quote "
                f'that is not closed? Quotes inside of a quoted field are doubled: "".'
            ) from error

    def columns(self, max_bytes: int) -> tuple[np.ndarray, list[str]]:
        """The features (N, columns) and the texts of the targets."""
        blocks: list[np.ndarray] = []
        targets: list[str] = []
        seen: dict[str, str] = {}  # one object for all texts that are equal
        pending: list[list[str]] = []
        numbers: list[int] = []
        bytes_of_row = 8 * len(self.features)
        for row in chain(self.before, self._rows()):
            if len(row) != self.width:
                raise DataError(
                    f"Line {self.line} of {self.place} has {len(row)} columns, and the "
                    f"first line has {self.width}."
                )
            text = row[self.target].strip()
            if is_missing(text):
                raise self._missing(self.line, self.target, text)
            targets.append(seen.setdefault(text, text))
            for i in self.others:
                del row[i]
            pending.append(row)
            numbers.append(self.line)
            if len(pending) * self.width >= CELLS_IN_BLOCK:
                check_total(self.place, len(targets) * bytes_of_row, max_bytes)
                blocks.append(self._numbers(pending, numbers))
                pending, numbers = [], []
        if not targets:
            raise DataError(f"{self.place} holds a header and no rows.")
        # 0,1,2,label: the names of these features look like numbers
        first, *others = targets
        if self.guessed and others and not is_number(first) and all(map(is_number, others)):
            raise DataError(
                f"The first line of {self.place} has the target {first[:40]!r} and all others have "
                f"numbers. Are these the names of the columns? Say header=True, or header=False."
            )
        check_total(self.place, len(targets) * bytes_of_row, max_bytes)
        if pending:
            blocks.append(self._numbers(pending, numbers))
        return np.concatenate(blocks), targets

    def _numbers(self, rows: list[list[str]], lines: list[int]) -> np.ndarray:
        """The features of some rows as an array."""
        shape = len(rows), len(self.features)
        try:
            values = np.fromiter(
                map(float, chain.from_iterable(rows)), np.float64, shape[0] * shape[1]
            )
        except ValueError:
            values = np.full(1, np.nan)
        if np.isfinite(values).all():
            return values.reshape(shape)
        raise next(
            self._missing(line, column, text.strip())
            for row, line in zip(rows, lines)
            for text, column in zip(row, self.features)
            if not is_number(text)
        )

    def _missing(self, line: int, column: int, text: str) -> DataError:
        where = f"Line {line} of {self.place}, column {self.names[column]!r} (position {column})"
        if is_missing(text):
            return DataError(
                f"{where}: the value is missing ({text!r}). Remove the row or fill in a number."
            )
        hint = "Leave the column out with drop=, or number its values."
        if "," in text and self.delimiter != ",":
            hint = "Write numbers with a decimal point."
        if column == self.width - 1 and not is_number(text):
            hint += " If this column is the target, say so with target=."
        return DataError(f"{where}: {text[:40]!r} is not a finite number. {hint}")


def check_text(place: Path, encoding: str) -> None:
    """Refuse what is not text by its first bytes, and name it."""
    start = first_bytes(place)
    kind = recognised(start)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff") and is_utf8(encoding):
        raise DataError(f"{place} is UTF-16 text. Save it as UTF-8, or pass encoding='utf-16'.")
    if kind != "text" and "16" not in encoding and "32" not in encoding:
        raise DataError(
            f"{place} is no text table: it is {f'a {kind} file' if kind else 'binary'}."
        )
    try:
        "".encode(encoding)
    except LookupError as error:
        raise ArgumentError(f"Python knows no encoding {encoding!r}.") from error


def checked_lines(place: Path, file: TextIO) -> Iterator[str]:
    """The lines; none of them is longer than memory allows."""
    for line in iter(partial(file.readline, LONGEST_LINE), ""):
        if len(line) == LONGEST_LINE:
            raise DataError(
                f"{place} has a line of more than {LONGEST_LINE:,} characters, which is no table "
                f"with one example a line."
            )
        if "\0" in line:
            raise DataError(f"{place} is no text table: it holds NUL bytes.")
        yield line


def outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


def as_columns(drop: Sequence[str | int]) -> tuple[str | int, ...]:
    return (drop,) if isinstance(drop, str | int) else tuple(drop)


def is_utf8(encoding: str) -> bool:
    return encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig")
