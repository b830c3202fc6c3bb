"""One picture: its header, which is read first, and its pixels, upright and in a given size."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import DataError
from . import paths

SUFFIXES = (".png", ".jpg", ".jpeg", ".jpe", ".gif", ".bmp", ".tif", ".tiff", ".webp")

GREY_MODES = ("1", "L", "LA", "La")
DEEP_GREY_MODES = ("I;16", "I;16B", "I;16L", "I;16N", "I")
WIDTH, HEIGHT, ORIENTATION = 256, 257, 274  # tags of TIFF and EXIF


@dataclass(frozen=True)
class Header:
    """What is known of a picture before it is decoded."""

    path: Path
    label: int
    size: tuple[int, int]  # height, width, of the upright picture
    grey: bool


def is_picture(place: Path) -> bool:
    """Whether a file is a picture, by its name or its first bytes."""
    if place.suffix.lower() in SUFFIXES:
        return True
    return (
        place.is_file() and paths.recognize_format(paths.first_bytes(place)) in paths.IMAGE_FORMATS
    )


@contextmanager
def open_picture(place: Path) -> Iterator[Any]:
    """Open a picture with Pillow; errors of the decoder are reported with the picture's name."""
    from PIL import Image  # noqa: PLC0415

    if not place.is_file():
        raise DataError(f"{place} is not a regular file.")
    with paths.refuse_unreadable(place):
        file = place.open("rb")
    try:
        with file, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about metadata; too many pixels stay an error
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            # If Pillow 13 opens a file by its name, it maps the pixels of a turned TIFF wrongly.
            with Image.open(file, formats=paths.IMAGE_FORMATS) as picture:
                yield picture
    except DataError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise DataError(
            f"{place} claims more pixels than a picture should have (more than "
            f"{Image.MAX_IMAGE_PIXELS:,}). If it can be trusted, make it smaller first."
        ) from error
    except Exception as error:  # decoders raise OSError, SyntaxError, struct.error, …
        found = paths.recognize_format(paths.first_bytes(place)) or "of an unknown format"
        raise DataError(
            f"{place} is not a picture, or a damaged one (by its first bytes: {found}): {error}"
        ) from error


def read_header(place: Path, label: int) -> Header:
    from PIL import Image  # noqa: PLC0415

    with open_picture(place) as picture:
        if picture.mode == "F" or (picture.mode == "I" and picture.format != "PNG"):
            raise DataError(
                f"{place} holds 32-bit values, which do not fit into uint8. Scale it to 8 bits, "
                f"or read the arrays yourself: Dataset(x, y)."
            )
        width, height = picture.size
        if picture.format == "TIFF":  # some versions of Pillow give the upright size
            width, height = picture.tag_v2[WIDTH], picture.tag_v2[HEIGHT]
        # A PNG's own getexif decodes the pixels, to find EXIF data after them.
        turned = Image.Image.getexif(picture).get(ORIENTATION, 1) in (5, 6, 7, 8)
        grey = picture.mode in (*GREY_MODES, *DEEP_GREY_MODES)
        return Header(place, label, (width, height) if turned else (height, width), grey)


def read_pixels(header: Header, channels: int, size: tuple[int, int]) -> tuple[np.ndarray, bool]:
    """Return one picture as (C, H, W) uint8, upright and in this size; is any pixel transparent."""
    from PIL import Image, ImageOps  # noqa: PLC0415

    with open_picture(header.path) as picture:
        upright = ImageOps.exif_transpose(picture)
        if upright.size != header.size[::-1]:
            raise DataError(f"{header.path} declares its size or orientation after its pixels.")
        if upright.mode in DEEP_GREY_MODES:
            deep = np.array(upright).astype(np.int64)  # convert() would clip at 255
            upright = Image.fromarray(((deep * 255 + 32767) // 65535).astype(np.uint8))
        may_be = "A" in upright.getbands() or "transparency" in upright.info
        is_transparent = may_be and bool(np.asarray(upright.convert("RGBA"))[..., 3].min() < 255)
        upright = upright.convert("RGB" if channels == 3 else "L")
        height, width = size
        if upright.size != (width, height):
            upright = upright.resize((width, height), Image.Resampling.BILINEAR)
        return np.atleast_3d(np.asarray(upright)).transpose(2, 0, 1), is_transparent
