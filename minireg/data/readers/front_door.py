"""read: whatever the path is, its training set and, if it is there, its test set."""

from __future__ import annotations

import inspect
import warnings
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

from ...errors import ArgumentTypeError, DataError
from ..dataset import Dataset
from .idx import idx_images_in, read_idx
from .images import class_folders, read_image_folder, read_image_parts
from .npz import names_in_npz, read_npz
from .opening import (
    IMAGE_FORMATS,
    MAX_BYTES,
    TEST_NAMES,
    TRAIN_NAMES,
    as_file,
    as_path,
    first_bytes,
    readable,
    recognised,
)
from .table import open_table


class Splits(NamedTuple):
    """What a path holds: `train, test = read(path)`; `test` is None if there is no test set.

    >>> data = Dataset([[0.0], [1.0]], [0, 1])
    >>> Splits(data).test is None
    True
    """

    train: Dataset
    test: Dataset | None = None


def read(path: str | PathLike[str], max_bytes: int = MAX_BYTES, **options: Any) -> Splits:
    """Your own data, whatever their format: what the path is, its first bytes decide.

    | path | becomes |
    |---|---|
    | .npz file | `read_npz`: x and y, or x_train, y_train, x_test, y_test |
    | text table | `read_table` |
    | IDX file of images or labels | `read_idx` of the pair |
    | folder with the IDX files of MNIST | train-images… and t10k-images… |
    | folder with folders train and test (or val) | `read_image_folder` of each |
    | other folder | `read_image_folder` |

    Args:
        path: a file or a folder.
        max_bytes: the most that each part may need in memory.
        options: keywords of the format's own reader, such as `target="price"` or `size=(28, 28)`.

    Returns:
        `(train, test)`; test is None if the path holds one set only.

    Raises:
        DataError: nothing that can be read; the sentence says what was found.
        ArgumentTypeError: an option that the format does not have.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "points.csv").write_text("0.5,red\\n1.5,blue\\n")
    ...     train, test = read(Path(folder, "points.csv"))
    >>> train.classes, test
    (('blue', 'red'), None)
    """
    place = as_path(path)
    options["max_bytes"] = max_bytes
    if place.is_dir():
        return read_folder(place, options)
    as_file(place, "data")
    kind = format_of(place)
    if kind == "zip":
        return read_archive(place, options)
    if kind == "IDX":
        return read_idx_file(place, options)
    if kind == "text":
        return Splits(called(open_table, place, options).dataset())
    hints = {
        "npy": "Save examples and targets together: numpy.savez('data.npz', x=x, y=y).",
        "gzip": "Unpack it first; only IDX files are read while compressed.",
        "pickle": "A pickle can run any program and is never opened. Save as .npz instead.",
        **dict.fromkeys(IMAGE_FORMATS, "Pass the folder with one subfolder for each class."),
    }
    raise DataError(
        f"{place} is {f'a {kind} file' if kind else 'of an unknown format'}, and no dataset. "
        f"{hints.get(str(kind), 'Known are .npz, CSV, IDX files and folders of pictures.')}"
    )


def read_archive(place: Path, options: dict[str, Any]) -> Splits:
    names = names_in_npz(place)
    parts = {"x_train", "y_train", "x_test", "y_test"}
    if not parts <= set(names) or {"x", "y"} & set(options) or {"x", "y"} <= set(names):
        return Splits(called(read_npz, place, options))
    train, test = (
        called(read_npz, place, {**options, "x": f"x_{part}", "y": f"y_{part}"})
        for part in ("train", "test")
    )
    return Splits(train, test)


def read_idx_file(place: Path, options: dict[str, Any]) -> Splits:
    if "labels" in place.name and "labels" not in options:  # the labels were named
        return Splits(called(read_idx, images_of(place), {**options, "labels": place}))
    return Splits(called(read_idx, place, options))


def images_of(labels: Path) -> Path:
    """The file of the images beside that of the labels."""
    name = labels.name.removesuffix(".gz").replace("labels", "images")
    for wanted in (name, name.replace("idx1", "idx3")):
        for end in ("", ".gz"):
            if labels.with_name(wanted + end).is_file():
                return labels.with_name(wanted + end)
    raise DataError(
        f"There are no images beside {labels}: expected {name.replace('idx1', 'idx3')}. Name the "
        f"files: read_idx(images, labels)."
    )


def read_folder(place: Path, options: dict[str, Any]) -> Splits:
    idx = idx_images_in(place)
    if idx:
        if "train" not in idx:
            return Splits(called(read_idx, idx["test"], options))
        train = called(read_idx, idx["train"], options)
        if "test" not in idx:
            return Splits(train)
        # a class that the test set does not have is a class all the same
        options = {"classes": train.classes or None, **options}
        return Splits(train, called(read_idx, idx["test"], options))
    with readable(place):
        empty = not any(place.iterdir())
    if empty:
        raise DataError(f"The folder {place} is empty.")
    names = {name.lower(): name for name in class_folders(place)}
    train_name = next((names[name] for name in TRAIN_NAMES if name in names), None)
    tests = [names[name] for name in TEST_NAMES if name in names]
    if train_name is None or len(names) > 1 + len(tests):
        return Splits(called(read_image_folder, place, options))
    if not tests:
        return Splits(called(read_image_folder, place / train_name, options))
    if len(tests) > 1:
        warnings.warn(
            f"{place / tests[0]} is taken for the test set; {', '.join(tests[1:])} was left out "
            f"and can be read with read_image_folder.",
            stacklevel=3,
        )
    return Splits(*called(read_image_parts, place / train_name, options, place / tests[0]))


def called(reader: Any, place: Path, options: dict[str, Any], *more: Path) -> Any:
    """The reader of the format that was found, with the options it has."""
    parameters = inspect.signature(reader).parameters.values()
    known = [p.name for p in parameters if p.default is not inspect.Parameter.empty]
    unknown = [name for name in options if name not in known]
    if unknown:
        raise ArgumentTypeError(
            f"{place} cannot be read with {unknown[0]}; the options of its format are "
            f"{', '.join(known)}.",
            argument=unknown[0],
        )
    return reader(place, *more, **options)


def format_of(place: Path) -> str | None:
    """What a file holds, unpacked if it is compressed: "IDX", "text", "zip", or another name."""
    try:
        start = first_bytes(place, unpacked=True)
    except DataError:
        # An IDX file by its name is read as one, which says where it is damaged.
        return "IDX" if "idx" in place.name else recognised(first_bytes(place))
    return "text" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else recognised(start)


def is_table(path: str | PathLike[str]) -> bool:
    """Whether a path is a file that `read` takes for a text table."""
    place = as_path(path)
    return place.is_file() and format_of(place) == "text"
