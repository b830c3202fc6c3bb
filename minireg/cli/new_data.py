"""Data for a trained model: read in the way that its training data were, with labels or without."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..data import Dataset, read, read_idx_array, read_table
from ..data.readers.idx import find_idx_images
from ..data.readers.images import decode, is_picture, read_header, walk_files
from ..data.readers.npz import list_arrays, read_arrays
from ..data.readers.paths import MAX_BYTES, as_path, first_bytes, recognize_format
from ..data.readers.recognize import is_table
from ..data.readers.targets import read_targets
from ..errors import DataError
from .model_file import SavedModel
from .new_table import first_row, read_all_columns, read_columns
from .user_data import in_terms_of_options, reader_options, shape_text, with_columns


@dataclass
class Unlabelled:
    """Examples without targets.

    Attributes:
        x: (N, ...) as the model takes them.
        names: what each is called: a path for a picture, otherwise its position, from 0.
    """

    x: np.ndarray
    names: list[str]


def read_unlabelled(path: Path, saved: SavedModel) -> Unlabelled:
    """The examples at a path; labels, where there are any, are not looked at.

    Raises:
        DataError: nothing that can be read, or examples that the model does not take.
    """
    with in_terms_of_options():
        if holds_table(path, saved):
            found = numbered(features_of_table(path, saved))
        elif is_pictures(path):
            found = pictures(path, saved)
        else:
            found = numbered(features_of_arrays(path, saved))
    return Unlabelled(checked(found.x, path, saved), found.names)


def read_labelled(path: Path, saved: SavedModel) -> Dataset:
    """The examples at a path with their targets; of a path with a test part, this part.

    Its classes are numbered as the model numbers them.
    """
    with in_terms_of_options():
        if holds_table(path, saved):
            dataset = labelled_table(path, saved)
        elif is_pictures(path):
            train, test = read(path, **picture_options(saved))
            dataset = test or train
        else:
            names = {name: saved.reading[name] for name in ("x", "y") if saved.reading[name]}
            train, test = read(path, **names)
            dataset = test or train
    if (dataset.num_classes is None) != saved.architecture.regression:
        kinds = ("numbers", "classes") if saved.architecture.regression else ("classes", "numbers")
        raise DataError(f"The model predicts {kinds[0]}, and the targets of {path} are {kinds[1]}.")
    x = checked(dataset.x, path, saved)
    if saved.architecture.regression:
        dataset = with_columns(dataset)
        if dataset.y.shape[1] != saved.architecture.outputs:
            raise DataError(
                f"The model predicts {saved.architecture.outputs} numbers for an example, and "
                f"{path} has {dataset.y.shape[1]}."
            )
        return Dataset(x, dataset.y)
    return Dataset(x, class_numbers(dataset, path, saved), saved.classes)


def class_numbers(dataset: Dataset, path: Path, saved: SavedModel) -> np.ndarray:
    """The labels in the model's numbers: classes are known by their names."""
    names, known = dataset.classes, saved.classes
    unknown = [name for name in names if name not in known]
    if unknown and names_are_numbers(names) and not is_pictures(path) and len(names) <= len(known):
        return dataset.y  # arrays without names
    if unknown:
        raise DataError(
            f"{path} has the class {unknown[0]!r}, which the model does not know. It knows "
            f"{', '.join(known[:10])}{', …' if known[10:] else ''}."
        )
    return np.array([known.index(name) for name in names])[dataset.y]


def names_are_numbers(names: tuple[str, ...]) -> bool:
    """Whether these are the names that a Dataset gives to classes without any."""
    return names == tuple(map(str, range(len(names))))


def checked(x: np.ndarray, path: Path, saved: SavedModel) -> np.ndarray:
    """The examples, once it is known that they have the shape and the unit of the training."""
    if x.shape[1:] != saved.architecture.input_shape:
        raise DataError(
            f"The model takes {shape_text(saved.architecture.input_shape)}, and {path} holds "
            f"{shape_text(x.shape[1:])} for each example."
        )
    if saved.pixels and x.dtype != np.uint8 and np.max(x) > 1:
        raise DataError(
            f"The model was trained on pixels (uint8, from 0 to 255), and {path} holds {x.dtype} "
            f"up to {np.max(x):g}. Save them as uint8, or as floats from 0 to 1."
        )
    return x


# -- pictures --------------------------------------------------------------------------------------


def is_pictures(path: Path) -> bool:
    """A picture, or a folder that holds no IDX files."""
    return is_picture(path) if path.is_file() else not find_idx_images(path)


def picture_options(saved: SavedModel) -> dict[str, Any]:
    """How pictures become what the model takes."""
    shape = saved.architecture.input_shape
    if len(shape) != 3 or shape[0] not in (1, 3):
        raise DataError(f"The model takes {shape_text(shape)}, not pictures.")
    return {"size": shape[1:], "color": shape[0] == 3}


def pictures(path: Path, saved: SavedModel) -> Unlabelled:
    """One picture, or all that lie in a folder and in its subfolders."""
    options = picture_options(saved)
    folder = path.parent if path.is_file() else path
    places = [path] if path.is_file() else [p for p in walk_files(path) if is_picture(p)]
    if not places:
        raise DataError(f"There is no picture in the folder {path}.")
    headers = [read_header(place, 0) for place in places]
    images = decode(folder, headers, ["any"], options["size"], options["color"], MAX_BYTES).x
    return Unlabelled(images, [place.relative_to(folder).as_posix() for place in places])


# -- arrays ----------------------------------------------------------------------------------------


def numbered(x: np.ndarray) -> Unlabelled:
    return Unlabelled(x, list(map(str, range(len(x)))))


def features_of_arrays(path: Path, saved: SavedModel) -> np.ndarray:
    """The examples of an .npz or IDX file, or of a folder with IDX files."""
    if path.is_dir():
        found = find_idx_images(path)
        path = found.get("test") or found["train"]
    kind = recognize_format(first_bytes(path))
    if kind == "zip":
        names = list_arrays(path)
        usual = (saved.reading["x"], "x", "x_test", *names[:1])
        name = next((name for name in usual if name in names), None)
        if name is None:
            raise DataError(f"{path} holds no array.")
        x = read_arrays(path, [name], MAX_BYTES)[name]
        if x.dtype.kind not in "fiub":
            raise DataError(f"The array {name!r} of {path} holds {x.dtype}, not numbers.")
        return x
    if kind in ("IDX", "gzip"):
        x = read_idx_array(path)
        return x[:, None] if x.ndim == 3 else x
    read(path)  # says what the file is, and what can be read
    raise DataError(f"{path} holds no examples.")


# -- tables ----------------------------------------------------------------------------------------


def holds_table(path: Path, saved: SavedModel) -> bool:
    """Whether it is a table; if so, one row of it must be an example."""
    as_path(path)  # or say that there is nothing
    if not is_table(path):
        return False
    shape = saved.architecture.input_shape
    if len(shape) != 1:
        raise DataError(f"The model takes {shape_text(shape)}, and {path} is a table.")
    return True


def features_of_table(path: Path, saved: SavedModel) -> np.ndarray:
    """The columns that the model was trained on; with a header, others may be there, too."""
    form = saved.reading["delimiter"], saved.reading["encoding"]
    if saved.columns is not None:
        return read_columns(path, saved.columns["features"], *form)[0]
    # Without a header, a table with the target has as many columns as the training data.
    if len(first_row(path, *form)) == saved.architecture.input_shape[0]:
        return read_all_columns(path, *form)
    return read_table(path, **table_options(saved)).x


def labelled_table(path: Path, saved: SavedModel) -> Dataset:
    """A table with its target, whose values are numbered as in the training."""
    options = table_options(saved)
    if saved.columns is None:
        return read_table(path, **options)
    target = saved.columns["target"]
    form = saved.reading["delimiter"], saved.reading["encoding"]
    x, texts = read_columns(path, saved.columns["features"], *form)
    if target not in texts:
        raise DataError(f"{path} has no column {target!r}, the one that the model predicts.")
    y, names = read_targets(texts[target], target, str(path), options["classes"], options["task"])
    return Dataset(x, y, names or None)


def table_options(saved: SavedModel) -> dict[str, Any]:
    """The keywords of `read_table` that read a table as in the training."""
    regression = saved.architecture.regression
    return {
        **reader_options({**saved.reading, "x": None, "y": None}),
        "classes": None if regression else saved.classes,
        "task": "regression" if regression else "classification",
    }
