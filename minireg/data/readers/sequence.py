"""Any Python sequence of examples: a list of pairs, or a dataset written for another library."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...autograd.tensor import raw
from ...backend import namespace
from ...errors import ArgumentTypeError, DataError
from ..dataset import Dataset
from .targets import number_classes


def from_sequence(examples: Any, classes: int | Sequence[str] | None = None) -> Dataset:
    """Read all examples of an object with a length and positions into a Dataset.

    Args:
        examples: `len(examples)` and `examples[i]` = (x, y), as in a list of pairs or a dataset of
            torchvision; x are numbers of one shape (a Pillow image becomes (C, H, W)), y is an
            integer, a float or array, or a text, which becomes a class.
        classes: the names of the classes or their number; by default `examples.classes` if it
            exists, else the distinct texts, sorted, else as for `Dataset`.

    Raises:
        ArgumentTypeError: no length, no positions, or an example that is not a pair.
        DataError: examples of different shapes, and see `Dataset`.

    >>> from_sequence([([0.0, 1.0], "cat"), ([2.0, 3.0], "dog"), ([4.0, 5.0], "cat")])
    Dataset(3 examples, x: float64 (2,), 2 classes: 1 to 2 each)
    """
    if isinstance(examples, Dataset):
        return examples
    if not hasattr(examples, "__len__") or not hasattr(examples, "__getitem__"):
        raise ArgumentTypeError(
            f"A sequence of examples needs a length and positions, but {type(examples).__name__} "
            f"has none. For an iterator: from_sequence(list(examples))."
        )
    if len(examples) == 0:
        raise DataError("A dataset needs at least one example, but the sequence is empty.")
    xs, ys = [], []
    for i in range(len(examples)):
        x, y = read_pair(examples, i)
        xs.append(as_host_array(x, i))
        if xs[i].shape != xs[0].shape:
            raise DataError(
                f"Examples must have one shape: example 0 has {xs[0].shape}, example {i} has "
                f"{xs[i].shape}."
            )
        ys.append(y if isinstance(y, str) else as_host_array(y, i))
    if classes is None:
        classes = getattr(examples, "classes", None)
    texts = [y for y in ys if isinstance(y, str)]
    if len(texts) == len(ys):
        names = classes if isinstance(classes, Sequence) else None
        labels, found = number_classes(texts, "y", "the sequence", names)
        return Dataset(np.stack(xs), labels, found)
    if texts:
        raise DataError("The targets are partly texts and partly numbers; expected one of the two.")
    shapes = {np.shape(y) for y in ys}
    if len(shapes) > 1:
        raise DataError(f"Targets must have one shape, got {' and '.join(map(str, shapes))}.")
    y = np.stack(ys)
    return Dataset(np.stack(xs), y, classes if y.dtype.kind != "f" else None)


def read_pair(examples: Any, i: int) -> tuple[Any, Any]:
    try:
        example = examples[i]
    except (IndexError, KeyError) as error:
        raise DataError(
            f"The sequence has a length of {len(examples)}, but no example at position {i}."
        ) from error
    if not isinstance(example, tuple | list) or len(example) != 2:
        kind = type(example).__name__
        size = f" of {len(example)}" if isinstance(example, tuple | list) else ""
        raise ArgumentTypeError(
            f"Each example must be a pair (x, y); example {i} is a {kind}{size}."
        )
    return example[0], example[1]


def as_host_array(value: Any, i: int) -> np.ndarray:
    """Return a number, an array, a Tensor or an image of example i as an array on the host."""
    value = raw(value)
    if hasattr(value, "getbands"):  # a Pillow image: (H, W) or (H, W, C)
        pixels = np.array(value.convert("RGB") if value.mode in ("P", "PA") else value)
        return np.moveaxis(np.atleast_3d(pixels), -1, 0)
    if np.ma.is_masked(value):
        raise DataError(f"Example {i} holds masked values. Remove it or fill in the values.")
    try:
        return np.asarray(namespace(value).to_host(value))
    except (TypeError, ValueError) as error:
        raise DataError(f"Example {i} cannot be read as an array: {error}.") from error
