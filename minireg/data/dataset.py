"""Dataset: examples and their targets, checked once and divided reproducibly.

Classification sets are divided class by class (stratified), so that even a small subset has nearly
the class proportions of the whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from typing import Any

import numpy as np

from ..autograd.tensor import raw
from ..checks import check_count, check_probability
from ..errors import ArgumentError, DataError, IndexRangeError
from ..random import Generator, as_generator
from .checks import (
    check_classes,
    check_feature_names,
    check_features,
    check_target_name,
    check_targets,
)
from .division import count_parts, draw_folds, draw_sample
from .indices import find_examples, is_integer

OTHER_NAMES = {
    "data": "x", "images": "x", "features": "x", "inputs": "x", "X": "x",
    "target": "y", "targets": "y", "labels": "y",
    "n_classes": "num_classes", "class_names": "classes",
}  # fmt: skip


class Dataset:
    """Examples `x` with their targets `y`, as NumPy arrays on the host.

    The arrays are kept without a copy where possible, so do not change them afterwards.

    Args:
        x: (N, ...) numbers, N ≥ 1.  uint8 means pixels from 0 to 255.
        y: (N,) integers from 0 to K − 1 for classification, or (N, ...) floats for regression.
        classes: the names of the K classes or their number; by default K is the largest label + 1.
        feature_names: a name for each of the features, if x is (N, features).
        target_name: the name of y.
        schema: how a table became these numbers, to read another table in the same way.
        ignore_index: the label of examples without a class, such as −100.  They count as no class;
            `fit` and `evaluate` leave them out.

    Attributes:
        x: the examples, in their own dtype.
        y: int64 class labels, or float targets in their own dtype.
        classes: the names of the classes, ("0", "1", ...) by default; () for regression.
        noisy: (N,) booleans, True where `with_label_noise` replaced the label.
        ignored: (N,) booleans, True where the label is `ignore_index`.
        feature_names, target_name, schema, ignore_index: as given, None by default; every part
            keeps them.

    Raises:
        DataError: no examples, unequal lengths, NaN or infinity, labels out of range.

    >>> data = Dataset([[0.0], [1.0], [2.0], [3.0]], [0, 1, 0, 1], classes=["even", "odd"])
    >>> data
    Dataset(4 examples, x: float64 (1,), 2 classes: 2 each)
    >>> data[1]
    (array([1.]), 1)
    >>> data[1:]
    Dataset(3 examples, x: float64 (1,), 2 classes: 1 to 2 each)
    """

    x: np.ndarray
    y: np.ndarray
    classes: tuple[str, ...]
    noisy: np.ndarray

    def __init__(
        self,
        x: Any,
        y: Any,
        classes: int | Sequence[str] | None = None,
        *,
        feature_names: Sequence[str] | None = None,
        target_name: str | None = None,
        schema: Any = None,
        ignore_index: int | None = None,
    ) -> None:
        if ignore_index is not None:
            ignore_index = check_count("ignore_index", ignore_index, minimum=-(2**63))
        self.ignore_index = ignore_index
        self.x = check_features(x)
        self.y = check_targets(y, len(self.x), ignore_index)
        self.classes = check_classes(self.y, classes, ignore_index)
        self.feature_names = check_feature_names(feature_names, self.x.shape)
        self.target_name = check_target_name(target_name)
        self.schema = schema
        self.noisy = np.zeros(len(self.x), dtype=bool)

    def __getattr__(self, name: str) -> Any:  # only called for names that do not exist
        hint = f" It is called {OTHER_NAMES[name]!r} here." if name in OTHER_NAMES else ""
        raise AttributeError(f"A Dataset has no attribute {name!r}.{hint}", name=name, obj=self)

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, index: Any) -> Any:
        """Return one example `(x, y)` for an integer, a Dataset for a slice, indices or a mask."""
        if isinstance(index, slice):
            return self.subset(np.arange(len(self))[index])
        index = raw(index)
        if np.ndim(index) > 0 or isinstance(index, bool | np.bool_) or not is_integer(index):
            return self.subset(index)
        if not -len(self) <= index < len(self):
            raise IndexRangeError(f"Example {index} is outside the {len(self)} examples.")
        y = self.y[index]
        return self.x[index], int(y) if self.classes else y

    @property
    def num_classes(self) -> int | None:
        """K, the number of classes; None for regression.

        >>> Dataset([[0.0], [1.0]], [0, 2]).num_classes
        3
        """
        return len(self.classes) or None

    @property
    def class_counts(self) -> np.ndarray:
        """(K,) the number of examples of each class; empty for regression.

        >>> Dataset([[0.0], [1.0]], [0, 2]).class_counts.tolist()
        [1, 0, 1]
        """
        if not self.classes:
            return np.zeros(0, dtype=np.int64)
        return np.bincount(self.y[~self.ignored], minlength=len(self.classes))

    @property
    def ignored(self) -> np.ndarray:
        if self.ignore_index is None:
            return np.zeros(len(self), dtype=bool)
        return self.y == self.ignore_index

    def __repr__(self) -> str:
        if self.classes:
            low, high = int(self.class_counts.min()), int(self.class_counts.max())
            counts = f"{low}" if low == high else f"{low} to {high}"
            target = f"{len(self.classes)} classes: {counts} each"
        else:
            target = f"y: {self.y.dtype} {self.y.shape[1:]}"
        marks = {"ignored": self.ignored.sum(), "noisy labels": self.noisy.sum()}
        marked = "".join(f", {count} {what}" for what, count in marks.items() if count)
        return (
            f"Dataset({len(self)} examples, x: {self.x.dtype} {self.x.shape[1:]}, {target}{marked})"
        )

    # -- parts -------------------------------------------------------------------------------------

    def subset(self, indices: Any) -> Dataset:
        """Return the examples at `indices`, in that order; an index may occur more than once.

        Args:
            indices: integers (negative ones count from the end) or a boolean mask of length N.

        Raises:
            DataError: nothing is left.
            IndexRangeError: an index outside the dataset, a mask of another length.

        >>> Dataset([[5.0], [6.0], [7.0]], [0, 1, 0]).subset([2, 0]).x.ravel().tolist()
        [7.0, 5.0]
        """
        chosen = find_examples(indices, len(self))
        part = copy(self)
        part.x, part.y, part.noisy = self.x[chosen], self.y[chosen], self.noisy[chosen]
        return part

    def sample(self, n: int, *, generator: Generator | None = None) -> Dataset:
        """Return a random subset of exactly `n` examples, in random order.

        Each class gets its share n · N_k / N, rounded down; the missing examples are taken from
        the classes with the largest remainders.  Each count differs from its share by less than 1.

        Args:
            n: from 1 to N.
            generator: by default a new stream of the default generator; see `mr.seed`.

        >>> data = Dataset([[0.0]] * 6, [0, 0, 0, 0, 1, 1])
        >>> data.sample(3).class_counts.tolist()
        [2, 1]
        """
        n = check_count("n", n)
        if n > len(self):
            raise ArgumentError(f"Cannot take {n} of {len(self)} examples.", argument="n")
        return self.subset(draw_sample(self._strata, n, as_generator(generator).host)[0])

    def split(
        self, fraction: float | Sequence[float], *, generator: Generator | None = None
    ) -> tuple[Dataset, ...]:
        """Return shuffled, disjoint parts: `sample(round(fraction · N))` and the rest.

        Fractions f₁, f₂, ... give one part each; parts 1 to i have round((f₁ + ... + fᵢ) · N) in
        all.  Part 1 is that of `split(f₁)`; each later one is a stratified sample of the rest.

        Args:
            fraction: between 0 and 1, or one for each part with the sum 1; no part may be empty.
            generator: see `sample`.

        >>> train, validation = Dataset([[0.0]] * 6, [0, 0, 0, 0, 1, 1]).split(0.5)
        >>> train.class_counts.tolist(), validation.class_counts.tolist()
        ([2, 1], [2, 1])
        >>> [len(part) for part in Dataset([[0.0]] * 9, [0, 1, 2] * 3).split([1 / 3] * 3)]
        [3, 3, 3]
        """
        parts, rest, rng = [], self, as_generator(generator).host
        for size in count_parts(fraction, len(self))[:-1]:
            first, others = draw_sample(rest._strata, size, rng)
            parts.append(rest.subset(first))
            rest = rest.subset(others)
        return (*parts, rest)

    def folds(
        self, k: int, *, generator: Generator | None = None
    ) -> Iterator[tuple[Dataset, Dataset]]:
        """Return the k pairs (training, validation) of a cross-validation.

        Each example is in exactly one validation part.  The sizes of these parts, and their counts
        of each class, differ by at most 1; a class with fewer than k examples is therefore missing
        in some of them.

        Args:
            k: from 2 to N.
            generator: see `sample`.

        >>> data = Dataset([[0.0]] * 6, [0, 0, 0, 0, 1, 1])
        >>> [validation.class_counts.tolist() for _, validation in data.folds(2)]
        [[2, 1], [2, 1]]
        """
        k = check_count("k", k, minimum=2)
        if k > len(self):
            raise ArgumentError(f"Cannot divide {len(self)} examples into {k} folds.", argument="k")
        pairs = draw_folds(self._strata, k, as_generator(generator).host)
        return ((self.subset(train), self.subset(held_out)) for train, held_out in pairs)

    @property
    def _strata(self) -> np.ndarray:
        """The classes whose proportions a division keeps; float targets count as one class.

        Examples without a class are a class of their own.
        """
        if not self.classes:
            return np.zeros(len(self), dtype=np.int64)
        return np.where(self.ignored, len(self.classes), self.y)

    # -- noise -------------------------------------------------------------------------------------

    def with_label_noise(self, rate: float, *, generator: Generator | None = None) -> Dataset:
        """Return the same examples with a fraction of wrong labels, which `noisy` marks.

        Exactly round(rate · N) of N examples with a class, chosen uniformly, get a new label: each
        of the K − 1 other labels has the same probability.  After two calls, `noisy` marks the
        labels that either call replaced.

        Args:
            rate: the fraction of labels to replace, in [0, 1].
            generator: see `sample`.

        Raises:
            DataError: float targets, or a single class.

        Zhang et al. (2017), "Understanding deep learning requires rethinking generalization".

        >>> data = Dataset([[0.0]] * 10, [0, 1] * 5).with_label_noise(0.3)
        >>> int(data.noisy.sum()), int((data.y != [0, 1] * 5).sum())
        (3, 3)
        """
        rate = check_probability("rate", rate)
        rng = as_generator(generator).host
        classes = len(self.classes)
        if classes < 2:
            what = "a single class" if classes else "float targets"
            raise DataError(f"Label noise needs at least two classes; this dataset has {what}.")
        counted = np.flatnonzero(~self.ignored)
        chosen = rng.permutation(counted)[: round(rate * len(counted))]
        noisy = copy(self)
        noisy.y, noisy.noisy = self.y.copy(), self.noisy.copy()
        # label + 1 … label + K − 1 modulo K: every label but the old one
        noisy.y[chosen] = (self.y[chosen] + rng.integers(1, classes, size=len(chosen))) % classes
        noisy.noisy[chosen] = True
        return noisy
