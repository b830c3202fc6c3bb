"""From a text file to cells: the delimiter is detected here, pandas divides the lines.

Every cell stays a text; the strict function `parse_numbers` decides what is a number.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from ...errors import ArgumentError, DataError
from . import paths

DELIMITERS = ",;\t|"
BLANKS = " "  # runs of blanks
LONGEST_LINE = 2**23  # characters: a million features

# pandas' list, what Weka and spreadsheets write, and what people type; in lower case
MISSING = {
    "", "#n/a", "#n/a n/a", "#na", "-1.#ind", "-1.#qnan", "-nan", "1.#ind", "1.#qnan", "<na>",
    "n/a", "na", "nan", "null", "none", "nat", "?", "-", "--", ".",
}  # fmt: skip


def read_cells(
    path: Any, delimiter: str | None, usual: str | None, encoding: str | None, max_bytes: int
) -> tuple[Any, str]:
    """Return all cells as a DataFrame of texts, including the first row, and the delimiter.

    Args:
        path: a text file, plain or compressed by gzip, bzip2 or xz.
        delimiter: between the columns; None detects it.
        usual: the delimiter to try first.
        encoding: of the text; None is UTF-8, or UTF-16 if there is a byte order mark.
        max_bytes: the most that the text may need in memory.
    """
    try:
        import pandas  # noqa: PLC0415
    except ImportError as error:
        raise DataError(
            'Tables are read by pandas, which is not installed: pip install "minireg[tables]".'
        ) from error
    if delimiter is not None and (not isinstance(delimiter, str) or len(delimiter) != 1):
        raise ArgumentError(
            f"delimiter must be a single character, got {delimiter!r}.", argument="delimiter"
        )
    place = paths.find_file(path, "CSV")
    with open_text(place, encoding) as text:
        first = check_text(place, text, max_bytes)
    delimiter = delimiter or find_delimiter(first, usual)
    try:
        with open_text(place, encoding) as text:
            frame = pandas.read_csv(
                text, sep=r"\s+" if delimiter == BLANKS else delimiter, header=None, dtype=object,
                keep_default_na=False, skipinitialspace=True,
            )  # fmt: skip
    except pandas.errors.ParserError as error:
        reason = str(error).split("C error: ")[-1].strip().rstrip(".")
        raise DataError(
            f"{place} cannot be divided into columns at {delimiter!r}: {reason}. Choose another "
            f'with delimiter; quotes inside a quoted field must be doubled: "".',
            argument="delimiter",
        ) from error
    return frame, delimiter


@contextmanager
def open_text(place: Path, encoding: str | None) -> Iterator[TextIO]:
    """Open the text of a file, unpacked if it is compressed, without a byte order mark."""
    start = paths.first_bytes(place, unpacked=True)
    kind = paths.recognize_format(start)
    if kind != "text" and not (encoding and ("16" in encoding or "32" in encoding)):
        what = f"a {kind} file" if kind else "binary"
        raise DataError(f"{place} is not a text table: it is {what}.")
    if encoding is None:
        encoding = "utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    try:
        "".encode(encoding)
    except LookupError as error:
        raise ArgumentError(f"There is no encoding {encoding!r}.", argument="encoding") from error
    codec = "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding
    opener = paths.COMPRESSED.get(paths.recognize_format(paths.first_bytes(place)), Path.open)
    with paths.refuse_damaged(place, "text", *paths.COMPRESSED_DAMAGE):
        try:
            with opener(place, "rt", encoding=codec, newline="") as text:
                yield text
        except UnicodeError as error:
            raise DataError(
                f"{place} is not {encoding} text: {getattr(error, 'reason', error)}. Save it as "
                f"UTF-8, or name its encoding, such as encoding='cp1252'.",
                argument="encoding",
            ) from error


def check_text(place: Path, text: TextIO, max_bytes: int) -> str:
    """Check the whole text, piece by piece, and return its first line that is not blank."""
    lines = iter(partial(text.readline, LONGEST_LINE), "")
    first = piece = next((line for line in lines if line.strip()), "")
    if not 0 < len(first) < LONGEST_LINE:
        what = f"begins with a line of over {LONGEST_LINE:,} characters" if first else "is blank"
        raise DataError(f"{place} {what}: it holds no rows of a table.")
    size = 0
    while piece:
        size += len(piece)
        paths.check_total(place, size, max_bytes)
        if "\0" in piece:
            raise DataError(f"{place} is not a text table: it holds NUL bytes.")
        piece = text.read(2**20)
    return first


def find_delimiter(line: str, usual: str | None) -> str:
    """Return `usual` if the line has it, else its commonest delimiter outside quotes, or blanks."""
    line = "".join(line.strip().split('"')[::2])
    found = usual if usual and usual in line else max(DELIMITERS, key=line.count)
    return found if found in line else BLANKS if len(line.split()) > 1 else usual or ","


def has_header(frame: Any, used: Sequence[str]) -> bool:
    """Whether the first row has names: a word above numbers, or words that do not occur again."""
    first, body = dict(zip(frame, as_texts(frame.iloc[0]))), frame.iloc[1:21]
    columns = {name: as_texts(body[name]) for name in used}
    numeric = [
        name
        for name, texts in columns.items()
        if (numbers := parse_numbers(texts)) is not None and not np.isnan(numbers).all()
    ]
    if numeric:
        return any(parse_numbers([first[name]]) is None for name in numeric)
    words = all(parse_numbers([word]) is None for word in first.values())
    repeated = any(first[name] in texts for name, texts in columns.items())
    return words and not repeated and len(set(first.values())) == len(first)


# -- the cells -------------------------------------------------------------------------------------


def as_texts(column: Any) -> list[str]:
    """Return the values of a Series as texts without surrounding blanks; "" for a missing one."""
    if column.hasnans:
        column = column.astype(object).where(column.notna(), "")
    return [str(value).strip() for value in column.tolist()]


def mark_missing(texts: Sequence[str], meant: Iterable[str] = ()) -> list[str | None]:
    """Replace texts that mark a missing value by None, except those that are in `meant`.

    >>> mark_missing(["0", "N/A", "-"]), mark_missing(["NA", ""], meant=["NA"])
    (['0', None, None], ['NA', None])
    """
    known = set(meant)
    return [t if t in known or t.lower() not in MISSING else None for t in texts]


def parse_numbers(texts: Sequence[str]) -> np.ndarray | None:
    """Return the texts as floats, NaN for a missing one; None if there is a word among them.

    A number has ASCII digits and perhaps a decimal point; 1_000, which Python accepts, is a word.

    >>> parse_numbers(["1", "2.5e3", "NA"]), parse_numbers(["1", "1_000"])
    (array([1.0e+00, 2.5e+03,     nan]), None)
    """
    if not "".join(texts).encode(errors="replace").translate(None, b"0123456789+-.eE"):
        with suppress(ValueError):
            return np.fromiter(map(float, texts), np.float64, len(texts))
    there = [text for text in texts if text.lower() not in MISSING]
    known = parse_numbers(there) if len(there) < len(texts) else None
    if known is None:
        return None
    values = np.full(len(texts), np.nan)
    values[[text.lower() not in MISSING for text in texts]] = known
    return values
