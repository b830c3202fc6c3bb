"""Schema: how the columns of a table become numbers, learned from its training part.

A column of numbers stays as it is.  A column of words becomes a column of zeros and ones for each
category.  A missing number becomes the mean, a missing category the share of each category.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ...errors import DataError
from .cells import as_texts, mark_missing, parse_numbers

MOST_CATEGORIES = 50

# Texts that are hardly categories; \d also matches digits that are not ASCII.
DISGUISED = {
    "dates or times": re.compile(
        r"\d{4}[-/.]\d\d?([-/.]\d\d?.*)?|\d\d?[-/.]\d\d?[-/.]\d{2,4}.*|\d\d?:\d\d.*"
        r"|\d\d?[- ][A-Za-z]{3,9}\.?[- ]\d{2,4}.*|[A-Za-z]{3,9}\.? \d\d?,? \d{4}.*"
    ),
    "numbers in another notation": re.compile(r"[$€£]?[+−-]?\d[\d,_']*(\.\d+)?\s?[%$€£]?"),
}


@dataclass(frozen=True)
class Column:
    """One column of features.

    Attributes:
        name: in the table, or its position as a text.
        fill: replaces a missing value: the mean, or the share of each category.
        categories: the words, sorted; None for a column of numbers.
    """

    name: str
    fill: tuple[float, ...]
    categories: tuple[str, ...] | None = None

    @property
    def feature_names(self) -> list[str]:
        if self.categories is None:
            return [self.name]
        return [f"{self.name}={category}" for category in self.categories]


@dataclass(frozen=True)
class Schema:
    """Everything needed to read another table in the same way as the training table.

    Attributes:
        columns: the features in their order.
        target: the column of the targets; None if none were read.
        classes: the names of the classes; () for a regression.
        missing: "drop", "mean" or None, as for `read_table`.
        header: whether the table has names of columns; without them, positions are used.
        width: the number of columns in the table.
        delimiter, encoding: of its text.

    >>> schema = Schema((Column("size", (0.5,)), Column("kind", (0.5, 0.5), ("a", "b"))), "price")
    >>> schema.feature_names
    ('size', 'kind=a', 'kind=b')
    >>> Schema.from_dict(schema.as_dict()) == schema
    True
    """

    columns: tuple[Column, ...]
    target: str | None = None
    classes: tuple[str, ...] = ()
    missing: str | None = None
    header: bool = True
    width: int = 0
    delimiter: str | None = None
    encoding: str | None = None

    @property
    def feature_names(self) -> tuple[str, ...]:
        return tuple(name for column in self.columns for name in column.feature_names)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, which JSON can store."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Schema:
        """Return the schema from the result of `as_dict`, whose tuples may have become lists."""
        columns = (
            Column(c["name"], tuple(c["fill"]), c["categories"] and tuple(c["categories"]))
            for c in values["columns"]
        )
        return cls(**{**values, "columns": tuple(columns), "classes": tuple(values["classes"])})


def fit_column(series: Any) -> Column:
    """Learn from a column its mean, or its categories and their shares."""
    if series.dtype.kind == "f":
        there = (values := series.to_numpy())[~np.isnan(values)]
        categories, fill = None, [there.mean()] if len(there) else []
    else:
        shares = series.value_counts(normalize=True).sort_index()
        categories, fill = tuple(shares.index), shares.tolist()
    if not fill:
        raise DataError(f"Column {series.name!r} holds no values.", argument="drop")
    return Column(series.name, tuple(map(float, fill)), categories)


def encode_column(column: Column, series: Any, source: str) -> np.ndarray:
    """Encode a column as (N, K) floats; words that are not among the categories become zeros."""
    if column.categories is None:
        encoded = series.to_numpy(copy=True)[:, None]
        absent = np.isnan(encoded[:, 0])
    else:
        absent = series.isna().to_numpy()
        position = {category: k for k, category in enumerate(column.categories)}
        found = np.array([position.get(text, -1) for text in series])
        encoded = (found[:, None] == np.arange(len(position))).astype(np.float64)
        unseen = series[(found < 0) & ~absent]
        if len(unseen):
            warnings.warn(
                f"Values in column {column.name!r} of {source} that are not in the training part: "
                f"{len(unseen)}, the first is {unseen.iloc[0][:40]!r}. They become zeros.",
                stacklevel=4,
            )
    encoded[absent] = column.fill
    return encoded


def read_column(
    series: Any, source: str, categorical: bool = False, known: Column | None = None
) -> np.ndarray:
    """Return the values of a column: floats or texts, with NaN or None for missing ones.

    Args:
        series: a column of texts, or of a DataFrame.
        source: the name of the table in messages.
        categorical: whether all values are categories, even if they look like numbers.
        known: the column as learned from the training part.

    Raises:
        DataError: it is neither a column of numbers nor one of a few categories.
    """
    meant: Sequence[str] | None = known.categories if known else None  # "NA" may be a category
    if series.dtype.kind in "fiu" and not categorical and meant is None:
        numbers: np.ndarray | None = series.to_numpy(np.float64, na_value=np.nan)
    else:
        texts = as_texts(series)
        if categorical or str(series.dtype) == "category":
            meant = meant or [text for text in texts if text]
        numbers = parse_numbers(texts) if meant is None else None
    if numbers is None:
        words = mark_missing(texts, meant or ())
        if meant is None:
            check_words(words, series.name, source, known is not None)
        return np.array(words, dtype=object)
    if np.isinf(numbers).any():
        row = int(np.argmax(np.isinf(numbers)))
        raise DataError(
            f"Row {row + 1} of {source}, column {series.name!r}: '{series.iloc[row]}' is not a "
            f"finite number."
        )
    return numbers


def check_words(words: list[str | None], name: str, source: str, numbers_wanted: bool) -> None:
    """Refuse words that are not categories; the message names the first."""
    distinct = set(filter(None, words))
    strange = {text for text in distinct if parse_numbers([text]) is None}
    row, first = next((i, text) for i, text in enumerate(words) if text in strange)
    where = f"Row {row + 1} of {source}, column {name!r}: {first[:40]!r}"
    for what, pattern in DISGUISED.items():
        if 2 * sum(map(bool, map(pattern.fullmatch, strange))) > len(strange):
            raise DataError(
                f"{where}. The column holds {what}: write plain digits and a decimal point (for a "
                f"date, the days since a fixed one), leave it out (drop=…), or name it as "
                f"categorical (categorical=…).",
                argument="drop",
            )
    if numbers_wanted:
        raise DataError(f"{where} is not a finite number, unlike the values of the training data.")
    if strange != distinct:
        raise DataError(
            f"{where} is not a finite number, but others in this column are. Correct it, leave "
            f"the column out (drop=…), or name it as categorical (categorical=…).",
            argument="categorical",
        )
    if len(distinct) > MOST_CATEGORIES:
        raise DataError(
            f"{where} is one of {len(distinct)} different texts, but at most {MOST_CATEGORIES} "
            f"become categories. Leave the column out (drop=…), or name it as categorical "
            f"(categorical=…).",
            argument="categorical",
        )
