"""IDX, the format of MNIST: two zero bytes, dtype, number of axes, their sizes, the numbers.

Everything is big-endian.  The sizes in the header are compared with the size of the file before
anything is allocated; for a gzipped file, with the most that its bytes can contain.

LeCun, Cortes, Burges, "The MNIST database of handwritten digits".
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Sequence
from math import prod
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import DataError
from ..dataset import Dataset
from . import paths

DTYPES = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}

# Deflate compresses at most 258 bytes to 2 bits (zlib, "Technical Details").
LARGEST_RATIO = 1032


def read_idx(
    images: str | PathLike[str],
    labels: str | PathLike[str] | None = None,
    classes: int | Sequence[str] | None = None,
    max_bytes: int = paths.MAX_BYTES,
) -> Dataset:
    """Read a pair of IDX files, plain or gzipped: examples and their labels.

    Args:
        images: the file of the examples: (N, H, W) becomes (N, 1, H, W), other shapes stay.
        labels: the file of the N targets; by default the file beside `images` that has "labels"
            instead of "images" in its name.
        classes: the names of the classes or their number; by default as for `Dataset`.
        max_bytes: the most that each file may need in memory.

    Raises:
        DataError: a file is missing, damaged or too large, or the two do not belong together.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     images = Path(folder, "a-images-idx3-ubyte")
    ...     labels = Path(folder, "a-labels-idx1-ubyte")
    ...     _ = images.write_bytes(bytes([0, 0, 8, 3, 0,0,0,2, 0,0,0,1, 0,0,0,2, 9, 8, 7, 6]))
    ...     _ = labels.write_bytes(bytes([0, 0, 8, 1, 0,0,0,2, 1, 0]))
    ...     read_idx(images)
    Dataset(2 examples, x: uint8 (1, 1, 2), 2 classes: 1 each)
    """
    place = paths.find_file(images, "IDX")
    beside = find_beside(place, "images", "labels") if labels is None else labels
    partner = paths.find_file(beside, "IDX")
    x, y = read_idx_array(place, max_bytes), read_idx_array(partner, max_bytes)
    if len(x) != len(y):
        raise DataError(
            f"{place} holds {len(x)} examples and {partner} {len(y)} labels: they do not belong "
            f"together.",
            argument="labels",
        )
    if y.ndim != 1:
        raise DataError(
            f"{partner} must hold one label for each example, got shape {y.shape}. Perhaps "
            f"images and labels are exchanged.",
            argument="labels",
        )
    return Dataset(x[:, None] if x.ndim == 3 else x, y, classes)


def read_idx_array(path: str | PathLike[str], max_bytes: int = paths.MAX_BYTES) -> np.ndarray:
    """Read the array in one IDX file, plain or gzipped, in this machine's byte order.

    Args:
        path: the file.
        max_bytes: the most that the array may need in memory.

    Raises:
        DataError: not an IDX file, another size than its header declares, or too large.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     place = Path(folder, "numbers-idx1-short")
    ...     _ = place.write_bytes(bytes([0, 0, 11, 1, 0, 0, 0, 2, 1, 0, 255, 254]))
    ...     read_idx_array(place)
    array([256,  -2], dtype=int16)
    """
    place = paths.find_file(path, "IDX")
    packed = paths.first_bytes(place, 2) == b"\x1f\x8b"
    size = place.stat().st_size
    opener = gzip.open if packed else Path.open
    with (
        paths.refuse_damaged(place, "IDX", *paths.COMPRESSED_DAMAGE, ValueError),
        opener(place, "rb") as file,  # type: ignore[operator]
    ):
        shape, dtype, offset = read_header(file)
        needed = prod(shape) * dtype.itemsize
        declared = f"its header declares {shape} numbers of {dtype.itemsize} bytes"
        if packed and offset + needed > LARGEST_RATIO * size:
            raise ValueError(f"{declared}, which {size:,} bytes cannot hold, even compressed")
        if not packed and offset + needed != size:
            raise ValueError(
                f"{declared}, {offset + needed:,} bytes in all, but the file has {size:,}"
            )
        paths.check_total(place, needed, max_bytes)
        content = np.empty(needed, dtype=np.uint8)
        for start in range(0, needed, 2**20):  # compressed data is unpacked piece by piece
            piece = content[start : start + 2**20]
            if file.readinto(piece.data) < len(piece):
                raise EOFError(f"{declared}, but the file is shorter")
        if file.read(1):
            raise ValueError(f"{declared}, but the file is longer")
    array = content.view(dtype).reshape(shape)
    return array.astype(dtype.newbyteorder("="), copy=False)


def read_header(file: Any) -> tuple[tuple[int, ...], np.dtype, int]:
    magic = file.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in DTYPES or magic[3] == 0:
        raise ValueError(
            f"it begins with the bytes {magic.hex(' ')}, not with 00 00 08 03 or similar ones"
        )
    axes = magic[3]
    sizes = file.read(4 * axes)
    if len(sizes) < 4 * axes:
        raise EOFError(f"it ends within the sizes of its {axes} axes")
    shape = tuple(map(int, np.frombuffer(sizes, ">u4")))
    if 0 in shape or axes > 32:  # NumPy has at most 64 axes, 32 before version 2
        raise ValueError(f"its header declares the shape {shape}")
    return shape, np.dtype(DTYPES[magic[2]]), 4 + 4 * axes


def find_beside(place: Path, this: str, other: str) -> Path:
    """Find the file of labels beside that of images, or the other way round."""
    name = place.name.removesuffix(".gz").replace(this, other)
    wanted = re.sub("idx[0-9]", "idx1" if other == "labels" else "idx3", name)
    for candidate in (wanted, f"{wanted}.gz", name, f"{name}.gz"):
        if this in place.name and place.with_name(candidate).is_file():
            return place.with_name(candidate)
    raise DataError(
        f"There are no {other} beside {place}: expected {wanted} or {wanted}.gz. Pass the file of "
        f"the images, and as labels the file of the labels.",
        argument="labels",
    )


def find_idx_images(folder: Path) -> dict[str, Path]:
    """Find the files of images in a folder; the keys are "train" and "test", if they exist."""
    with paths.refuse_unreadable(folder):
        names = sorted(place.name for place in folder.iterdir() if place.is_file())
    names = [name for name in names if re.search("images.*idx", name)]
    parts = {"train": paths.TRAIN_NAMES, "test": ("t10k", *paths.TEST_NAMES)}
    if len({name.removesuffix(".gz") for name in names}) == 1:
        marked = any(mark in names[0].lower() for mark in parts["test"])
        return {"test" if marked else "train": folder / names[0]}
    chosen: dict[str, Path] = {}
    for part, marks in parts.items():
        fitting = [name for name in names if any(mark in name.lower() for mark in marks)]
        plain = {name.removesuffix(".gz") for name in fitting}
        if len(plain) > 1:
            raise DataError(
                f"{folder} holds several files of {part} images: {', '.join(sorted(plain))}. Name "
                f"one of them."
            )
        if fitting:
            chosen[part] = folder / fitting[0]  # sorted: the unpacked file before the .gz
    return chosen
