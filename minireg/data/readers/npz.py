"""NumPy's .npz: a zip archive with one .npy file for each array.

Nothing is unpickled, and no array is read before its declared size has been compared with the
space it takes in the archive: a header of 100 bytes could ask for terabytes.
"""

from __future__ import annotations

import zlib
from io import BytesIO
from math import prod
from os import PathLike
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import numpy as np

from ...errors import DataError
from ..dataset import Dataset
from .opening import MAX_BYTES, as_file, check_total, first_bytes, readable, recognised, undamaged

LONGEST_HEADER = 16384  # bytes; NumPy writes 128 for an array of numbers

DAMAGE = (BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, NotImplementedError)


def read_npz(
    path: str | PathLike[str],
    x: str = "x",
    y: str = "y",
    classes: str = "classes",
    max_bytes: int = MAX_BYTES,
) -> Dataset:
    """The arrays `x` and `y` of a .npz file, and the names of the classes if they are in it.

    Args:
        path: what `numpy.savez(path, x=x, y=y)` or `savez_compressed` wrote.
        x: the name of the examples in the file, (N, ...).
        y: the name of the targets, (N,) integers or (N, ...) floats.
        classes: the name of the array of class names; it may be missing.
        max_bytes: the most that the arrays may need in memory.

    Returns:
        A Dataset with the arrays in their own dtypes.

    Raises:
        DataError: the file is missing, damaged, too large, holds Python objects or other names.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     np.savez(f"{folder}/points.npz", x=[[0.5], [1.5]], y=[0, 1], classes=["low", "high"])
    ...     read_npz(f"{folder}/points.npz")
    Dataset(2 examples, x: float64 (1,), 2 classes: 1 each)
    """
    place = as_file(path, ".npz")
    found = names_in_npz(place)
    absent = [name for name in (x, y) if name not in found]
    if absent:
        raise DataError(
            f"{place} has no array {' and no array '.join(map(repr, absent))}; it holds "
            f"{', '.join(map(repr, found)) or 'no array'}. Name the two to use with x and y.",
            argument="y" if x in found else "x",
        )
    wanted = [x, y, *({classes} & set(found))]
    arrays = read_arrays(place, wanted, max_bytes)
    names = arrays.get(classes)
    if names is not None and names.dtype.kind == "S":
        names = np.char.decode(names, "utf-8", "replace")
    if names is not None and names.ndim != 1:
        raise DataError(
            f"{classes!r} in {place} must be a list of class names, got shape {names.shape}."
        )
    return Dataset(arrays[x], arrays[y], classes=names)  # type: ignore[arg-type]


def names_in_npz(place: Path) -> list[str]:
    """The names of the arrays in the archive."""
    kind = recognised(first_bytes(place))
    if kind == "npy":
        raise DataError(
            f"{place} is a .npy file, a single array. Save examples and targets together: "
            f"numpy.savez('data.npz', x=x, y=y)."
        )
    if kind != "zip":
        what = {None: "of an unknown format", "text": "text"}.get(kind, f"a {kind} file")
        raise DataError(f"{place} is no .npz file: it is {what}.")
    with readable(place), undamaged(place, ".npz", *DAMAGE), ZipFile(place) as archive:
        return [name.removesuffix(".npy") for name in archive.namelist() if name.endswith(".npy")]


def read_arrays(place: Path, names: list[str], max_bytes: int) -> dict[str, np.ndarray]:
    with readable(place), undamaged(place, ".npz", *DAMAGE), ZipFile(place) as archive:
        entries = {name: archive.getinfo(f"{name}.npy") for name in names}
        check_total(place, sum(entry.file_size for entry in entries.values()), max_bytes)
        return {name: read_array(archive, entry) for name, entry in entries.items()}


def read_array(archive: ZipFile, entry: ZipInfo) -> np.ndarray:
    """One array, allocated only if the entry's size is what its header declares."""
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):  # others may ask for any memory
        raise ValueError(f"{entry.filename} is compressed in a way that NumPy does not use")
    with archive.open(entry) as file:
        start = file.read(min(LONGEST_HEADER, entry.file_size))
        shape, fortran, dtype, offset = read_header(start, entry.filename)
        needed = offset + prod(shape) * dtype.itemsize
        if needed != entry.file_size:
            raise ValueError(
                f"the array {entry.filename} declares shape {shape} of {dtype}, which is "
                f"{needed:,} bytes, but has {entry.file_size:,}"
            )
        content = np.empty(needed - offset, dtype=np.uint8)
        content[: len(start) - offset] = np.frombuffer(start, np.uint8, offset=offset)
        # zipfile compares the checksum when the entry's last byte has been read
        fill(file, content[len(start) - offset :])
    array = content.view(dtype) if prod(shape) else np.empty(0, dtype)
    array = array.reshape(shape, order="F" if fortran else "C")
    return array.astype(dtype.newbyteorder("="), copy=False)


def read_header(start: bytes, name: str) -> tuple[tuple[int, ...], bool, np.dtype, int]:
    """Shape, order, dtype and length of the header of a .npy file."""
    header = BytesIO(start)
    version = np.lib.format.read_magic(header)
    if version == (1, 0):
        shape, fortran, dtype = np.lib.format.read_array_header_1_0(header)
    elif version == (2, 0):
        shape, fortran, dtype = np.lib.format.read_array_header_2_0(header)
    else:  # 3.0 is for arrays with named fields
        raise ValueError(f"the array {name} is of version {version}")
    if dtype.hasobject:
        raise DataError(
            f"The array {name} holds pickled Python objects, which could run any program when "
            f"they are read. Save numbers: numpy.savez('data.npz', x=np.stack(images), y=labels)."
        )
    if dtype.kind not in "biufUS":
        raise DataError(f"The array {name} must hold numbers or texts, got dtype {dtype}.")
    if any(size < 0 for size in shape) or len(shape) > 32 or dtype.itemsize == 0:
        raise ValueError(f"the array {name} declares shape {shape} of {dtype}")
    return shape, fortran, dtype, header.tell()


def fill(file: IO[bytes], target: np.ndarray) -> None:
    """Read exactly as much as fits into `target`, decompressed piece by piece."""
    position = 0
    while position < len(target):
        piece = file.read(min(2**20, len(target) - position))
        if not piece:
            raise EOFError(f"it ends after {position:,} of {len(target):,} bytes")
        target[position : position + len(piece)] = np.frombuffer(piece, np.uint8)
        position += len(piece)
