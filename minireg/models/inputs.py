"""The data of a training in parts, read as its settings say."""

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

VALIDATION = 0.2  # the share taken where the data have no part of their own

READING = (
    "target", "drop", "categorical", "missing", "task", "delimiter", "header", "encoding",
    "size", "color", "x", "y", "labels",
)  # fmt: skip


@dataclass(frozen=True)
class Parts:
    """What a training learns from and is measured with.

    Attributes:
        train: the examples to learn.
        validation: those that choose the best epoch; None with `validation=0`.
        test: the data's own test part, if another one validates: measured once, at the end.
        has_test_part: whether the data came with a part of their own to validate or test with.
        schema: of a table: what its columns are, learned from the training part.
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
    """The data that settings name, divided.

    Raises:
        ArgumentError, DataError: nothing that can be read, or nothing that could be trained with.
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
            f"{path} holds one class only, {train.classes[0]!r}: there is nothing to tell apart."
        )
    train, validation, test = (part and as_columns(part) for part in (train, validation, test))
    return Parts(train, validation, test, own_test is not None, schema)


def divide(whole: Any, test: Any, settings: Settings) -> tuple[Any, Any, Any]:
    """The parts for training, validation and testing, each a Dataset or a Table."""
    fraction = settings.validation
    if fraction is None and test is not None:
        return whole, test, None
    fraction = VALIDATION if fraction is None else fraction
    if fraction == 0:
        return whole, None, test
    count = round(fraction * len(whole))
    if not 0 < count < len(whole):
        raise ArgumentError(
            f"A share of {fraction:g} of {len(whole)} examples would be {count}, and training and "
            f"validation need at least one each. With validation=0 all are trained with.",
            argument="validation",
        )
    validation, train = whole.split(fraction, generator=Generator(settings.seed))
    return train, validation, test


def as_columns(dataset: Dataset) -> Dataset:
    """Numbers to predict as (N, K), the shape of what a network answers."""
    if dataset.num_classes is not None:
        return dataset
    return Dataset(dataset.x, dataset.y.reshape(len(dataset), -1))


def reader_options(settings: Settings) -> dict[str, Any]:
    """The keywords of the readers of `data` for the settings that have a value."""
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
