"""Targets that were read as texts or objects: class numbers with names, or floats."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from ...errors import ArgumentError, DataError

MISSING = {"", "na", "n/a", "nan", "null", "?"}  # as spreadsheets, R, pandas and Weka write it

WHOLE = re.compile(r"[+-]?[0-9]+")


def is_missing(text: str) -> bool:
    return text.strip().lower() in MISSING


def class_labels(
    texts: Sequence[str],
    column: str,
    classes: Sequence[str] | None,
    task: str | None,
    source: str,
) -> tuple[np.ndarray, Sequence[str] | None]:
    """The targets as numbers, and the names of the classes; None for a regression.

    Whole numbers and texts are classes: the distinct values, sorted, numbers by their value.
    """
    if classes is not None and task == "regression":
        raise ArgumentError("classes= names classes, and task='regression' has none.")
    distinct = set(texts)
    whole = all(map(WHOLE.fullmatch, distinct))
    numbers = whole or all(map(is_number, distinct))
    if classes is None and (task == "regression" or (task is None and numbers and not whole)):
        if not numbers:
            text = next(text for text in texts if not is_number(text))
            raise DataError(
                f"The target {column!r} of {source} holds {text[:40]!r}, and the targets of a "
                f"regression are numbers."
            )
        return np.array(list(map(float, texts))), None
    if classes is not None:
        names = list(map(str, classes))
        unknown = sorted(distinct - set(names))
        if unknown:
            raise DataError(
                f"The target {column!r} of {source} holds {unknown[0][:40]!r}, which is not among "
                f"the {len(names)} classes {', '.join(names[:10])}{', …' if names[10:] else ''}."
            )
    else:
        names = (
            sorted(distinct, key=lambda text: (float(text), text)) if numbers else sorted(distinct)
        )
        if task is None and len(names) > max(20, len(texts) // 2):
            raise DataError(
                f"The target {column!r} of {source} holds {len(names)} different values in "
                f"{len(texts)} rows, which are hardly classes. Say task='regression' (for numbers) "
                f"or task='classification', or name another target."
            )
    number = {name: k for k, name in enumerate(names)}
    return np.array([number[text] for text in texts], dtype=np.int64), names


def is_number(text: str) -> bool:
    try:
        return bool(np.isfinite(float(text)))
    except ValueError:
        return False
