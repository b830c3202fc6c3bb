"""A table for a trained model: the columns that it was trained on, wherever they stand.

`read_csv` wants a target, which new examples do not have.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from ..data.readers.cells import DELIMITERS, MISSING, parse_numbers
from ..errors import DataError

Row = tuple[int, list[str]]  # the number of its line, its cells


def read_columns(
    path: Path, names: Sequence[str], delimiter: str | None = None, encoding: str | None = None
) -> tuple[np.ndarray, dict[str, list[str]]]:
    """The columns with these names as numbers (N, columns), and all columns as texts.

    Args:
        path: a table with a header; the order of its columns does not matter.
        names: of the columns that must be numbers.
        delimiter: by default found out.
        encoding: by default UTF-8.

    Raises:
        DataError: a column is missing, or a cell is no number; with line and column.
    """
    rows = rows_of(path, delimiter, encoding)
    _, header = next(rows, (0, []))
    header = [name.strip() for name in header]
    missing = [name for name in names if name not in header]
    if missing:
        raise DataError(
            f"{path} has no column {missing[0]!r}, which the model was trained on. Its first line "
            f"is {', '.join(header[:20])}{', …' if header[20:] else ''}."
        )
    body = list(rows)
    for line, row in body:
        check_width(path, line, row, len(header))
    if not body:
        raise DataError(f"{path} holds a header and no rows.")
    indices = [header.index(name) for name in names]
    texts = {name: [row[i].strip() for _, row in body] for i, name in enumerate(header)}
    return numbers(path, body, indices, list(names)), texts


def read_all_columns(
    path: Path, delimiter: str | None = None, encoding: str | None = None
) -> np.ndarray:
    """Every column as numbers (N, columns), of a table without a header."""
    body = list(rows_of(path, delimiter, encoding))
    if not body:
        raise DataError(f"{path} holds no rows.")
    width = len(body[0][1])
    for line, row in body:
        check_width(path, line, row, width)
    return numbers(path, body, list(range(width)), [str(i) for i in range(width)])


def first_row(path: Path, delimiter: str | None = None, encoding: str | None = None) -> list[str]:
    """The cells of the first line that is not blank."""
    return next(rows_of(path, delimiter, encoding), (0, []))[1]


def rows_of(path: Path, delimiter: str | None, encoding: str | None) -> Iterator[Row]:
    """The rows that are not blank."""
    try:
        encoding = "utf-8-sig" if encoding in (None, "utf-8") else encoding
        with path.open(encoding=encoding, newline="") as file:
            if delimiter is None:
                first = next((line for line in file if line.strip()), "")
                delimiter = max(DELIMITERS, key="".join(first.split('"')[::2]).count)
                file.seek(0)
            reader = csv.reader(file, delimiter=delimiter, strict=True)
            for row in reader:
                if row and (len(row) > 1 or row[0].strip()):
                    yield reader.line_num, row
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (csv.Error, UnicodeDecodeError) as error:
        raise DataError(f"{path} is no table in {encoding or 'UTF-8'}: {error}.") from error


def check_width(path: Path, line: int, row: list[str], width: int) -> None:
    if len(row) != width:
        raise DataError(
            f"Line {line} of {path} has {len(row)} columns, and the first line has {width}."
        )


def numbers(path: Path, body: list[Row], indices: list[int], names: list[str]) -> np.ndarray:
    """Some columns as an array."""
    cells = [[row[i] for i in indices] for _, row in body]
    try:
        values = np.array(cells, dtype=np.float64)
    except ValueError:
        values = np.full(1, np.nan)
    if np.isfinite(values).all():
        return values
    line, name, text = next(
        (line, name, text)
        for (line, _), row in zip(body, cells)
        for name, text in zip(names, row)
        if parse_numbers([text]) is None or text.lower() in MISSING
    )
    raise DataError(f"Line {line} of {path}, column {name!r}: {text[:40]!r} is no finite number.")
