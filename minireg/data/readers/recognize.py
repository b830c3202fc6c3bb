"""read: the training set and, if there is one, the test set of a file or folder."""

from __future__ import annotations

import inspect
import warnings
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

from ...errors import ArgumentTypeError, DataError
from ..dataset import Dataset
from . import paths
from .idx import find_beside, find_idx_images, read_idx
from .images import list_classes, read_image_folder, read_image_parts
from .npz import list_arrays, read_npz
from .table import open_table


class Splits(NamedTuple):
    """What a path holds: `train, test = read(path)`; `test` is None if there is no test set.

    >>> data = Dataset([[0.0], [1.0]], [0, 1])
    >>> Splits(data).test is None
    True
    """

    train: Dataset
    test: Dataset | None = None


def read(path: str | PathLike[str], max_bytes: int = paths.MAX_BYTES, **options: Any) -> Splits:
    """Read a dataset of any known format; the first bytes of the file decide which.

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
        DataError: nothing that can be read; the message says what was found.
        ArgumentTypeError: an option that the format does not have.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "points.csv").write_text("0.5,red\\n1.5,blue\\n")
    ...     train, test = read(Path(folder, "points.csv"))
    >>> train.classes, test
    (('blue', 'red'), None)
    """
    place = paths.find_path(path)
    options["max_bytes"] = max_bytes
    if place.is_dir():
        return read_folder(place, options)
    paths.find_file(place, "data")
    kind = recognize_file(place)
    if kind == "zip":
        return read_archive(place, options)
    if kind == "IDX":
        if "labels" in place.name and "labels" not in options:  # the path is that of the labels
            options["labels"], place = place, find_beside(place, "labels", "images")
        return Splits(call_reader(read_idx, place, options))
    if kind == "text":
        return Splits(call_reader(open_table, place, options).dataset())
    hints = {
        "npy": "Save examples and targets together: numpy.savez('data.npz', x=x, y=y).",
        "pickle": "A pickle can run any program and is never opened. Save as .npz instead.",
        **dict.fromkeys(paths.IMAGE_FORMATS, "Pass the folder with one subfolder for each class."),
    }
    raise DataError(
        f"{place} is {f'a {kind} file' if kind else 'of an unknown format'}, not a dataset. "
        f"{hints.get(str(kind), 'Known are .npz, CSV and IDX files, and folders of pictures.')}"
    )


def recognize_file(place: Path) -> str | None:
    """The format of a file, unpacked if it is compressed."""
    try:
        return paths.recognize_format(paths.first_bytes(place, unpacked=True))
    except DataError:
        # A file named as IDX is read as IDX, so that the error says where it is damaged.
        return "IDX" if "idx" in place.name else paths.recognize_format(paths.first_bytes(place))


def is_table(path: str | PathLike[str]) -> bool:
    """Whether `read` treats a path as a text table."""
    place = paths.find_path(path)
    return place.is_file() and recognize_file(place) == "text"


def read_archive(place: Path, options: dict[str, Any]) -> Splits:
    names = set(list_arrays(place))
    whole = {"x", "y"} & set(options) or {"x", "y"} <= names
    if whole or not {"x_train", "y_train", "x_test", "y_test"} <= names:
        return Splits(call_reader(read_npz, place, options))
    train, test = (
        call_reader(read_npz, place, {**options, "x": f"x_{part}", "y": f"y_{part}"})
        for part in ("train", "test")
    )
    return Splits(train, test)


def read_folder(place: Path, options: dict[str, Any]) -> Splits:
    idx = find_idx_images(place)
    if idx:
        first, *others = idx.values()
        train = call_reader(read_idx, first, options)
        # a class that is missing from the test set is still a class
        options = {"classes": train.classes or None, **options}
        return Splits(train, *(call_reader(read_idx, other, options) for other in others))
    names = {name.lower(): name for name in list_classes(place)}
    train_name = next((names[name] for name in paths.TRAIN_NAMES if name in names), None)
    tests = [names[name] for name in paths.TEST_NAMES if name in names]
    if train_name is None or len(names) > 1 + len(tests):
        return Splits(call_reader(read_image_folder, place, options))
    if not tests:
        return Splits(call_reader(read_image_folder, place / train_name, options))
    if len(tests) > 1:
        warnings.warn(
            f"{place / tests[0]} is used as the test set; {', '.join(tests[1:])} was left out "
            f"and can be read with read_image_folder.",
            stacklevel=3,
        )
    return Splits(*call_reader(read_image_parts, place / train_name, options, place / tests[0]))


def call_reader(reader: Any, place: Path, options: dict[str, Any], *more: Path) -> Any:
    """Call the reader of the format; refuse options that it does not have."""
    parameters = inspect.signature(reader).parameters.values()
    known = [p.name for p in parameters if p.default is not inspect.Parameter.empty]
    unknown = next((name for name in options if name not in known), None)
    if unknown is not None:
        raise ArgumentTypeError(
            f"{place} cannot be read with {unknown}; the options of its format are "
            f"{', '.join(known)}.",
            argument=unknown,
        )
    return reader(place, *more, **options)
