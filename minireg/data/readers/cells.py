"""From a text file to cells: how its lines are divided is found out here, pandas divides them.

Every cell stays a text: what is a number is decided in `numbers_of`, strictly.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from ...errors import ArgumentError, DataError
from .opening import (
    COMPRESSED,
    DAMAGE,
    as_file,
    check_total,
    first_bytes,
    readable,
    recognised,
    undamaged,
)

DELIMITERS = ",;\t|"
BLANKS = " "  # runs of blanks
LONGEST_LINE = 2**23  # characters: a million features

# pandas' list, what Weka and spreadsheets write, and what people type; in lower case
MISSING = {
    "", "#n/a", "#n/a n/a", "#na", "-1.#ind", "-1.#qnan", "-nan", "1.#ind", "1.#qnan", "<na>",
    "n/a", "na", "nan", "null", "none", "nat", "?", "-", "--", ".",
}  # fmt: skip


def read_cells(
    path: Any, delimiter: str | None, usual: str | None, encoding: str, max_bytes: int
) -> tuple[Any, str]:
    """All cells of a text file as a DataFrame of texts, the first row included; the delimiter.

    Args:
        path: a text file, plain or compressed by gzip, bzip2 or xz.
        delimiter: between the columns; None finds it out.
        usual: the delimiter to try first.
        encoding: of the text.
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
    place = as_file(path, "CSV")
    first = check_text(place, encoding, max_bytes)
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
            f'with delimiter; quotes inside of a quoted field are doubled: "".',
            argument="delimiter",
        ) from error
    return frame, delimiter


def check_text(place: Path, encoding: str, max_bytes: int) -> str:
    """Look at the whole text, piece by piece; returns its first line that is not blank."""
    try:
        "".encode(encoding)
    except LookupError as error:
        raise ArgumentError(f"There is no encoding {encoding!r}.", argument="encoding") from error
    start = first_bytes(place, unpacked=True)
    kind, wide = recognised(start), "16" in encoding or "32" in encoding
    if start[:2] in (b"\xff\xfe", b"\xfe\xff") and not wide:
        raise DataError(
            f"{place} is UTF-16 text. Save it as UTF-8, or choose utf-16 with encoding.",
            argument="encoding",
        )
    if kind != "text" and not wide:
        what = f"a {kind} file" if kind else "binary"
        raise DataError(f"{place} is not a text table: it is {what}.")
    with open_text(place, encoding) as text:
        lines = iter(partial(text.readline, LONGEST_LINE), "")
        block = first = next((line for line in lines if line.strip()), "")
        size = 0
        while block:
            size += len(block)
            check_total(place, size, max_bytes)
            if "\0" in block:
                raise DataError(f"{place} is not a text table: it holds NUL bytes.")
            block = text.read(2**20)
    if not 0 < len(first) < LONGEST_LINE:
        what = f"begins with a line of over {LONGEST_LINE:,} characters" if first else "is blank"
        raise DataError(f"{place} {what}: it holds no rows of a table.")
    return first


@contextmanager
def open_text(place: Path, encoding: str) -> Iterator[TextIO]:
    """The text of a file, unpacked if it is compressed; a byte order mark is not part of it."""
    utf8 = codecs.lookup(encoding).name == "utf-8"
    opener = COMPRESSED.get(recognised(first_bytes(place)), Path.open)
    with readable(place), undamaged(place, "text", *DAMAGE):
        try:
            with opener(
                place, "rt", encoding="utf-8-sig" if utf8 else encoding, newline=""
            ) as text:
                yield text
        except UnicodeError as error:
            raise DataError(
                f"{place} is not {encoding} text: {getattr(error, 'reason', error)}. Save it as "
                f"UTF-8, or name its encoding, such as cp1252, with encoding.",
                argument="encoding",
            ) from error


def find_delimiter(line: str, usual: str | None) -> str:
    """`usual` if the line has it, else what it has most often outside of quotes, else blanks."""
    line = "".join(line.strip().split('"')[::2])
    found = usual if usual and usual in line else max(DELIMITERS, key=line.count)
    return found if found in line else BLANKS if len(line.split()) > 1 else usual or ","


def has_header(title: str, frame: Any, features: Sequence[str], target: str | None) -> bool:
    """Whether the first row holds names: a word above numbers, or words that are not repeated."""
    first, body = dict(zip(frame, texts_of(frame.iloc[0]))), frame.iloc[1:101]
    named = {  # for each column of numbers, whether a word stands above them
        name: numbers_of([first[name]]) is None
        for name in [*features, *([] if target is None else [target])]
        if (numbers := numbers_of(texts_of(body[name]))) is not None and not np.isnan(numbers).all()
    }
    if not named:
        repeated = any(cell in texts_of(body[name]) for name, cell in first.items())
        words = all(numbers_of([cell]) is None for cell in first.values())
        return words and not repeated and len(set(first.values())) == len(first)
    if len(named) > 1 and [name for name in named if named[name]] == [target]:
        raise DataError(
            f"The first row of {title} has {first[str(target)][:40]!r} above the numbers of the "
            f"target, and other numbers. Say with header whether it holds names.",
            argument="header",
        )
    return any(named.values())


# -- the cells -------------------------------------------------------------------------------------


def is_missing(text: str) -> bool:
    """
    >>> is_missing("N/A"), is_missing("-"), is_missing("0")
    (True, True, False)
    """
    return text.lower() in MISSING


def texts_of(column: Any) -> list[str]:
    """The values of a Series as texts, without blanks around them; "" where there is none."""
    values = zip(column.tolist(), column.isna().tolist())
    return ["" if absent else str(value).strip() for value, absent in values]


def numbers_of(texts: Sequence[str]) -> np.ndarray | None:
    """The texts as floats, NaN for those that are missing; None if there is a word among them.

    A number has ASCII digits and a decimal point; 1_000, which Python would take, is a word.

    >>> numbers_of(["1", "2.5e3", "NA"]), numbers_of(["1", "1_000"])
    (array([1.0e+00, 2.5e+03,     nan]), None)
    """
    if not "".join(texts).encode(errors="replace").translate(None, b"0123456789+-.eE"):
        with suppress(ValueError):
            return np.array(list(map(float, texts)), dtype=np.float64)
    there = np.array([not is_missing(text) for text in texts])
    known = None if there.all() else numbers_of([text for text, t in zip(texts, there) if t])
    if known is None:
        return None
    values = np.full(len(texts), np.nan)
    values[there] = known
    return values
