"""Checks of a path: does it exist, is it a file, in which format, and does it fit in memory."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ...checks import check_count
from ...errors import ArgumentTypeError, DataError

MAX_BYTES = 4 * 2**30  # of decoded data; a compressed file may claim any size

TRAIN_NAMES = ("train", "training")
TEST_NAMES = ("test", "testing", "val", "valid", "validation")  # the first that exists is used

COMPRESSED: dict[str | None, Any] = {"gzip": gzip.open, "bzip2": bz2.open, "xz": lzma.open}
COMPRESSED_DAMAGE = (gzip.BadGzipFile, zlib.error, lzma.LZMAError, EOFError)

IMAGE_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\0": "xz",
    b"\x93NUMPY": "npy",
    b"\x89HDF\r\n\x1a\n": "HDF5",
    b"%PDF": "PDF",
    b"PAR1": "Parquet",
    **dict.fromkeys((b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"), "pickle"),
    b"\xff\xfe": "text",  # of UTF-16, by its byte order mark
    b"\xfe\xff": "text",
}


def find_path(path: Any) -> Path:
    """Return `path` as a Path to something that exists and may be read."""
    if not isinstance(path, str | os.PathLike) or isinstance(os.fspath(path), bytes):
        raise ArgumentTypeError(
            f"path must be a string or a pathlib.Path, got {type(path).__name__}."
        )
    place = Path(path)
    with refuse_unreadable(place):
        try:
            place.stat()
        except FileNotFoundError:
            raise DataError(
                f"There is no file or folder {place} (working folder: {Path.cwd()})."
            ) from None
        except ValueError as error:  # a NUL in the name
            raise DataError(f"{str(path)!r} cannot be the name of a file: {error}.") from error
    return place


def find_file(path: Any, kind: str) -> Path:
    """Return `path` as a Path to a regular file; pipes and devices have no size to check."""
    place = find_path(path)
    if place.is_dir():
        raise DataError(f"{place} is a folder; a single {kind} file was expected.")
    if not place.is_file():
        raise DataError(f"{place} is a pipe or a device; a {kind} file was expected.")
    if place.stat().st_size == 0:
        raise DataError(f"{place} is empty (0 bytes); a {kind} file was expected.")
    return place


def find_folder(path: Any) -> Path:
    place = find_path(path)
    if not place.is_dir():
        raise DataError(f"{place} is a file; a folder was expected.")
    return place


@contextmanager
def refuse_unreadable(place: Path) -> Iterator[None]:
    """Turn errors of the operating system (permission, loops of links) into a DataError."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error) or type(error).__name__
        raise DataError(f"{place} cannot be read: {reason}.") from error


@contextmanager
def refuse_damaged(place: Path, kind: str, *errors: type[Exception]) -> Iterator[None]:
    """Like `refuse_unreadable`, and also for the `errors` that a decoder raises for damage."""
    with refuse_unreadable(place):
        try:
            yield
        except DataError:  # a ValueError, too, but already has its message
            raise
        except errors as error:
            raise DataError(
                f"{place} is not a {kind} file, or a damaged one: {str(error).rstrip('.')}. "
                f"Copy or download it again."
            ) from error


def check_total(place: Path | str, total: int, max_bytes: int) -> None:
    """Refuse data that is declared to be larger than `max_bytes`, before any of it is read."""
    if total > check_count("max_bytes", max_bytes):
        raise DataError(
            f"{place} would need {total:,} bytes in memory, and max_bytes is {max_bytes:,}. "
            f"If the data can be trusted, pass a larger max_bytes.",
            argument="max_bytes",
        )


def first_bytes(place: Path, count: int = 512, unpacked: bool = False) -> bytes:
    """Return the first bytes of a file; with `unpacked`, those of its uncompressed content."""
    opener = Path.open
    if unpacked:
        opener = COMPRESSED.get(recognize_format(first_bytes(place)), Path.open)
    with refuse_damaged(place, "text", *COMPRESSED_DAMAGE), opener(place, "rb") as file:
        return file.read(count)


def recognize_format(start: bytes) -> str | None:
    """Return the format of a signature; without one, "text" if there is no NUL byte, else None."""
    for signature, name in SIGNATURES.items():
        if start.startswith(signature):
            return name
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "WEBP"
    if start[:2] == b"BM" and start[6:10] == b"\0\0\0\0":  # the reserved words of a BMP
        return "BMP"
    if len(start) >= 4 and start[:2] == b"\0\0" and start[2] in range(8, 15) and start[3] > 0:
        return "IDX"
    return None if b"\0" in start else "text"
