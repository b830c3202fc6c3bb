"""DataLoader: batches of Tensors on the current backend.

The whole dataset is on the device; an epoch costs one upload (its order) and no transfer back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from ..autograd import Tensor
from ..autograd.tensor import raw
from ..backend import Backend, current_backend
from ..batch import Batch, Transform, apply_transform
from ..checks import check_count, check_flag
from ..errors import ArgumentError, ArgumentTypeError
from ..random import Generator, as_generator
from .dataset import Dataset


class DataLoader:
    """Iterating gives `Batch`es of Tensors of up to `batch_size` examples: `for x, y in loader`.

    Inputs are float32, uint8 pixels divided by 255; class labels are int64, float targets float32.
    Every example comes exactly once an epoch (with `drop_last`: at most once).

    Args:
        dataset: a `Dataset`, a pair `(x, y)` of arrays, or an object with the attributes x and y.
        batch_size: examples in a batch.
        shuffle: a new random order in each epoch, instead of the dataset's own.
        drop_last: leave out the last batch if it is smaller than the others.
        min_last: join the last batch to the one before it if it has fewer examples than this.
        transform: changes each batch before its uint8 pixels become floats.  An
            `augment.Transform` gets the `Batch` of arrays, with the examples' positions in the
            dataset as `ids`; any other function gets the array of images and returns images: uint8
            pixels, which are then divided by 255, or floats, which are not.
        generator: draws the orders; by default a new stream of the default generator.

    Attributes:
        epoch: how many iterations have started, which is the `epoch` of the next one.
        generator: see above; its `state` and `epoch` are all that is needed to continue elsewhere.

    Raises:
        DataError: see `Dataset`.
        ArgumentError: a batch size below 1, or `drop_last` that would leave no batch.

    >>> loader = DataLoader(([[1.0], [2.0], [3.0]], [0, 1, 1]), batch_size=2)
    >>> for i, data in enumerate(loader, 0):
    ...     inputs, labels = data
    ...     print(i, inputs.tolist(), labels.tolist())
    0 [[1.0], [2.0]] [0, 1]
    1 [[3.0]] [1]
    """

    def __init__(
        self,
        dataset: Any,
        batch_size: int = 32,
        *,
        shuffle: bool = False,
        drop_last: bool = False,
        min_last: int = 1,
        transform: Transform | Callable[[Any], Any] | None = None,
        generator: Generator | None = None,
    ) -> None:
        self.dataset = as_dataset(dataset)
        self.batch_size = check_count("batch_size", batch_size)
        self.shuffle = check_flag("shuffle", shuffle)
        self.drop_last = check_flag("drop_last", drop_last)
        self.min_last = check_count("min_last", min_last)
        if drop_last and self.batch_size > len(self.dataset):
            raise ArgumentError(
                f"drop_last=True with batch_size={batch_size} would drop all "
                f"{len(self.dataset)} examples. Use a smaller batch_size.",
                argument="batch_size",
            )
        if transform is not None and (not callable(transform) or isinstance(transform, type)):
            raise ArgumentTypeError(
                f"transform must be a Transform or a function of images, got {transform!r}. A text "
                f"becomes one by augment.parse(text), a list by augment.Compose(list).",
                argument="transform",
            )
        self.transform = transform
        self.generator = as_generator(generator)
        self.epoch = 0
        self._uploaded: dict[str, tuple[Any, Any]] = {}  # backend name -> x, y

    def __len__(self) -> int:
        """The number of batches in an epoch."""
        full, rest = divmod(len(self.dataset), self.batch_size)
        if self.drop_last:
            return full
        count, last = (full + 1, rest) if rest else (full, self.batch_size)
        return count - 1 if last < self.min_last and count > 1 else count

    def __repr__(self) -> str:
        return f"DataLoader({len(self)} batches of {self.batch_size} from {self.dataset!r})"

    def __iter__(self) -> Iterator[Batch]:
        xp = current_backend()
        x, y = self._on(xp)
        n, size, epoch = len(self.dataset), self.batch_size, self.epoch
        self.epoch += 1
        order = self.generator.host.permutation(n) if self.shuffle else np.arange(n)
        places = xp.asarray(order) if self.shuffle else xp.arange(n)  # at most one upload
        ends = [size * k for k in range(1, len(self))]
        ends.append(len(self) * size if self.drop_last else n)
        for start, end in pairwise([0, *ends]):
            # An array of indices copies: a transform may write in place.
            here = places[start:end]
            batch = Batch(x[here], y[here], order[start:end], epoch)
            if self.transform is not None:
                batch = check_transformed(apply_transform(self.transform, batch), len(here), xp)
            yield replace(batch, x=Tensor(as_float32(batch.x)), y=Tensor(batch.y))

    def _on(self, xp: Backend) -> tuple[Any, Any]:
        """The whole dataset as arrays of this backend: uploaded once."""
        if xp.name not in self._uploaded:
            x, y = self.dataset.x, self.dataset.y
            if x.dtype != np.uint8:
                x = x.astype(np.float32, copy=False)
            if y.dtype.kind == "f":
                y = y.astype(np.float32, copy=False)
            self._uploaded[xp.name] = xp.asarray(x), xp.asarray(y)
        return self._uploaded[xp.name]


def as_float32(x: Any) -> Any:
    """float32; the pixels 0..255 of uint8 become [0, 1]."""
    if x.dtype != np.uint8:
        return x.astype(np.float32, copy=False)
    pixels = x.astype(np.float32)
    pixels /= 255
    return pixels


def check_transformed(batch: Batch, count: int, xp: Backend) -> Batch:
    """Return the result of a transform as arrays of `count` examples on the backend."""
    x, y = raw(batch.x), raw(batch.y)
    for what, array in ("images", x), ("labels", y):
        shape = getattr(array, "shape", ())
        if not isinstance(array, xp.array_type) or shape[:1] != (count,):
            raise ArgumentTypeError(
                f"transform must return an array of {count} {what} on the {xp.name} backend, got "
                f"{type(array).__name__} of shape {shape}.",
                argument="transform",
            )
    if x.dtype.kind != "f" and x.dtype != np.uint8:
        raise ArgumentTypeError(
            f"transform must return uint8 pixels from 0 to 255, or floats, got {x.dtype}. Round "
            f"and clip: xp.rint(y).clip(0, 255).astype(np.uint8).",
            argument="transform",
        )
    if y.dtype.kind == "f":
        y = y.astype(np.float32, copy=False)
    return replace(batch, x=x, y=y)


def as_dataset(source: Any, ignore_index: int | None = None) -> Dataset:
    """Return a Dataset from anything that a DataLoader accepts."""
    if isinstance(source, Dataset):
        return source
    if isinstance(source, tuple) and len(source) == 2:
        return Dataset(*source, ignore_index=ignore_index)
    if hasattr(source, "x") and hasattr(source, "y"):
        return Dataset(source.x, source.y, ignore_index=ignore_index)
    raise ArgumentTypeError(
        f"Examples must be a Dataset, a pair (x, y) or an object with attributes x and y, got "
        f"{type(source).__name__}. Pass two arrays as a pair (x, y); for a DataLoader pass "
        f"loader.dataset."
    )
