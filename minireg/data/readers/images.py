"""A folder of pictures with one subfolder for each class.

All headers are read before the first picture is decoded, so that unsuitable sizes or a need for
too much memory are refused before anything is allocated.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Iterator, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from ...checks import check_count
from ...errors import ArgumentError, ArgumentTypeError, DataError
from ..checks import check_class_names
from ..dataset import Dataset
from . import paths
from .pictures import Header, is_picture, read_header, read_pixels


def read_image_folder(
    path: str | PathLike[str],
    size: tuple[int, int] | int | None = None,
    color: bool | None = None,
    classes: Sequence[str] | None = None,
    max_bytes: int = paths.MAX_BYTES,
) -> Dataset:
    """Read the pictures in the subfolders of `path`, whose names are the classes.

    PNG, JPEG, BMP, GIF (its first frame), TIFF and WEBP, at any depth below a class.  Pictures are
    made upright by their EXIF data.  Transparency is dropped and a palette becomes RGB, as by
    `convert("RGB")` (and in torchvision and Keras); a warning says if there are transparent pixels.
    16-bit greys are rounded to 8 bits.  Hidden files are left out.  Other files are left out, too,
    with a warning that gives their number.

    Args:
        path: the folder with one subfolder for each class.
        size: (height, width), or one number for both: every picture is resized to it, antialiased
            bilinear.  By default all must have the same size.
        color: True for three channels, False for one; by default one if every picture is grey.
        classes: the classes in their order, by default the subfolders' names, sorted.  If
            they are given, a class may have no pictures.
        max_bytes: the most that the pictures may need in memory.

    Returns:
        A Dataset of uint8 images (N, C, H, W), ordered by class and name.

    Raises:
        DataError: no pictures, a class without any, different sizes, damage, or over `max_bytes`.

    >>> from PIL import Image
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     for animal in ("cat", "dog"):
    ...         Path(folder, animal).mkdir()
    ...         Image.new("L", (8, 6)).save(Path(folder, animal, "1.png"))
    ...     read_image_folder(folder)
    Dataset(2 examples, x: uint8 (1, 6, 8), 2 classes: 1 each)
    """
    folder = paths.find_folder(path)
    names = list_classes(folder) if classes is None else list(check_class_names(classes))
    parts = [name for name in names if name.lower() in (*paths.TRAIN_NAMES, *paths.TEST_NAMES)]
    if classes is None and parts == names and set(map(str.lower, names)) & set(paths.TRAIN_NAMES):
        raise DataError(
            f"{folder} holds {' and '.join(parts)}, which are parts and not classes. Pass "
            f"this folder to read, or one of them to read_image_folder."
        )
    headers = survey(folder, names, empty_allowed=classes is not None)
    return decode([folder], [headers], names, size, color, max_bytes)[0]


def read_image_parts(
    train: Path,
    test: Path,
    size: tuple[int, int] | int | None = None,
    color: bool | None = None,
    max_bytes: int = paths.MAX_BYTES,
) -> list[Dataset]:
    """Read two folders with the same classes, size and channels, so that one model fits both."""
    names = list_classes(train)
    headers = survey(train, names), survey(test, names, empty_allowed=True)
    return decode([train, test], headers, names, size, color, max_bytes)


def list_classes(folder: Path) -> list[str]:
    """Return the names of the classes, sorted."""
    with paths.refuse_unreadable(folder):
        entries = sorted(entry for entry in folder.iterdir() if not is_hidden(entry.name))
        names = [entry.name for entry in entries if entry.is_dir()]
    if names:
        return names
    pictures = sum(is_picture(entry) for entry in entries)
    files = ", ".join(entry.name for entry in entries[:5])
    what = f"{pictures} pictures" if pictures else f"{len(entries)} files ({files})"
    raise DataError(
        f"{folder} holds {what} and no subfolders. Put the pictures of each class into a "
        f"subfolder with the name of the class."
    )


def survey(folder: Path, names: Sequence[str], empty_allowed: bool = False) -> list[Header]:
    """Read the headers of all pictures, class by class."""
    if empty_allowed:
        unknown = sorted(set(list_classes(folder)) - set(names))
        if unknown:
            raise DataError(
                f"{folder} has the class {unknown[0]!r}, which is not among the {len(names)} "
                f"classes {', '.join(names[:10])}{', …' if names[10:] else ''}.",
                argument="classes",
            )
    headers: list[Header] = []
    ignored: list[Path] = []
    empty: list[str] = []
    for label, name in enumerate(names):
        before = len(headers)
        for place in walk_files(folder / name):
            if is_picture(place):
                headers.append(read_header(place, label))
            else:
                ignored.append(place)
        if len(headers) == before:
            empty.append(name)
    if not headers:
        raise DataError(
            f"There is no picture in the subfolders of {folder} ({len(ignored)} other files). "
            f"Known formats are {', '.join(paths.IMAGE_FORMATS)}."
        )
    if empty and not empty_allowed:
        raise DataError(
            f"{folder} has no picture of the class {empty[0]!r}. Remove its subfolder, "
            f"or list the classes with classes.",
            argument="classes",
        )
    if ignored:
        warnings.warn(
            f"{len(ignored)} files in {folder} are not pictures and were left out; the first is "
            f"{ignored[0]}.",
            stacklevel=3,
        )
    return headers


def walk_files(folder: Path) -> Iterator[Path]:
    """Yield all files that are not hidden, sorted; follow links, enter each folder once."""
    # A link to a folder above the class would add the pictures of other classes.
    seen = set(map(str, Path(os.path.realpath(folder)).parents))
    if not folder.is_dir():  # a class without a folder here
        return
    with paths.refuse_unreadable(folder):
        for root, folders, files in os.walk(folder, followlinks=True, onerror=raise_error):
            real = os.path.realpath(root)
            folders[:] = [] if real in seen else sorted(f for f in folders if not is_hidden(f))
            if real not in seen:
                yield from (Path(root, name) for name in sorted(files) if not is_hidden(name))
            seen.add(real)


def raise_error(error: OSError) -> None:
    raise error


def is_hidden(name: str) -> bool:
    return name.startswith(".") or name in ("__MACOSX", "Thumbs.db", "desktop.ini")


def normalize_size(size: Any) -> tuple[int, int]:
    if isinstance(size, tuple | list):
        if len(size) != 2:
            raise ArgumentError(
                f"size must be (height, width) or one number, got {size!r}.", argument="size"
            )
        height, width = size
    else:
        height = width = size
    return check_count("size", height), check_count("size", width)


def find_common_size(headers: Iterable[Header]) -> tuple[int, int]:
    """Return the size of all pictures, which must be the same."""
    first: dict[tuple[int, int], Path] = {}
    for header in headers:
        first.setdefault(header.size, header.path)
    if len(first) == 1:
        return next(iter(first))
    (a, b), (c, d) = sorted(first)[0], sorted(first)[-1]
    raise DataError(
        f"The pictures have {len(first)} different sizes, from {a} × {b} ({first[a, b]}) to "
        f"{c} × {d} ({first[c, d]}). Choose one for all (size=…).",
        argument="size",
    )


def decode(
    folders: Sequence[Path],
    parts: Sequence[Sequence[Header]],
    names: Sequence[str],
    size: tuple[int, int] | int | None,
    color: bool | None,
    max_bytes: int,
) -> list[Dataset]:
    """Decode the pictures of each part, all with the same size and channels."""
    if color is not None and not isinstance(color, bool):
        raise ArgumentTypeError(
            f"color must be True, False or None, got {color!r}.", argument="color"
        )
    every = [header for headers in parts for header in headers]
    height, width = find_common_size(every) if size is None else normalize_size(size)
    channels = 3 if color or (color is None and not all(h.grey for h in every)) else 1
    datasets, transparent = [], []
    for folder, headers in zip(folders, parts):
        paths.check_total(folder, len(headers) * channels * height * width, max_bytes)
        x = np.empty((len(headers), channels, height, width), dtype=np.uint8)
        for image, header in zip(x, headers):
            image[:], is_transparent = read_pixels(header, channels, (height, width))
            transparent += [header.path] * is_transparent
        datasets.append(Dataset(x, np.array([header.label for header in headers]), names))
    if transparent:
        warnings.warn(
            f"{len(transparent)} pictures have transparent pixels; the first is {transparent[0]}. "
            f"They are read in the colour stored beneath, which is often black. For another "
            f"background, save the pictures without transparency.",
            stacklevel=3,
        )
    return datasets
