"""Tables: numbers and words as features, one column as the target.

Rows are divided first; the meaning of columns is learned from the training part (`schema.py`) and
applied to every part.  pandas reads the text (`cells.py`).
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ...checks import describe_value
from ...errors import ArgumentError, ArgumentTypeError, DataError
from ...random import Generator
from ..checks import check_class_names
from ..dataset import Dataset
from . import paths
from .cells import as_texts, mark_missing, read_cells
from .columns import Columns, as_columns, choose_columns, find_columns, name_columns
from .schema import Schema, encode_column, fit_column, read_column
from .targets import read_targets


@dataclass(frozen=True, eq=False)
class Table:
    """Rows of a table that have been checked, but not yet encoded.

    Attributes:
        source: the name of the table in messages.
        frame: a DataFrame of the features: floats, or texts; its index is the position of each
            row in the table, counted from 0 without the header.
        y: (N,) int64 class labels or floats; None without a target.
        schema: the one given to `open_table`, or one without columns.
        max_bytes: the most that the features may need in memory.

    >>> import pandas
    >>> table = open_table(pandas.DataFrame({"size": [1, 2, 3], "kind": ["a", "b", "a"]}))
    >>> len(table), table.fit_schema().feature_names, table.y.tolist()
    (3, ('size',), [0, 1, 0])
    """

    source: str
    frame: Any = field(repr=False)
    y: np.ndarray | None = field(repr=False)
    schema: Schema
    max_bytes: int

    def __len__(self) -> int:
        return len(self.frame)

    def split(
        self, fraction: float | Sequence[float], *, generator: Generator | None = None
    ) -> tuple[Table, ...]:
        """Return disjoint random parts, as those of `Dataset.split`: stratified by class."""
        y = np.zeros(len(self)) if self.y is None else self.y
        classes = None if self.y is None else self.schema.classes or None
        rows = Dataset(np.arange(len(self))[:, None], y, classes)
        return tuple(
            replace(self, frame=self.frame.iloc[part.x[:, 0]], y=None if self.y is None else part.y)
            for part in rows.split(fraction, generator=generator)
        )

    def fit_schema(self) -> Schema:
        """Learn the schema from these rows: the categories and means of each column."""
        return replace(self.schema, columns=tuple(fit_column(self.frame[c]) for c in self.frame))

    def features(self, schema: Schema | None = None) -> np.ndarray:
        """Return the features as (N, columns) float64; no targets are needed.

        Args:
            schema: of the training part; by default the one given to `open_table`, else that of
                these rows.
        """
        schema = schema or (self.schema if self.schema.columns else self.fit_schema())
        if [column.name for column in schema.columns] != list(self.frame):
            raise ArgumentError(
                f"{self.source} was opened with other columns than the schema has: pass the schema "
                f"to open_table.",
                argument="schema",
            )
        paths.check_total(self.source, 8 * len(self) * len(schema.feature_names), self.max_bytes)
        encoded = [encode_column(c, self.frame[c.name], self.source) for c in schema.columns]
        return np.concatenate(encoded, axis=1)

    def dataset(self, schema: Schema | None = None) -> Dataset:
        """Return the rows as a Dataset with attributes `schema`, `feature_names`, `target_name`.

        Args:
            schema: as for `features`.
        """
        schema = schema or (self.schema if self.schema.columns else self.fit_schema())
        if self.y is None:
            column = "" if schema.target is None else f" {schema.target!r}"
            raise DataError(f"{self.source} has no target column{column}.", argument="target")
        return Dataset(
            self.features(schema), self.y, self.schema.classes or None,
            feature_names=schema.feature_names, target_name=schema.target, schema=schema,
        )  # fmt: skip


def read_table(source: Any, target: str | int | None = -1, **options: Any) -> Dataset:
    """Read a table as a Dataset with `feature_names`, `target_name` and `schema`.

    Args:
        source, target, options: as for `open_table`.

    Returns:
        `open_table(source, target, ...).dataset()`: float64 features (N, columns).

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
    max_bytes: int = paths.MAX_BYTES,
) -> Table:
    """Read and check the rows of a table, so that they can be divided before they are encoded.

    Features are numbers, or words with at most 50 categories, which become one-hot.  Targets that
    are texts become classes, sorted.  Whole numbers become classes if at most two different ones
    occur; or if each occurs 5 times on average, and there are at most 20 or they start at 0 or 1
    and have no gap.  Other numbers are targets of a regression.

    Args:
        source: a text file with one example per line, plain or compressed (gzip, bzip2, xz); or a
            pandas DataFrame.
        target: the column of the targets, by name or position; negative ones count from the end;
            with None, no targets are read.
        delimiter: between the columns, " " for runs of blanks; by default comma,
            semicolon, tab or bar, whichever is most frequent in the first line, else blanks.
        header: whether the first row has names; by default, if a word is above numbers; without
            columns of numbers, if its cells are different words that do not occur again.
        drop: columns to leave out, such as an identifier, by name or position.
        categorical: columns whose values are always categories, even if they are numbers or there
            are many; in them only an empty cell is missing.
        classes: the names of the classes in their order; one of them may be NA.
        task: "classification" or "regression", if the target's values do not show it.
        missing: "drop" leaves out rows with missing values; "mean" fills in the mean of the
            training part (for categories, the share of each); by default they are refused.
        encoding: of the text, by default UTF-8.
        schema: of a training part.  Columns are found by name if that table had names, else by
            position; target, classes and categories are those of the schema.  With
            `target=None`, no targets are read.
        max_bytes: the most that the text, and the features, may need in memory.

    Raises:
        DataError: not a table, missing values, a feature that is neither a number nor a category.
            Rows are counted from 1, without the header.
        ArgumentError: a column that does not exist, a wrong delimiter, encoding or task.

    >>> import pandas
    >>> frame = pandas.DataFrame({"size": [1, 2, 3, 4], "kind": ["a", "b", "a", "b"]})
    >>> train, test = open_table(frame).split(0.5)
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
    for name, given, kind, what in (
        ("header", header, bool, "True, False or None"),
        ("encoding", encoding, str, "the name of an encoding, such as 'utf-8'"),
        ("schema", schema, Schema, "the schema of a training part, such as train.schema"),
    ):
        if given is not None and not isinstance(given, kind):
            raise ArgumentTypeError(
                f"{name} must be {what}, got {describe_value(given)}.", argument=name
            )
    classes = None if classes is None else check_class_names(classes)
    named = {"target": () if target is None else target, "drop": drop, "categorical": categorical}
    asked = {name: as_columns(columns) for name, columns in named.items()}
    if schema is not None:
        asked, missing, encoding = {}, missing or schema.missing, encoding or schema.encoding
        header = schema.header if header is None else header
    if hasattr(source, "iloc"):
        title, frame = "the table", source.set_axis(list(map(str, source.columns)), axis=1)
        header = list(source.columns) != list(range(frame.shape[1]))
    else:
        title, usual = str(source), schema.delimiter if schema else None
        frame, delimiter = read_cells(source, delimiter, usual, encoding, max_bytes)
        frame, header = name_columns(title, frame, header, asked)
    paths.check_total(title, 8 * frame.size, max_bytes)
    repeated = frame.columns[frame.columns.duplicated()]
    if len(repeated):
        count = list(frame.columns).count(repeated[0])
        raise DataError(f"{title} has {count} columns called {repeated[0]!r}: rename one.")
    if not len(frame):
        raise DataError(f"{title} holds {'a header and ' * header}no rows.")
    if schema is None:
        features, label, forced = choose_columns(title, frame, asked)
        schema = Schema((), label, (), missing, header, frame.shape[1], delimiter, encoding)
        values = {name: read_column(frame[name], title, name in forced) for name in features}
    else:
        frame = find_columns(title, frame, schema)
        label = schema.target if target is not None and schema.target in frame else None
        classes, task = schema.classes or None, None if schema.classes else "regression"
        schema = replace(schema, missing=missing)
        values = {c.name: read_column(frame[c.name], title, known=c) for c in schema.columns}
    table, y = type(frame)(values), None
    absent = table.isna() & (missing != "mean")
    if label is not None:
        targets = mark_missing(as_texts(frame[label]), map(str, classes or ()))
        absent[label] = [target is None for target in targets]
    kept = check_missing(title, frame, absent, missing)
    if label is not None:
        there = [text for text, keep in zip(targets, kept) if keep and text is not None]
        y, found = read_targets(there, label, title, classes, task)
        schema = replace(schema, classes=found)
    return Table(title, table[kept], y, schema, max_bytes)


def check_missing(title: str, frame: Any, absent: Any, missing: str | None) -> np.ndarray:
    """Return which rows are kept; refuse missing values that are not dropped or filled in."""
    gone = absent.any(axis=1).to_numpy()
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
        name = absent.columns[int(absent.iloc[row].argmax())]
        raise DataError(
            f"Missing values in {title}: {absent.to_numpy().sum()}, the first "
            f"({as_texts(frame[name])[row]!r}) in row {row + 1}, column {name!r}. Choose "
            f"missing='drop', which leaves out such rows, or missing='mean', which fills in the "
            f"mean of the training part (for a feature, not for a target).",
            argument="missing",
        )
    return ~gone
