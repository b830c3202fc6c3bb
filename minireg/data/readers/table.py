"""Tables: numbers and words as features, one column as the target.

Rows are divided first; what the columns mean is learned from the training part (`schema.py`) and
applied to every part.  pandas reads the text (`cells.py`).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...errors import ArgumentError, ArgumentTypeError, DataError
from ..dataset import Dataset
from .cells import has_header, is_missing, read_cells, texts_of
from .opening import MAX_BYTES, check_total
from .schema import Schema, encode_column, fit_column, read_column
from .targets import read_targets

Columns = str | int | Iterable[str | int]


@dataclass(frozen=True, repr=False, eq=False)
class Table:
    """Rows of a table that have been checked and not yet encoded.

    Attributes:
        source: what messages call it.
        names: of the columns of features.
        values: for each, (N,) floats or texts; NaN or "" where a value is missing.
        target: the column of the targets; None if none were read.
        y: (N,) int64 class labels or floats; None without a target.
        classes: their names; () for a regression.
        rows: (N,) the position of each row in the table, from 0 and without the header.
        schema: the one it was opened with, without its columns if it was opened without.
        max_bytes: the most that the features may need in memory.
    """

    source: str
    names: tuple[str, ...]
    values: tuple[np.ndarray, ...]
    y: np.ndarray | None
    rows: np.ndarray
    schema: Schema
    max_bytes: int

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"Table({len(self)} rows, {len(self.names)} columns, target {self.schema.target!r})"

    def split(self, fraction: float | Sequence[float], seed: int) -> tuple[Table, ...]:
        """Disjoint random parts, the same as those of `Dataset.split`: stratified by class."""
        positions = np.arange(len(self))[:, None]
        y = np.zeros(len(self)) if self.y is None else self.y
        classes = None if self.y is None else self.schema.classes or None
        parts = Dataset(positions, y, classes).split(fraction, seed)
        return tuple(self.subset(part.x[:, 0]) for part in parts)

    def subset(self, indices: np.ndarray) -> Table:
        """The rows at `indices`, in that order, or where a mask is True."""
        return replace(
            self,
            values=tuple(column[indices] for column in self.values),
            y=None if self.y is None else self.y[indices],
            rows=self.rows[indices],
        )

    def fit_schema(self) -> Schema:
        """What these rows show: the categories and means of each column."""
        return replace(self.schema, columns=tuple(map(fit_column, self.names, self.values)))

    def features(self, schema: Schema | None = None) -> np.ndarray:
        """(N, columns) float64 as the schema has them; no targets are needed.

        Args:
            schema: of the training part; by default the one that the table was opened with.
        """
        schema = schema or self.schema
        if [column.name for column in schema.columns] != list(self.names):
            raise ArgumentError(
                f"The schema is of other columns than {', '.join(self.names[:20])}: open the table "
                f"with schema.",
                argument="schema",
            )
        check_total(self.source, 8 * len(self) * len(schema.feature_names), self.max_bytes)
        encoded = [encode_column(c, v, self.source) for c, v in zip(schema.columns, self.values)]
        return np.concatenate(encoded, axis=1)

    def dataset(self, schema: Schema | None = None) -> Dataset:
        """The rows as a Dataset with the attributes `schema`, `feature_names`, `target_name`.

        Args:
            schema: of the training part; by default the one that the table was opened with, or
                that of these rows.
        """
        schema = schema or (self.schema if self.schema.columns else self.fit_schema())
        if self.y is None:
            raise DataError(
                f"{self.source} has no column {self.schema.target!r}, the target.",
                argument="target",
            )
        dataset = Dataset(self.features(schema), self.y, self.schema.classes or None)
        vars(dataset).update(
            schema=schema, feature_names=schema.feature_names, target_name=schema.target
        )
        return dataset


def read_table(source: Any, target: str | int | None = -1, **options: Any) -> Dataset:
    """A table as a Dataset: `open_table(source, target, ...).dataset()`.

    Args:
        source: a text file or a pandas DataFrame.
        target: the column of the targets, by name or position; negative ones count from the end.
        options: those of `open_table`.

    Returns:
        A Dataset with float64 features (N, columns), whose attributes `schema`, `feature_names`
        and `target_name` say what they are.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     place = Path(folder, "penguins.csv")
    ...     _ = place.write_text("island,bill,kind\\nBiscoe,39.1,Adelie\\nDream,49.5,Gentoo\\n")
    ...     penguins = read_table(place)
    >>> penguins
    Dataset(2 examples, x: float64 (3,), 2 classes: 1 each)
    >>> penguins.feature_names
    ('island=Biscoe', 'island=Dream', 'bill')
    """
    return open_table(source, target, **options).dataset()


def open_table(
    source: Any,
    target: str | int | None = -1,
    *,
    delimiter: str | None = None,
    header: bool | None = None,
    drop: Columns = (),
    categorical: Columns = (),
    classes: Sequence[str] | None = None,
    task: str | None = None,
    missing: str | None = None,
    encoding: str | None = None,
    schema: Schema | None = None,
    max_bytes: int = MAX_BYTES,
) -> Table:
    """The rows of a table, checked and not yet encoded, so that they can be divided first.

    Features are numbers, or words of at most 50 categories, which become one-hot.  Targets that
    are texts become classes, sorted.  Whole numbers become classes if they are at most two; or if
    each comes 5 times on average and they are at most 20, or number classes from 0 or 1 without a
    gap.  Other numbers are targets of a regression.

    Args:
        source: a text file with one example a line, plain or compressed (gzip, bzip2, xz); or a
            pandas DataFrame.
        target: the column of the targets, by name or position; negative ones count from the end;
            with None, no targets are read.
        delimiter: between the columns, " " for runs of blanks; by default the one of comma,
            semicolon, tab and bar that stands most often in the first line, else blanks.
        header: whether the first row holds names; by default, if a word stands above numbers.
        drop: columns to leave out, such as an identifier, by name or position.
        categorical: columns whose values are categories, whatever they look like and however many
            there are; only an empty cell is missing in them.
        classes: the names of the classes in their order; one of them may be NA.
        task: "classification" or "regression", where the target's values do not tell.
        missing: "drop" leaves out rows with missing values; "mean" fills in the mean of the
            training part (of categories, the share of each); by default they are refused.
        encoding: of the text, by default UTF-8.
        schema: of a training part.  Columns are found by name if that table had names, else by
            position; target, classes and categories are those of the schema, and `target=None`
            says that they are not needed.
        max_bytes: the most that the text, and the features, may need in memory.

    Raises:
        DataError: not a table, missing values, a feature that is neither a number nor a category.
            Rows are counted from 1, without the header.
        ArgumentError: a column that does not exist, a wrong delimiter, encoding or task.

    >>> import pandas
    >>> frame = pandas.DataFrame({"size": [1, 2, 3, 4], "kind": ["a", "b", "a", "b"]})
    >>> train, test = open_table(frame).split(0.5, seed=0)
    >>> schema = train.fit_schema()
    >>> train.dataset(schema)
    Dataset(2 examples, x: float64 (1,), 2 classes: 1 each)
    >>> test.features(schema).shape
    (2, 1)
    """
    for name, value, known in (
        ("task", task, ("classification", "regression")),
        ("missing", missing, ("drop", "mean")),
    ):
        if value not in (None, *known):
            raise ArgumentError(
                f"{name} must be {' or '.join(map(repr, known))}, got {value!r}.", argument=name
            )
    columns = {"target": () if target is None else target, "drop": drop, "categorical": categorical}
    if schema is not None:
        columns = {}
        missing, encoding = missing or schema.missing, encoding or schema.encoding
        header = schema.header if header is None else header
    encoding = encoding or "utf-8"
    if hasattr(source, "iloc"):
        title, frame = "the table", source.set_axis(list(map(str, source.columns)), axis=1)
        header = list(source.columns) != list(range(len(source.columns)))
    else:
        title, usual = str(source), schema.delimiter if schema else None
        frame, delimiter = read_cells(source, delimiter, usual, encoding, max_bytes)
        frame, header = name_columns(title, frame, header, columns)
    check_total(title, 8 * frame.size, max_bytes)
    if not len(frame):
        raise DataError(f"{title} holds {'a header and ' * header}no rows.")
    if schema is None:
        names, label, forced = choose_columns(title, frame, columns)
        values = [read_column(frame[name], name, title, name in forced) for name in names]
        schema = Schema((), label, (), missing, header, frame.shape[1], delimiter, encoding)
    else:
        frame = find_columns(title, frame, schema)
        names = [column.name for column in schema.columns]
        label = schema.target if target is not None and schema.target in frame else None
        classes, task = schema.classes or None, None if schema.classes else "regression"
        values = [read_column(frame[c.name], c.name, title, known=c) for c in schema.columns]
        schema = replace(schema, missing=missing)
    lacking = {
        name: column == "" if column.dtype == object else np.isnan(column)
        for name, column in zip(names, values)
        if missing != "mean"
    }
    if label is not None:
        texts = np.array(texts_of(frame[label]), dtype=object)
        meant = {str(name) for name in classes or ()}  # one of them may be NA
        lacking[label] = np.array([text not in meant and is_missing(text) for text in texts])
    kept = check_missing(title, frame, lacking, missing)
    y = None
    if label is not None:
        y, found = read_targets(texts[kept].tolist(), label, title, classes, task)
        schema = replace(schema, classes=found)
    rows = np.flatnonzero(kept)
    return Table(title, tuple(names), tuple(v[rows] for v in values), y, rows, schema, max_bytes)


def name_columns(
    title: str, frame: Any, header: bool | None, columns: dict[str, Columns]
) -> tuple[Any, bool]:
    """The frame with the names of its columns, which are their positions without a header."""
    frame.columns = list(map(str, range(frame.shape[1])))
    named = any(isinstance(c, str) for chosen in columns.values() for c in as_columns(chosen))
    if named and header is False:
        raise ArgumentError(
            "Columns have names only in a table with a header; use positions.", argument="header"
        )
    if header is None and not named:
        features, target, _ = choose_columns(title, frame, columns)
        header = has_header(title, frame, features, target)
    if header or named:
        frame.columns = names = texts_of(frame.iloc[0])
        repeated = next((name for name in names if names.count(name) > 1), None)
        if repeated is not None:
            raise DataError(
                f"{title} has {names.count(repeated)} columns called {repeated!r}, and columns are "
                f"known by their names: rename one."
            )
        return frame.iloc[1:], True
    return frame, False


def choose_columns(
    title: str, frame: Any, columns: dict[str, Columns]
) -> tuple[list[str], str | None, set[str]]:
    """The names of the features, of the target, and of what is categorical in any case."""
    chosen = {
        argument: [column_name(title, frame, argument, column) for column in as_columns(given)]
        for argument, given in columns.items()
    }
    target = next(iter(chosen["target"]), None)
    if target in chosen["drop"]:
        raise ArgumentError(
            f"The target {target!r} is among the columns to drop.", argument="target"
        )
    features = [name for name in frame if name != target and name not in chosen["drop"]]
    if features:
        return features, target, set(chosen["categorical"])
    if frame.shape[1] == 1:
        raise DataError(
            f"{title} has one column only, and a table needs a feature and a target. Choose "
            f"what divides its lines with delimiter.",
            argument="delimiter",
        )
    raise ArgumentError(f"No feature of {title} is left.", argument="drop")


def column_name(title: str, frame: Any, argument: str, column: str | int) -> str:
    width = frame.shape[1]
    if isinstance(column, str):
        if column in frame:
            return column
        names = ", ".join(frame.columns[:20])
        raise ArgumentError(
            f"{title} has no column called {column!r}; it has {names}{', …' * (width > 20)}.",
            argument=argument,
        )
    if isinstance(column, bool) or not hasattr(column, "__index__"):
        raise ArgumentTypeError(
            f"{argument} must name a column or give its position, got {column!r}.",
            argument=argument,
        )
    if not -width <= column < width:
        raise ArgumentError(
            f"{argument} {column} is outside the {width} columns of {title}.", argument=argument
        )
    return frame.columns[column]


def find_columns(title: str, frame: Any, schema: Schema) -> Any:
    """The frame with the names of the schema, which must all be there."""
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
        found = ", ".join(frame.columns[:20])
        raise DataError(
            f"{title} has no column {absent!r}, which the training data have; it has "
            f"{found}{', …' * (width > 20)}."
        )
    return frame


def check_missing(
    title: str, frame: Any, lacking: dict[str, np.ndarray], missing: str | None
) -> np.ndarray:
    """Which rows are kept; refuses missing values that nobody said what to do with."""
    gone = np.any([np.zeros(len(frame), dtype=bool), *lacking.values()], axis=0)
    if missing == "drop" and gone.all():
        raise DataError(f"Every row of {title} has a missing value.", argument="missing")
    if missing == "drop" and gone.any():
        warnings.warn(
            f"{gone.sum()} of the {len(gone)} rows of {title} have missing values and are left "
            f"out.",
            stacklevel=3,
        )
    elif gone.any():
        row = int(np.argmax(gone))
        name = next(name for name, where in lacking.items() if where[row])
        count = sum(int(where.sum()) for where in lacking.values())
        raise DataError(
            f"{count} values of {title} are missing, the first ({texts_of(frame[name])[row]!r}) in "
            f"row {row + 1}, column {name!r}. Choose with missing: drop leaves out the rows, mean "
            f"fills in the mean of the training part (of a feature, not of a target).",
            argument="missing",
        )
    return ~gone


def as_columns(columns: Columns) -> tuple[str | int, ...]:
    iterable = isinstance(columns, Iterable) and not isinstance(columns, str)
    return tuple(columns) if iterable else (columns,)  # type: ignore
