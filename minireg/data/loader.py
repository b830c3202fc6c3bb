"""DataLoader: batches of Tensors on the current backend.

The whole dataset lies on the device; an epoch costs one upload (its order) and no transfer back.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..autograd import Tensor
from ..autograd.tensor import raw
from ..backend import Backend, current_backend
from ..checks import check_count
from ..errors import ArgumentError, ArgumentTypeError
from ..random import Generator, default_generator
from .dataset import Dataset


class DataLoader:
    """Iterating gives `(inputs, labels)`: Tensors of up to `batch_size` examples.

    Inputs are float32, uint8 pixels divided by 255; class labels are int64, float targets float32.
    Every example comes exactly once an epoch (with `drop_last`: at most once).

    Args:
        dataset: a `Dataset`, a pair `(x, y)` of arrays, or an object with the attributes x and y.
        batch_size: examples in a batch.
        shuffle: a new random order in each epoch, instead of the dataset's own.
        drop_last: leave out the last batch if it is smaller than the others.
        transform: a function of the array of images (uint8 stays uint8 here), called for each
            batch.  If it has a parameter `ids`, it is called as `transform(images, ids=ids,
            epoch=epoch)` with the examples' positions in the dataset (uint64 array) and the number
            of the epoch, otherwise as `transform(images)`.
        generator: draws the orders; by default a new stream of the default generator.

    Attributes:
        epoch: how many iterations were begun; the `epoch` of the next one.
        generator: see above; its `state` and `epoch` are all that is needed to go on elsewhere.

    Raises:
        DataError: see `Dataset`.
        ArgumentError: a batch size below 1, or `drop_last` that would leave no batch.

    >>> import minireg as mr
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
        shuffle: bool = False,
        drop_last: bool = False,
        transform: Callable[..., Any] | None = None,
        generator: Generator | None = None,
    ) -> None:
        self.dataset = as_dataset(dataset)
        self.batch_size = check_count("batch_size", batch_size)
        self.shuffle = shuffle
        self.drop_last = drop_last
        if drop_last and self.batch_size > len(self.dataset):
            raise ArgumentError(
                f"drop_last=True with batch_size={batch_size} would drop all "
                f"{len(self.dataset)} examples. Use a smaller batch_size."
            )
        if transform is not None and not callable(transform):
            raise ArgumentTypeError(f"transform must be a function of images, got {transform!r}.")
        if generator is not None and not isinstance(generator, Generator):
            raise ArgumentTypeError(
                f"generator must be a minireg generator, got {generator!r}. "
                f"Make one from a seed: mr.Generator(0)."
            )
        self.transform = transform
        self.generator = default_generator().spawn() if generator is None else generator
        self.epoch = 0
        self._uploaded: dict[str, tuple[Any, Any]] = {}  # backend name -> x, y

    def __len__(self) -> int:
        """The number of batches in an epoch."""
        n = len(self.dataset)
        return n // self.batch_size if self.drop_last else -(-n // self.batch_size)

    def __repr__(self) -> str:
        return f"DataLoader({len(self)} batches of {self.batch_size} from {self.dataset!r})"

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        xp = current_backend()
        x, y = self._on(xp)
        n, epoch = len(self.dataset), self.epoch
        self.epoch += 1
        if self.shuffle:
            order = xp.asarray(self.generator.host.permutation(n))
        else:
            order = xp.arange(n)
        takes_ids = has_parameter(self.transform, "ids")
        for first in range(0, len(self) * self.batch_size, self.batch_size):
            ids = order[first : first + self.batch_size]
            images = x[ids]  # an array of indices copies: a transform may write in place
            if self.transform is not None:
                options = {"ids": ids.astype(np.uint64), "epoch": epoch} if takes_ids else {}
                images = check_images(self.transform(images, **options), len(ids), xp)
            yield Tensor(as_float32(images)), Tensor(y[ids])

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


def check_images(result: Any, count: int, xp: Backend) -> Any:
    """What a transform returned, as an array of `count` images on the backend."""
    images = raw(result)
    shape = getattr(images, "shape", ())
    if not isinstance(images, xp.array_type) or shape[:1] != (count,):
        raise ArgumentTypeError(
            f"transform must return an array of {count} images on the {xp.name} backend, got "
            f"{type(images).__name__} of shape {shape}."
        )
    return images


def as_dataset(source: Any) -> Dataset:
    """A Dataset from whatever a DataLoader takes."""
    if isinstance(source, Dataset):
        return source
    if isinstance(source, tuple) and len(source) == 2:
        return Dataset(*source)
    if hasattr(source, "x") and hasattr(source, "y"):
        return Dataset(source.x, source.y)
    raise ArgumentTypeError(
        f"Examples come as a Dataset, a pair (x, y) or an object with attributes x and y, and this "
        f"is a {type(source).__name__}. Two arrays go in together, as (x, y); of a DataLoader, "
        f"fit and evaluate take its dataset."
    )


def has_parameter(function: Any, name: str) -> bool:
    """Whether `function` can be called with the keyword `name`; False if it does not tell."""
    if function is None:
        return False
    try:
        return name in inspect.signature(function).parameters
    except ValueError:  # some functions written in C have no signature
        return False
