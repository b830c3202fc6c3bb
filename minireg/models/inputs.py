"""The user's own data: the parts that a training needs, read as the options say."""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..data import Dataset, read
from ..errors import ArgumentError, DataError, MiniregError

VALIDATION = 0.2  # the share taken where the data have no part of their own


@dataclass
class Parts:
    """What a training learns from and is measured with.

    Attributes:
        train: the examples to learn.
        validation: those that choose the best epoch; None with `--validation 0`.
        test: the data's own test part, if another one validates: measured once, at the end.
        has_test_part: whether the data came with a part of their own to validate or test with.
        columns: of a table: the names of its features and of its target; None without a header.
    """

    train: Dataset
    validation: Dataset | None
    test: Dataset | None
    has_test_part: bool
    columns: dict[str, Any] | None = None

    @property
    def regression(self) -> bool:
        return self.train.num_classes is None

    @property
    def outputs(self) -> int:
        """The number of classes, or of numbers to predict."""
        return self.train.num_classes or self.train.y.shape[1]


def read_parts(settings: Mapping[str, Any]) -> Parts:
    """The data that the options name, divided.

    Raises:
        ArgumentError, DataError: no data, or nothing that could be trained with.
    """
    path = settings["data"]
    with in_terms_of_options():
        train, test = read(path, **reader_options(settings))
        columns = columns_of(train)
        train = with_columns(train)
        test = None if test is None else with_columns(test)
    if train.num_classes == 1:
        raise DataError(
            f"{path} holds one class only, {train.classes[0]!r}: there is nothing to tell apart."
        )
    fraction = settings["validation"]
    if fraction is None and test is not None:
        return Parts(train, test, None, True, columns)
    fraction = VALIDATION if fraction is None else fraction
    if fraction == 0:
        return Parts(train, None, test, test is not None, columns)
    count = round(fraction * len(train))
    if not 0 < count < len(train):
        raise ArgumentError(
            f"--validation {fraction:g} of {len(train)} examples would be {count}, and training "
            f"and validation need at least one each. --validation 0 trains without."
        )
    validation, rest = train.split(fraction, settings["seed"])
    return Parts(rest, validation, test, test is not None, columns)


def with_columns(dataset: Dataset) -> Dataset:
    """Numbers to predict as (N, K), the shape of what a network answers."""
    if dataset.num_classes is not None:
        return dataset
    return Dataset(dataset.x, dataset.y.reshape(len(dataset), -1))


def reader_options(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The keywords of the readers of `data` for the options that were given."""
    given: dict[str, Any] = {}
    if settings.get("target") is not None:
        given["target"] = as_column(settings["target"])
    if settings.get("drop"):
        given["drop"] = [as_column(column) for column in settings["drop"]]
    for name in ("task", "delimiter", "header", "encoding", "x", "y", "labels"):
        if settings.get(name) is not None:
            given[name] = settings[name]
    if settings.get("size"):
        size = settings["size"]
        given["size"] = (size[0], size[-1])  # 28 is 28 x 28
    if settings.get("color") is not None:
        given["color"] = settings["color"] == "rgb"
    return given


def as_column(text: str) -> str | int:
    """A name, or a position where it is a whole number."""
    return int(text) if re.fullmatch("-?[0-9]+", text) else text


def columns_of(dataset: Dataset) -> dict[str, Any] | None:
    """The names of the features and of the target; None for a table without a header."""
    schema = vars(dataset).get("schema")
    if schema is None or not schema.header:
        return None
    return {"features": [column.name for column in schema.columns], "target": schema.target}


# -- what the readers say --------------------------------------------------------------------------

# Readers speak to Python programmers; here the same is said of the options.
OPTION_WORDS = {
    r"size=\(height, width\)": "--size HEIGHTxWIDTH",
    r"read_npz\(path, x=\.\.\., y=\.\.\.\)": "--x NAME --y NAME",
    r"Name the files?: read_idx\(images, labels\)": "Name the labels: --labels FILE",
    r"Read one of them: read_idx\(path\)": "Name one of them",
    r"with (drop|encoding|task|header|delimiter)": r"with --\1",
    r"read\(path\) reads them together, read_image_folder\(.*\) one of them": "Name one of them",
    r", or name the classes: classes=\[\.\.\.\]": "",
    r"pass a larger max_bytes": "read it in Python with a larger max_bytes; images take --size",
    r"which has no option '(\w+)'; it has .*": r"and --\1 is not for this kind of data.",
}


@contextmanager
def in_terms_of_options() -> Iterator[None]:
    """Errors of the readers name options of the command line; warnings become notes on stderr."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            yield
        except MiniregError as error:
            raise type(error)(translated(str(error))) from error
    for warning in caught:
        print(f"Note: {translated(str(warning.message))}", file=sys.stderr)


def translated(message: str) -> str:
    """
    >>> translated("Leave the column out with drop=, or number its values.")
    'Leave the column out with --drop, or number its values.'
    """
    for pattern, words in OPTION_WORDS.items():
        message = re.sub(pattern, words, message)
    return message


# -- in words --------------------------------------------------------------------------------------


def shape_text(shape: tuple[int, ...]) -> str:
    """
    >>> shape_text((3, 32, 32)), shape_text((4,))
    ('images of 3 × 32 × 32', '4 numbers')
    """
    if len(shape) == 3:
        return f"images of {' × '.join(map(str, shape))}"
    if len(shape) == 1:
        return f"{shape[0]} number{'s' * (shape[0] != 1)}"
    return f"arrays of {' × '.join(map(str, shape))}"


def counts_text(dataset: Dataset, most: int = 12) -> str:
    """The classes with their counts, or the range of the numbers to predict."""
    if dataset.num_classes is None:
        y = np.asarray(dataset.y)
        return f"numbers from {y.min():g} to {y.max():g}, mean {y.mean():g}"
    pairs = [f"{n} {c}" for n, c in zip(dataset.classes, dataset.class_counts)]
    if len(pairs) > most:
        pairs = [*pairs[: most - 1], "…"]
    return f"{dataset.num_classes} classes: {', '.join(pairs)}"
