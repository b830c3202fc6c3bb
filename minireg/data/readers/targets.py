"""Turn targets that were read as texts into class numbers with names, or into numbers."""

from __future__ import annotations

import re
import warnings
from collections.abc import Collection, Sequence

import numpy as np

from ...errors import ArgumentError, DataError
from .cells import parse_numbers

WHOLE = re.compile(r"[+-]?[0-9]{1,18}")


def are_labels(values: Collection[int], rows: int) -> bool:
    """Whether whole numbers with these distinct values are class labels and not a quantity.

    They are if there are at most two; or if each occurs 5 times on average, and there are at most
    20 or they start at 0 or 1 and have no gap.

    >>> are_labels({0, 1}, rows=2), are_labels(range(62), rows=310)
    (True, True)
    >>> are_labels(range(62), rows=309), are_labels(range(100, 121), rows=1000)
    (False, False)
    """
    k = len(values)
    gapless = min(values) in (0, 1) and max(values) - min(values) == k - 1
    return k <= 2 or (rows >= 5 * k and (k <= 20 or gapless))


def read_targets(
    texts: Sequence[str],
    column: str,
    source: str,
    classes: Sequence[str] | None = None,
    task: str | None = None,
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the targets as numbers, and the names of their classes; () for a regression."""
    if classes is not None and task == "regression":
        raise ArgumentError("classes were given, but a regression has none.", argument="classes")
    distinct, numbers = set(texts), parse_numbers(texts)
    guessed = classes is None and task is None
    if guessed and numbers is not None:
        whole = all(map(WHOLE.fullmatch, distinct))
        labels = whole and are_labels(set(map(int, distinct)), len(texts))
        task = "classification" if labels else "regression"
        if whole and not labels:
            warnings.warn(
                f"The target {column!r} of {source} holds {len(distinct)} different whole numbers "
                f"in {len(texts)} rows and is read as numbers to predict (regression). If they are "
                f"classes, choose task='classification'.",
                stacklevel=4,
            )
    if guessed and numbers is None and len(distinct) > max(20, len(texts) // 2):
        raise DataError(
            f"The target {column!r} of {source} holds {len(distinct)} different texts in "
            f"{len(texts)} rows, which are hardly classes. Name another target, or choose "
            f"task='classification'.",
            argument="target",
        )
    if task != "regression":
        return number_classes(texts, column, source, classes)
    if numbers is None:
        text = next(text for text in texts if parse_numbers([text]) is None)
        raise DataError(
            f"The target {column!r} of {source} holds {text[:40]!r}, but the targets of a "
            f"regression must be numbers.",
            argument="task",
        )
    return numbers, ()


def number_classes(
    texts: Sequence[str], column: str, source: str, classes: Sequence[str] | None = None
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the class number of each text, and the classes: by default the texts, sorted.

    >>> number_classes(["b", "a", "b"], "kind", "the table")
    (array([1, 0, 1]), ('a', 'b'))
    """
    names = sorted(set(texts)) if classes is None else list(map(str, classes))
    if classes is None and parse_numbers(names) is not None:
        names.sort(key=float)
    position = {name: k for k, name in enumerate(names)}
    unknown = next((text for text in texts if text not in position), None)
    if unknown is not None:
        raise DataError(
            f"The target {column!r} of {source} holds {unknown[:40]!r}, which is not among the "
            f"{len(names)} classes {', '.join(names[:10])}{', …' if names[10:] else ''}.",
            argument="classes",
        )
    return np.array([position[text] for text in texts], dtype=np.int64), tuple(names)
