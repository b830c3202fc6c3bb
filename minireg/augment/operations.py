"""Operations: transforms with a strength, and TrivialAugment, which chooses one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..checks import check_choice, check_count, describe_value
from ..errors import ArgumentTypeError
from ..random import Generator, as_generator
from .affine import RandomRotation, RandomScale, RandomShear, RandomTranslation
from .arguments import Size
from .colour import RandomBrightness, RandomContrast, RandomSaturation
from .compose import Compose
from .draw import Draw
from .elastic import ElasticTransform
from .erasing import RandomErasing
from .geometric import RandomHorizontalFlip, RandomVerticalFlip
from .noise import GaussianBlur, GaussianNoise
from .policy import OneOf
from .transform import ImageTransform


@dataclass(frozen=True)
class Operation:
    """A kind of transform whose strength is one number.

    Attributes:
        kind: the class of the transform.
        arguments: of its constructor; with them its strength is random from `low` to `high`.
        low, high: the range of strengths.
        unit: of the strength.
        parameters: returns the parameters of a draw that belong to strengths (N,) and images of a
            size (height, width).
        logarithmic: whether strengths are drawn log-uniformly, and spaced geometrically.

    >>> rotate = OPERATIONS["rotate"]
    >>> strengths = rotate.strengths(3)
    >>> strengths, rotate.unit
    (array([-30.,   0.,  30.]), 'degrees')
    >>> rotate.transform.apply(np.zeros((3, 1, 8, 8)), rotate.draw(strengths)).shape
    (3, 1, 8, 8)
    """

    kind: Callable[..., ImageTransform]
    arguments: Mapping[str, Any]
    low: float
    high: float
    unit: str
    parameters: Callable[[np.ndarray, Any], Mapping[str, np.ndarray]]
    logarithmic: bool = False

    def build(self, generator: Generator) -> ImageTransform:
        """Return the transform, of random strength."""
        return self.kind(**self.arguments, generator=generator)

    @property
    def transform(self) -> ImageTransform:
        """The transform that applies a draw."""
        return self.build(Generator(0))

    def strengths(self, count: int) -> np.ndarray:
        """Return `count` strengths from the lowest to the highest, or the only one there is."""
        count = check_count("count", count)
        space = np.geomspace if self.logarithmic else np.linspace
        return space(self.low, self.high, count if self.low < self.high else 1)

    def draw(self, strengths: Any, size: Size | None = None) -> Draw:
        """Return the draw of images with these strengths; all else that is random is the same.

        Args:
            strengths: (N,).
            size: (height, width) of the images.
        """
        s = np.asarray(strengths)
        if s.ndim != 1 or (len(s) and s.dtype.kind not in "biuf"):
            raise ArgumentTypeError(
                f"strengths must be a list of numbers, got {describe_value(strengths)}.",
                argument="strengths",
            )
        s = s.astype(np.float64)
        draw = self.transform.sample(np.zeros(len(s), dtype=np.int64), size=size)
        values = {**draw.values, **self.parameters(s, draw.size)}
        return Draw(draw.name, len(s), values, size=draw.size)


def vary(
    kind: Callable[..., ImageTransform],
    arguments: Mapping[str, Any],
    parameter: str,
    low: float,
    high: float,
    unit: str,
    logarithmic: bool = False,
) -> Operation:
    """Return the operation whose strength is the drawn parameter of this name."""
    return Operation(kind, arguments, low, high, unit, lambda s, size: {parameter: s}, logarithmic)


def always(kind: Callable[..., ImageTransform]) -> Operation:
    """Return the operation that has one strength only."""
    return Operation(kind, {"p": 1}, 1.0, 1.0, "", lambda s, size: {})


def place_square(area: np.ndarray, size: Size) -> dict[str, np.ndarray]:
    """Return rectangles of these areas, as fractions of the image, in its middle."""
    height, width = (np.rint(np.sqrt(area) * n).astype(np.int64) for n in size)
    return {"height": height, "width": width,
            "top": (size[0] - height) // 2, "left": (size[1] - width) // 2}  # fmt: skip


# Ranges for small images, in which most labels can still be recognized.
OPERATIONS: dict[str, Operation] = {
    "flip": always(RandomHorizontalFlip),
    "vflip": always(RandomVerticalFlip),
    "rotate": vary(RandomRotation, {"degrees": 30}, "degrees", -30.0, 30.0, "degrees"),
    "shear_x": vary(RandomShear, {"shear": 15}, "shear_x", -15.0, 15.0, "degrees"),
    "shear_y": vary(RandomShear, {"shear": (0, 0, -15, 15)}, "shear_y", -15.0, 15.0, "degrees"),
    "translate_x": vary(
        RandomTranslation, {"translate": (0.15, 0)}, "right", -0.15, 0.15, "widths"
    ),
    "translate_y": vary(
        RandomTranslation, {"translate": (0, 0.15)}, "down", -0.15, 0.15, "heights"
    ),
    "scale": vary(RandomScale, {"scale": (0.8, 1.25)}, "scale", 0.8, 1.25, "times", True),
    "elastic": vary(ElasticTransform, {"alpha": (0, 34), "sigma": 4}, "alpha", 0.0, 34.0, "alpha"),
    "brightness": vary(RandomBrightness, {"brightness": (0.5, 1.5)}, "factor", 0.5, 1.5, "times"),
    "contrast": vary(RandomContrast, {"contrast": (0.5, 1.5)}, "factor", 0.5, 1.5, "times"),
    "saturation": vary(RandomSaturation, {"saturation": (0.5, 1.5)}, "factor", 0.5, 1.5, "times"),
    "noise": vary(GaussianNoise, {"sigma": (0, 0.2)}, "sigma", 0.0, 0.2, "of white"),
    "blur": vary(
        GaussianBlur, {"kernel_size": 9, "sigma": (0.1, 1.5)}, "sigma", 0.1, 1.5, "pixels"
    ),
    "erase": Operation(
        RandomErasing, {"p": 1, "scale": (0, 0.3)}, 0.0, 0.3, "of the area", place_square
    ),
}


class TrivialAugment(OneOf):
    """For each image, nothing or one operation, of a random strength.

    All operations are equally likely, and so is nothing; the strength is drawn by the operation's
    own transform, from its range in `OPERATIONS` (uniformly, or log-uniformly if it is
    `logarithmic`, as scales are).  The ranges are made for small images; they are not those of the
    paper.

    Args:
        operations: their names, or one name; by default all that have a strength, so no flips.
        generator: see `ImageTransform`.

    Müller, Hutter (2021), "TrivialAugment: tuning-free yet state-of-the-art data augmentation",
    ICCV.

    >>> t = TrivialAugment(("rotate", "scale"), generator=mr.Generator(0))
    >>> t.sample(range(6))["chosen"]
    array([1, 2, 1, 1, 1, 0])
    """

    def __init__(
        self, operations: str | Sequence[str] | None = None, *, generator: Generator | None = None
    ) -> None:
        names = [name for name, operation in OPERATIONS.items() if operation.low < operation.high]
        if operations is not None:
            if isinstance(operations, str):
                operations = (operations,)
            if not isinstance(operations, (list, tuple)) or not operations:
                raise ArgumentTypeError(
                    f"operations must be names such as ('rotate', 'scale'), got {operations!r}.",
                    argument="operations",
                )
            names = [check_choice("operations", name, OPERATIONS) for name in operations]
        self.operations = None if operations is None else tuple(names)
        generator = as_generator(generator)
        transforms = [OPERATIONS[name].build(generator.spawn()) for name in names]
        super().__init__([Compose([]), *transforms], generator=generator)
