"""Read the data that settings name, and divide them into training, validation and test parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..data import Dataset, open_table, read
from ..data.readers import Schema
from ..data.readers.recognize import call_reader, is_table
from ..errors import ArgumentError, DataError
from ..random import Generator

if TYPE_CHECKING:
    from .settings import Settings

VALIDATION = 0.2  # the share for validation if the data have no such part of their own

READING = (
    "target", "drop", "categorical", "missing", "task", "delimiter", "header", "encoding",
    "size", "color", "x", "y", "labels",
)  # fmt: skip


@dataclass(frozen=True)
class Parts:
    """The examples for training, validation and testing.

    Attributes:
        train: the examples to learn.
        validation: the examples that decide which epoch is best; None with `validation=0`.
        test: the data's own test part, if it does not validate; it is measured once, at the end.
        has_test_part: whether the data have a part of their own for validation or testing.
        schema: for a table, what its columns are, learned from the training part.
    """

    train: Dataset
    validation: Dataset | None
    test: Dataset | None
    has_test_part: bool
    schema: Schema | None

    @property
    def regression(self) -> bool:
        return self.train.num_classes is None

    @property
    def outputs(self) -> int:
        """The number of classes, or of numbers to predict."""
        return self.train.num_classes or self.train.y.shape[1]


def read_parts(settings: Settings) -> Parts:
    """Read the data that settings name, and divide them.

    Raises:
        ArgumentError, DataError: the data cannot be read, or no network can be trained on them.
    """
    path: Any = settings.data
    options, schema, own_test = reader_options(settings), None, None
    if is_table(path):
        rows, held_out, test = divide(call_reader(open_table, path, options), None, settings)
        schema = rows.fit_schema()
        train, validation = rows.dataset(schema), held_out and held_out.dataset(schema)
    else:
        whole, own_test = read(path, **options)
        train, validation, test = divide(whole, own_test, settings)
    if train.num_classes == 1:
        raise DataError(
            f"{path} holds only one class, {train.classes[0]!r}: a classifier needs at least two."
        )
    train, validation, test = (part and as_columns(part) for part in (train, validation, test))
    return Parts(train, validation, test, own_test is not None, schema)


def divide(whole: Any, test: Any, settings: Settings) -> tuple[Any, Any, Any]:
    """Return the parts for training, validation and testing: Datasets or Tables, or None."""
    fraction = settings.validation
    if fraction is None and test is not None:
        return whole, test, None
    fraction = VALIDATION if fraction is None else fraction
    if fraction == 0:
        return whole, None, test
    count = round(fraction * len(whole))
    if not 0 < count < len(whole):
        raise ArgumentError(
            f"A share of {fraction:g} of {len(whole)} examples would be {count}, but training and "
            f"validation need at least one each. Use validation=0 to train on all examples.",
            argument="validation",
        )
    validation, train = whole.split(fraction, generator=Generator(settings.seed))
    return train, validation, test


def as_columns(dataset: Dataset) -> Dataset:
    """Return the dataset with numbers to predict of shape (N, K), as a network's outputs."""
    if dataset.num_classes is not None:
        return dataset
    return Dataset(dataset.x, dataset.y.reshape(len(dataset), -1))


def reader_options(settings: Settings) -> dict[str, Any]:
    """Return keyword arguments for the readers of `data`: the settings that have a value."""
    given = {name: getattr(settings, name) for name in READING}
    options = {name: value for name, value in given.items() if value is not None}
    if "size" in options:
        options["size"] = options["size"][0], options["size"][-1]  # 28 is 28 x 28
    if "color" in options:
        options["color"] = options["color"] == "rgb"
    return options


def describe_shape(shape: tuple[int, ...]) -> str:
    """
    >>> describe_shape((3, 32, 32)), describe_shape((4,))
    ('images of 3 × 32 × 32', '4 numbers')
    """
    if len(shape) == 1:
        return f"{shape[0]} number{'s' * (shape[0] != 1)}"
    return f"{'images' if len(shape) == 3 else 'arrays'} of {' × '.join(map(str, shape))}"
