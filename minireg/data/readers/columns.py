"""Which columns of a table are features, and which is the target.

They are given by name or position, or found by the schema of a training part.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...errors import ArgumentError, ArgumentTypeError, DataError
from .cells import as_texts, has_header
from .schema import Schema

Columns = str | int | Iterable[str | int]
Asked = dict[str, tuple[str | int, ...]]  # for each argument, the columns that it names


def as_columns(columns: Columns) -> tuple[str | int, ...]:
    if isinstance(columns, Iterable) and not isinstance(columns, str):
        return tuple(columns)
    return (columns,)


def name_columns(title: str, frame: Any, header: bool | None, asked: Asked) -> tuple[Any, bool]:
    """Return the frame with names (or positions) of columns, and whether it has a header."""
    frame.columns = list(map(str, range(frame.shape[1])))
    named = any(isinstance(column, str) for columns in asked.values() for column in columns)
    if named and header is False:
        raise ArgumentError(
            "Columns have names only in a table with a header; use positions.", argument="header"
        )
    if header is None and not named:
        features, label, _ = choose_columns(title, frame, asked)
        header = has_header(frame, features if label is None else [*features, label])
    if header or named:
        return frame.iloc[1:].set_axis(as_texts(frame.iloc[0]), axis=1), True
    return frame, False


def choose_columns(
    title: str, frame: Any, asked: Asked
) -> tuple[list[str], str | None, tuple[str, ...]]:
    """Return the names of the features, of the target, and of the categorical columns."""
    chosen = {
        argument: tuple(find_column(title, frame, argument, column) for column in columns)
        for argument, columns in asked.items()
    }
    target = next(iter(chosen["target"]), None)
    if target in chosen["drop"]:
        raise ArgumentError(f"The target {target!r} is also a column to drop.", argument="target")
    features = [name for name in frame if name != target and name not in chosen["drop"]]
    if not features and frame.shape[1] == 1:
        raise DataError(
            f"{title} has only one column, but a table needs a feature and a target. Choose "
            f"what divides its lines (delimiter=…).",
            argument="delimiter",
        )
    if not features:
        raise ArgumentError(f"No feature of {title} is left.", argument="drop")
    return features, target, chosen["categorical"]


def find_column(title: str, frame: Any, argument: str, column: str | int) -> str:
    """Return the name of a column that was given by name or position."""
    width = frame.shape[1]
    if isinstance(column, bool) or not (isinstance(column, str) or hasattr(column, "__index__")):
        raise ArgumentTypeError(
            f"{argument} must name a column or give its position, got {column!r}.",
            argument=argument,
        )
    if column in frame.columns if isinstance(column, str) else -width <= column < width:
        return column if isinstance(column, str) else frame.columns[column]
    raise ArgumentError(
        f"{title} has no column {column!r}; its {width} columns are {', '.join(frame)[:200]}.",
        argument=argument,
    )


def find_columns(title: str, frame: Any, schema: Schema) -> Any:
    """Return the frame with the names of the schema, which must all exist."""
    names = [column.name for column in schema.columns]
    width = frame.shape[1]
    if not schema.header and width == len(names):  # the features alone
        return frame.set_axis(names, axis=1)
    if not schema.header and width != schema.width:
        raise DataError(
            f"{title} has {width} columns; expected the {schema.width} of the training data, or "
            f"its {len(names)} features."
        )
    absent = next((name for name in names if name not in frame), None)
    if absent is not None:
        raise DataError(
            f"{title} has no column {absent!r}, which the training data have; its columns are "
            f"{', '.join(frame)[:200]}."
        )
    return frame
