"""Read data for a trained model as its training data were read, with or without targets."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..data import Dataset, open_table, read, read_idx_array
from ..data.checks import check_features
from ..data.loader import as_dataset
from ..data.readers.idx import find_idx_images
from ..data.readers.images import decode, walk_files
from ..data.readers.npz import list_arrays, read_arrays
from ..data.readers.paths import MAX_BYTES, find_path
from ..data.readers.pictures import is_picture, read_header
from ..data.readers.recognize import is_table, recognize_file
from ..data.readers.targets import number_classes
from ..errors import DataError
from .inputs import as_columns, describe_shape

if TYPE_CHECKING:
    from .saved import SavedModel


@dataclass(frozen=True)
class Examples:
    """Examples without targets.

    Attributes:
        x: (N, ...) as the model takes them.
        names: one for each example: a path for a picture, otherwise its position, from 0.
    """

    x: np.ndarray
    names: tuple[str, ...]


def read_examples(saved: SavedModel, data: Any) -> Examples:
    """Return the examples in `data` as `predict` takes them, with names; targets are ignored.

    Raises:
        DataError: the data cannot be read, or the model does not take such examples.
    """
    if isinstance(data, Examples):
        found = data
    elif holds_table(data):
        table = open_rows(data, saved, target=None)
        found = number(table.features(saved.schema), table.frame.index)
    elif not is_path(data):
        pair = isinstance(data, tuple) and len(data) == 2
        found = number(check_features(data[0] if pair else getattr(data, "x", data)))
    elif holds_pictures(path := find_path(data)):
        found = read_pictures(path, picture_options(saved))
    else:
        found = number(read_features(path, saved))
    return Examples(check_examples(found.x, data, saved), found.names)


def read_labelled(saved: SavedModel, data: Any) -> Dataset:
    """Return the examples in `data` with targets; of a path with a test part, only this part.

    Its classes are numbered as the model numbers them.
    """
    named = False  # whether the classes have names of their own
    if holds_table(data):
        dataset = open_rows(data, saved).dataset()
    elif is_path(data):
        named = holds_pictures(path := find_path(data))
        train, test = read(path, **(picture_options(saved) if named else saved.reading))
        dataset = test or train
    elif isinstance(data, tuple) and np.asarray(data[-1]).dtype.kind in "UO":
        labels, _ = number_classes(list(map(str, data[1])), "y", "the data", saved.classes)
        dataset = Dataset(data[0], labels, saved.classes)
    else:
        dataset = as_dataset(data)
    regression = saved.architecture.regression
    if (dataset.num_classes is None) != regression:
        said, came = ("numbers", "classes") if regression else ("classes", "numbers")
        raise DataError(f"The model predicts {said}, and the targets of {title(data)} are {came}.")
    x, dataset = check_examples(dataset.x, data, saved), as_columns(dataset)
    if not regression:
        return Dataset(x, number_labels(dataset, data, saved, named), saved.classes)
    if dataset.y.shape[1] != saved.architecture.outputs:
        raise DataError(
            f"The model predicts {saved.architecture.outputs} numbers for an example, and "
            f"{title(data)} has {dataset.y.shape[1]}."
        )
    return Dataset(x, dataset.y)


def number_labels(dataset: Dataset, data: Any, saved: SavedModel, named: bool) -> np.ndarray:
    """Return the labels as the model numbers its classes; classes are matched by name."""
    names, known = dataset.classes, saved.classes
    unknown = [name for name in names if name not in known]
    # Without names in the data, a Dataset uses the numbers of the classes as their names.
    nameless = not named and names == tuple(map(str, range(len(names))))
    if unknown and nameless and len(names) <= len(known):
        return dataset.y
    if unknown:
        raise DataError(
            f"There is a class {unknown[0]!r} in {title(data)}, which the model does not know. It "
            f"knows {', '.join(known[:10])}{', …' if known[10:] else ''}."
        )
    return np.array([known.index(name) for name in names])[dataset.y]


def check_examples(x: np.ndarray, data: Any, saved: SavedModel) -> np.ndarray:
    """Return the examples; refuse a shape or unit that differs from the training."""
    shape = saved.architecture.input_shape
    if (1, *x.shape[1:]) == shape:  # grey images without the axis of channels
        x = x[:, None]
    if x.shape[1:] != shape:
        raise DataError(
            f"The model takes {describe_shape(shape)}, and {title(data)} holds "
            f"{describe_shape(x.shape[1:])} for each example."
        )
    if saved.pixels and x.dtype != np.uint8 and np.max(x) > 1:
        raise DataError(
            f"The model was trained on pixels (uint8, from 0 to 255), and {title(data)} holds "
            f"{x.dtype} up to {np.max(x):g}. Save them as uint8, or as floats from 0 to 1."
        )
    return x


def is_path(data: Any) -> bool:
    return isinstance(data, str | os.PathLike)


def title(data: Any) -> str:
    """Return the name of the data for messages."""
    return str(data) if is_path(data) else "the data"


def number(x: np.ndarray, positions: Any = None) -> Examples:
    """Return examples that are named by their positions."""
    return Examples(x, tuple(map(str, range(len(x)) if positions is None else positions)))


# -- tables ----------------------------------------------------------------------------------------


def holds_table(data: Any) -> bool:
    """Whether `data` is the path of a text table, or a DataFrame."""
    return is_table(data) if is_path(data) else hasattr(data, "iloc")


def open_rows(data: Any, saved: SavedModel, target: Any = -1) -> Any:
    """The rows of a table, with the columns that the model was trained on."""
    shape = saved.architecture.input_shape
    if len(shape) != 1:
        raise DataError(f"The model takes {describe_shape(shape)}, and {title(data)} is a table.")
    return open_table(data, target, schema=saved.schema)


# -- pictures --------------------------------------------------------------------------------------


def holds_pictures(path: Path) -> bool:
    """Whether the path is a picture, or a folder without IDX files."""
    return is_picture(path) if path.is_file() else not find_idx_images(path)


def picture_options(saved: SavedModel) -> dict[str, Any]:
    """Return the options that read pictures in the shape that the model takes."""
    shape = saved.architecture.input_shape
    if len(shape) != 3 or shape[0] not in (1, 3):
        raise DataError(f"The model takes {describe_shape(shape)}, not pictures.")
    return {"size": shape[1:], "color": shape[0] == 3}


def read_pictures(path: Path, options: dict[str, Any], most: int | None = None) -> Examples:
    """Read one picture, or the pictures in a folder and its subfolders.

    Args:
        options: `size` and `color` as for `read_image_folder`.
        most: how many to read, from all subfolders in turn; None for all, in their order.
    """
    folder = path.parent if path.is_file() else path
    found = iter([path]) if path.is_file() else filter(is_picture, walk_files(path))
    places = list(found) if most is None else list(islice(take_in_turn(found), most))
    if not places:
        raise DataError(f"There is no picture in the folder {path}.")
    headers = [read_header(place, 0) for place in places]
    size, color = options.get("size"), options.get("color")
    (dataset,) = decode([folder], [headers], ["any"], size, color, MAX_BYTES)
    return Examples(dataset.x, tuple(place.relative_to(folder).as_posix() for place in places))


def take_in_turn(places: Iterable[Path]) -> Iterator[Path]:
    """Yield the first file of each folder, then the second of each, and so on.

    >>> [str(place) for place in take_in_turn(map(Path, ["a/1", "a/2", "a/3", "b/1"]))]
    ['a/1', 'b/1', 'a/2', 'a/3']
    """
    folders: dict[Path, list[Path]] = {}
    for place in places:
        folders.setdefault(place.parent, []).append(place)
    return filter(None, chain.from_iterable(zip_longest(*folders.values())))


def read_images(path: Any, count: int, options: dict[str, Any]) -> np.ndarray:
    """Read the first images at a path: pictures, or any images that a network can be trained on.

    Args:
        path: a picture, a folder of pictures, or what `data.read` reads.
        count: how many images at most; of a folder, from its subfolders in turn.
        options: keywords of the reader.

    Returns:
        (N, C, H, W) uint8, or floats from 0 to 1.
    """
    place = find_path(path)
    if holds_pictures(place):
        return read_pictures(place, options, count).x
    if is_table(place):
        raise DataError(
            f"{path} is a text, which holds no images. Pass a picture, a folder of pictures, or an "
            f".npz or IDX file with images."
        )
    x = read(place, **options).train.x[:count]
    if x.ndim != 4:
        raise DataError(
            f"{path} holds {describe_shape(x.shape[1:])} for each example, not images (C, H, W)."
        )
    if x.dtype != np.uint8 and not (x.min() >= 0 and x.max() <= 1):
        raise DataError(
            f"{path} holds {x.dtype} from {x.min():g} to {x.max():g}. Save images as uint8, or as "
            f"floats from 0 to 1."
        )
    return x


# -- arrays ----------------------------------------------------------------------------------------


def read_features(path: Path, saved: SavedModel) -> np.ndarray:
    """Read the examples of an .npz or IDX file, or of a folder with IDX files."""
    if path.is_dir():
        found = find_idx_images(path)
        path = found.get("test") or found["train"]
    kind = recognize_file(path)
    if kind == "zip":
        names = list_arrays(path)
        usual = (saved.reading.get("x"), "x", "x_test", *names[:1])
        name = next((name for name in usual if name in names), None)
        if name is None:
            raise DataError(f"{path} holds no array.")
        x = read_arrays(path, [name], MAX_BYTES)[name]
        if x.dtype.kind not in "fiub":
            raise DataError(f"The array {name!r} of {path} holds {x.dtype}, not numbers.")
        return x
    if kind == "IDX":
        return read_idx_array(path)
    return read(path).train.x  # its error tells what the file is, and what can be read
