"""Draw: the parameters that a transform drew for the images of a batch."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..backend import namespace
from ..checks import check_count
from ..errors import ArgumentError, IndexRangeError
from ..plots import plot_parameters
from .arguments import MANY, Size, check_image_size

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHOWN = 8  # images in a repr


class Draw:
    """The parameters of a transform for N images: named arrays with a row for each image.

    `draw["degrees"]` is the array of that name, `draw[3:5]` the draw of these images alone.  A
    parameter of a part has the name that is printed: `draw["RandomRotation.degrees"]`.
    Apart from `values` everything is the same for all images.

    Args:
        name: of the transform.
        count: N, the number of images.
        values: names and their arrays (N, ...), on the host.
        size: (height, width) of the images before the transform, or None if it was not needed.
        parts: the draws of the transforms inside another one (`Compose`), in their order; None for
            one that does not act.

    >>> draw = Draw("RandomRotation", 3, {"degrees": np.array([4.0, -7.5, 0.5])}, size=(28, 28))
    >>> draw
    Draw of RandomRotation for 3 images of (28, 28)
          degrees
    0       4.000
    1      -7.500
    2       0.500
    >>> draw[1:]["degrees"].tolist()
    [-7.5, 0.5]
    """

    def __init__(
        self,
        name: str,
        count: int,
        values: Mapping[str, Any] | None = None,
        *,
        size: tuple[int, int] | None = None,
        parts: Sequence[Draw | None] = (),
    ) -> None:
        self.name, self.count = name, check_count("count", count, minimum=0, maximum=MANY)
        self.size = check_image_size(size)
        self.values = {key: np.asarray(value) for key, value in (values or {}).items()}
        self.parts = tuple(parts)
        for key, value in self.values.items():
            if value.shape[:1] != (count,):
                raise ArgumentError(
                    f"{name}: {count} images need {key!r} of shape ({count}, ...), got "
                    f"{value.shape}."
                )
            if value.dtype.kind not in "biuf" or not np.isfinite(value).all():
                raise ArgumentError(
                    f"{name}: {key!r} must be finite numbers or booleans, got {value[:8]}."
                )
        for part in self.parts:
            if part is not None and not (isinstance(part, Draw) and len(part) == count):
                raise ArgumentError(
                    f"{name}: parts must be draws for {count} images or None, got {part!r}."
                )

    def __getitem__(self, key: Any) -> Any:
        """The array called `key`; for a slice, integers or booleans, the draw of these images."""
        if isinstance(key, str):
            found = self.values if key in self.values else self.columns()
            if key not in found:
                known = ", ".join(map(repr, dict.fromkeys([*self.values, *found]))) or "none"
                raise ArgumentError(f"{self.name} draws no parameter {key!r}. Known: {known}.")
            return found[key]
        if "partner" in self.values:
            raise ArgumentError(
                f"{self.name} mixes the images of a batch with each other, so its draw cannot be "
                f"cut into parts. Sample the parts: t.sample(ids, epoch, size)."
            )
        try:
            numbers = np.arange(self.count)[key].reshape(-1)
        except (IndexError, TypeError) as error:
            raise IndexRangeError(
                f"A draw of {self.count} images has no images {key!r} ({error})."
            ) from error
        chosen = Draw.__new__(Draw)  # without the checks, which this one has passed
        chosen.name, chosen.count, chosen.size = self.name, len(numbers), self.size
        chosen.values = {name: value[numbers] for name, value in self.values.items()}
        chosen.parts = tuple(None if part is None else part[numbers] for part in self.parts)
        return chosen

    def __len__(self) -> int:
        return self.count

    def read(self, key: str, images: Any) -> Any:
        """Return parameter `key` as an array that broadcasts with `images`, on their backend.

        Args:
            images: (N, C, H, W).

        Returns:
            (N, 1, 1, 1): floats in the dtype of the images, or float32 if those are uint8;
            booleans and integers as they are.
        """
        value = self[key]
        if value.dtype.kind == "f":
            value = value.astype(images.dtype if images.dtype.kind == "f" else np.float32)
        value = value.reshape(self.count, *value.shape[1:], *(1,) * (images.ndim - value.ndim))
        return namespace(images).asarray(value)

    def read_counts(self, key: str, first: int, end: float = math.inf) -> np.ndarray:
        """Return parameter `key`, on the host, if it is of whole numbers from first to end − 1."""
        counts = self[key]
        fits = (counts >= first) & (counts < end) & (counts.dtype.kind in "iu")
        upper = "" if end == math.inf else f" to {end - 1}"
        self.check(key, fits, f"whole numbers from {first}{upper}")
        return counts

    def check(self, key: str, fits: np.ndarray, expected: str) -> None:
        """Refuse parameter `key` unless it fits for all images."""
        if not fits.all():
            raise ArgumentError(
                f"{self.name}: {key!r} must be {expected}, got {self[key][:SHOWN]}.",
                argument="draw",
            )

    def check_size(self, size: Size) -> None:
        """Refuse images of another size than that for which the parameters were drawn."""
        if self.size is not None and self.size != size:
            raise ArgumentError(
                f"{self.name}: the parameters were drawn for images of {self.size}, got images of "
                f"{size}. Use t.sample(ids, epoch, size={size}). In a Compose, functions must not "
                f"change the size of images.",
                argument="draw",
            )

    # -- to store and to print ---------------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """Return everything as numbers, texts and lists, which JSON can hold."""
        return {
            "name": self.name,
            "count": self.count,
            "size": self.size and list(self.size),
            "values": {
                key: {"dtype": str(value.dtype), "shape": list(value.shape), "data": value.tolist()}
                for key, value in self.values.items()
            },
            "parts": [None if part is None else part.to_dict() for part in self.parts],
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Draw:
        """Return the draw that `to_dict` stored.

        >>> draw = Draw("RandomHorizontalFlip", 2, {"flipped": [True, False]})
        >>> Draw.from_dict(draw.to_dict())["flipped"].tolist()
        [True, False]
        """
        try:
            return cls(
                stored["name"],
                stored["count"],
                {
                    key: np.array(value["data"], dtype=str(value["dtype"])).reshape(value["shape"])
                    for key, value in stored["values"].items()
                },
                size=stored["size"],
                parts=[None if p is None else cls.from_dict(p) for p in stored["parts"]],
            )
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
            raise ArgumentError(
                f"This is not a stored draw ({error!r}). Store one with draw.to_dict()."
            ) from error

    def columns(self, prefix: str = "") -> dict[str, np.ndarray]:
        """Return all parameters, those of the parts too, as arrays (N,) by their full names.

        >>> part = Draw("RandomCrop", 1, {"corner": [[2, 0]]})
        >>> list(Draw("Compose", 1, parts=[part]).columns())
        ['RandomCrop.corner[0]', 'RandomCrop.corner[1]']
        """
        found = {}
        for key, value in self.values.items():
            flat = value.reshape(self.count, math.prod(value.shape[1:]))
            several = value.ndim > 1
            for k in range(flat.shape[1]):
                found[f"{prefix}{key}" + (f"[{k}]" if several else "")] = flat[:, k]
        names = [part.name for part in self.parts if part is not None]
        for k, part in enumerate(self.parts):
            if part is not None:
                label = part.name if names.count(part.name) == 1 else f"{part.name}[{k}]"
                found.update(part.columns(f"{prefix}{label}."))
        return found

    def plot(self) -> Figure:
        """Return a figure with a histogram of each parameter, those of the parts too.

        Random keys, from which noise is computed, are left out.

        >>> len(Draw("RandomRotation", 3, {"degrees": [4.0, -7.5, 0.5]}).plot().axes)
        1
        """
        columns = self.columns()
        return plot_parameters(
            {name: values for name, values in columns.items() if values.dtype != np.uint64}
        )

    def __repr__(self) -> str:
        size = f" of {self.size}" if self.size else ""
        title = f"Draw of {self.name} for {self.count} images{size}"
        columns = self.columns()
        if not columns:
            return title
        shown = {
            name: [f"{v:.3f}" if data.dtype.kind == "f" else str(v) for v in data[:SHOWN]]
            for name, data in columns.items()
        }
        widths = {name: max(len(name), 8, *map(len, data)) for name, data in shown.items()}
        lines = [title, " " * 5 + "  ".join(name.rjust(widths[name]) for name in shown)]
        for i in range(min(self.count, SHOWN)):
            row = "  ".join(data[i].rjust(widths[name]) for name, data in shown.items())
            lines.append(f"{i:<5}{row}")
        if self.count > SHOWN:
            lines.append(f"... {self.count - SHOWN} more")
        return "\n".join(lines)
