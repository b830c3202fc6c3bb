"""NumPy's .npz: a zip archive with one .npy file for each array.

Nothing is unpickled.  Before an array is loaded, the size in its header is compared with its size
in the archive, because a header of 100 bytes could declare terabytes.
"""

from __future__ import annotations

from math import prod
from os import PathLike
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import numpy as np
from numpy.lib import format as npy

from ...errors import ArgumentTypeError, DataError
from ..dataset import Dataset
from . import paths

HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


def read_npz(
    path: str | PathLike[str],
    x: str = "x",
    y: str = "y",
    classes: str = "classes",
    max_bytes: int = paths.MAX_BYTES,
) -> Dataset:
    """Read the arrays `x` and `y` of a .npz file, and the names of the classes if it has them.

    Args:
        path: what `numpy.savez(path, x=x, y=y)` or `savez_compressed` wrote.
        x: the name of the examples in the file, (N, ...); uint8 (N, H, W) become (N, 1, H, W).
        y: the name of the targets, (N,) integers or (N, ...) floats.
        classes: the name of the array of class names; it may be missing.
        max_bytes: the most that the arrays may need in memory.

    Returns:
        A Dataset with the arrays in their own dtypes.

    Raises:
        DataError: the file is missing, damaged or too large, holds Python objects, or lacks x or y.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     np.savez(f"{folder}/points.npz", x=[[0.5], [1.5]], y=[0, 1], classes=["low", "high"])
    ...     read_npz(f"{folder}/points.npz")
    Dataset(2 examples, x: float64 (1,), 2 classes: 1 each)
    """
    for argument, name in ("x", x), ("y", y), ("classes", classes):
        if not isinstance(name, str):
            raise ArgumentTypeError(
                f"{argument} must be the name of an array in the file, got {name!r}.",
                argument=argument,
            )
    place = paths.find_file(path, ".npz")
    found = list_arrays(place)
    absent = {name: argument for argument, name in (("x", x), ("y", y)) if name not in found}
    if absent:
        raise DataError(
            f"{place} has no array {' and no array '.join(map(repr, absent))}; it holds "
            f"{', '.join(map(repr, found)) or 'none'}. Save them under these names, or "
            f"name others (x=…, y=…).",
            argument=next(iter(absent.values())),
        )
    arrays = read_arrays(place, [x, y, *({classes} & set(found))], max_bytes)
    names = arrays.get(classes)
    if names is not None and names.dtype.kind == "S":
        names = np.char.decode(names, "utf-8", "replace")
    if names is not None and names.ndim != 1:
        raise DataError(
            f"{classes!r} in {place} must be a list of class names, got shape {names.shape}."
        )
    return Dataset(add_channel(arrays[x]), arrays[y], classes=names)  # type: ignore[arg-type]


def add_channel(x: np.ndarray) -> np.ndarray:
    """Turn pixels (N, H, W) into grey images (N, 1, H, W); other arrays stay as they are."""
    return x[:, None] if x.ndim == 3 and x.dtype == np.uint8 else x


def list_arrays(place: Path) -> list[str]:
    """Return the names of the arrays in the archive."""
    kind = paths.recognize_format(paths.first_bytes(place))
    if kind == "npy":
        raise DataError(
            f"{place} is a .npy file, a single array. Save examples and targets together: "
            f"numpy.savez('data.npz', x=x, y=y)."
        )
    if kind != "zip":
        what = {None: "of an unknown format", "text": "text"}.get(kind, f"a {kind} file")
        raise DataError(f"{place} is not a .npz file: it is {what}.")
    with paths.refuse_damaged(place, ".npz", Exception), ZipFile(place) as archive:
        names = [name for name in archive.namelist() if name.endswith(".npy")]
        if len(set(names)) < len(names):
            raise ValueError("it holds several arrays of one name")
    return [name.removesuffix(".npy") for name in names]


def read_arrays(place: Path, names: list[str], max_bytes: int) -> dict[str, np.ndarray]:
    """Check how much memory these arrays of the archive need, then read them."""
    # Headers are parsed as Python by NumPy, so a damaged one can raise almost any error.
    with paths.refuse_damaged(place, ".npz", Exception):
        with ZipFile(place) as archive:
            entries = [archive.getinfo(f"{name}.npy") for name in names]
            paths.check_total(place, sum(entry.file_size for entry in entries), max_bytes)
            for entry in entries:
                check_header(archive, entry)
        with np.load(place, allow_pickle=False) as stored:
            arrays = {name: stored[f"{name}.npy"] for name in names}
        for array in arrays.values():
            if array.dtype.kind == "U":
                array.tolist()  # raises an error for characters that do not exist
    return {name: a.astype(a.dtype.newbyteorder("="), copy=False) for name, a in arrays.items()}


def check_header(archive: ZipFile, entry: ZipInfo) -> None:
    """Refuse an array whose header declares another size than the archive does."""
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):  # others may need any memory
        raise ValueError(f"{entry.filename} is compressed in a way that NumPy does not use")
    with archive.open(entry) as file:
        version = npy.read_magic(file)
        if version not in HEADERS:  # 3.0 is for arrays with named fields
            raise ValueError(f"the array {entry.filename} is of version {version}")
        shape, _, dtype = HEADERS[version](file)
        needed = file.tell() + prod(shape) * dtype.itemsize
    if dtype.hasobject:
        raise DataError(
            f"The array {entry.filename} holds pickled Python objects, which could run any program "
            f"when they are read. Save numbers: numpy.savez('data.npz', x=np.stack(images), "
            f"y=labels)."
        )
    if dtype.kind not in "biufUS":
        raise DataError(
            f"The array {entry.filename} must hold numbers or texts, got dtype {dtype}."
        )
    if (
        needed != entry.file_size
        or min(shape, default=0) < 0
        or len(shape) > 32
        or not dtype.itemsize
    ):
        raise ValueError(
            f"the array {entry.filename} declares shape {shape} of {dtype}, which is {needed:,} "
            f"bytes, but has {entry.file_size:,}"
        )
