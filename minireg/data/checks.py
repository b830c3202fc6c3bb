"""Check a dataset once, on the host, so that training steps need not check it again.

On a GPU a label out of range raises no error: CuPy wraps the index, and trains another class.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ..autograd.tensor import raw
from ..backend import namespace
from ..batch import check_channels
from ..checks import check_count, describe_value
from ..errors import ArgumentTypeError, DataError

LARGEST = np.finfo(np.float32).max  # batches are float32: larger values would become infinite

# Without `classes=`, more classes than this and than examples are treated as a mistake.
BELIEVABLE_CLASSES = 1000


def as_host_array(name: str, values: Any) -> np.ndarray:
    """Return `values` (array, Tensor, nested lists) as a NumPy array of finite real numbers."""
    source = raw(values)
    try:
        array = np.asarray(namespace(source).to_host(source))
    except (TypeError, ValueError) as error:  # lists of unequal lengths; a foreign device's array
        raise DataError(
            f"{name} cannot be read as one array: {error}. Expected an array (or nested lists of "
            f"equal lengths) with one entry for each example.",
            argument=name,
        ) from error
    if array.dtype.kind in "USO" and name == "y":
        raise DataError(
            f"y must hold numbers, got dtype {array.dtype}. Number the classes first: "
            f"names, y = np.unique(y, return_inverse=True), then pass classes=names.",
            argument=name,
        )
    if array.dtype.kind not in "fiub":
        raise DataError(f"{name} must hold real numbers, got dtype {array.dtype}.", argument=name)
    unusable = np.ma.getmask(source)  # False for an array that is not a masked one
    if array.dtype.kind == "f":
        unusable = unusable | ~(np.abs(array) <= LARGEST)  # NaN compares as false
    if np.any(unusable):
        rows = np.unique(np.atleast_1d(unusable).nonzero()[0])
        raise DataError(
            f"{name} holds {np.count_nonzero(unusable)} values that are masked, NaN, infinite or "
            f"too large for float32, in {len(rows)} examples; the first is example {rows[0]}. "
            f"Remove these examples or fill in the values.",
            argument=name,
        )
    return array


def check_features(x: Any) -> np.ndarray:
    """Return `x` as a host array (N, ...): N ≥ 1 examples, at least one number for each."""
    array = as_host_array("x", x)
    if array.size == 0:
        raise DataError(f"x needs at least one example, got shape {array.shape}.", argument="x")
    if array.ndim < 2:
        raise DataError(
            f"x must be (N, features) or (N, C, H, W), got shape {array.shape}. "
            f"For one feature per example pass x[:, None].",
            argument="x",
        )
    check_channels("x", array.shape)
    return array


def check_targets(y: Any, examples: int, ignore_index: int | None = None) -> np.ndarray:
    """Return `y` as a host array with one target for each example; integers become int64."""
    array = as_host_array("y", y)
    if array.ndim == 0 or len(array) != examples:
        raise DataError(
            f"x and y must have the same length: x has {examples} examples, y has shape "
            f"{array.shape}.",
            argument="y",
        )
    if array.dtype.kind == "f":
        return array
    if array.ndim != 1:
        raise DataError(
            f"Class labels must have shape ({examples},), got {array.shape}. Use y.ravel() for a "
            f"column, y.argmax(axis=1) for one-hot rows, and floats for regression targets.",
            argument="y",
        )
    counted = array[array != ignore_index]  # all of them for None
    if not len(counted):
        raise DataError(f"All labels of y are {ignore_index}, which is ignored.", argument="y")
    low, high = int(counted.min()), int(counted.max())
    if low < 0 or high > np.iinfo(np.int64).max:
        raise DataError(
            f"Class labels count from 0 upwards, got {low if low < 0 else high}. Number the "
            f"classes: np.unique(y, return_inverse=True)[1]; if the label {low} means that an "
            f"example has no class: Dataset(x, y, ignore_index={low}).",
            argument="y",
        )
    return array.astype(np.int64)


def check_classes(
    y: np.ndarray, classes: int | Sequence[str] | None, ignore_index: int | None = None
) -> tuple[str, ...]:
    """Return the names of the classes; () for float targets."""
    if y.dtype.kind == "f":
        for name, value in ("classes", classes), ("ignore_index", ignore_index):
            if value is not None:
                raise DataError(
                    f"{name}= was given, but y holds {y.dtype}, which means regression. If these "
                    f"are class labels, convert them: y.astype(int).",
                    argument=name,
                )
        return ()
    found = int(y[y != ignore_index].max()) + 1
    if classes is None:
        if found > max(BELIEVABLE_CLASSES, len(y)):
            raise DataError(
                f"y holds integers up to {found - 1} for {len(y)} examples. Regression targets "
                f"must be floats: y.astype('float32'). If these are class numbers with gaps: "
                f"np.unique(y, return_inverse=True)[1].",
                argument="y",
            )
        return tuple(map(str, range(found)))
    if isinstance(classes, Sequence | np.ndarray):
        names = check_class_names(classes)
    else:
        names = tuple(map(str, range(check_count("classes", classes))))
    if found > len(names):
        raise DataError(
            f"Labels must be from 0 to {len(names) - 1} for {len(names)} classes, got "
            f"{found - 1}. If they count from 1, subtract 1.",
            argument="classes",
        )
    return names


def check_class_names(classes: Any) -> tuple[str, ...]:
    """Return names given as a list, a tuple or an array."""
    listed = isinstance(classes, Sequence | np.ndarray) and not isinstance(classes, str | bytes)
    if not listed or getattr(classes, "ndim", 1) != 1:
        raise ArgumentTypeError(
            f"classes must be a sequence of names, got {describe_value(classes)}.",
            argument="classes",
        )
    return tuple(map(str, classes))


def check_feature_names(names: Any, shape: tuple[int, ...]) -> tuple[str, ...] | None:
    """Return one name for each feature of an x of this shape, or None."""
    if names is None:
        return None
    listed = isinstance(names, Iterable) and not isinstance(names, str)
    if not listed or not all(isinstance(name, str) for name in names):
        raise ArgumentTypeError(
            f"feature_names must be a sequence of strings, got {names!r}.", argument="feature_names"
        )
    if len(shape) != 2 or len(names) != shape[1]:
        raise DataError(
            f"feature_names must have one name for each of the features of an x of shape "
            f"(N, features), got {len(names)} names for {shape}.",
            argument="feature_names",
        )
    return tuple(map(str, names))


def check_target_name(name: Any) -> str | None:
    if name is None or isinstance(name, str):
        return name
    raise ArgumentTypeError(f"target_name must be a string, got {name!r}.", argument="target_name")
