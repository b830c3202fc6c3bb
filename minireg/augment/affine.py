"""Random rotation, translation, scale and shear: camera moves by random affine matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..checks import check_probability
from ..errors import ArgumentError
from ..random import Generator
from .arguments import (
    Range,
    Size,
    Values,
    as_pair,
    check_fill,
    check_interpolation,
    check_interval,
    check_mode,
    check_range,
    spread,
    spread_log,
)
from .draw import Draw
from .geometric import Geometric
from .matrices import affine_matrix
from .moves import Move


class RandomAffine(Geometric):
    """Shear, scale, turn about the centre, then shift, all by random amounts.  The size is kept.

    With x to the right and y *up* from the centre, what is at (x, y) moves to

        scale · R S_y S_x (x, y) + (right · W, −down · H),

        R = [[cos a, −sin a], [sin a, cos a]],
        S_x = [[1, tan(shear_x)], [0, 1]],  S_y = [[1, 0], [tan(shear_y), 1]].

    The formula is torchvision's, but a positive angle turns counter-clockwise on the screen, and
    shifts are not rounded to whole pixels.  The scale is drawn log-uniformly (½ is as likely as 2),
    everything else uniformly.  What is None is not drawn and changes nothing.

    Args:
        degrees: d for angles from −d to d, or (a, b) for angles from a to b; positive is
            counter-clockwise on the screen.
        translate: (a, b) for shifts by at most a · W to the right or left and by at most b · H down
            or up, with a and b in [0, 1]; or one number for both.  Positive is right and down.
        scale: (a, b) for scales from a to b, both positive; above 1, things become larger.
        shear: d or (a, b) for a shear_x in degrees, which if positive moves the top to the right;
            (a, b, c, d) for also a shear_y from c to d, which if positive moves the right side up.
            All are between −90 and 90.
        interpolation: "bilinear" or "nearest".
        fill: the value of pixels outside the image, in its units, or one for each channel.
        padding_mode: what is outside the image: "constant" (`fill`), "edge", "reflect" or
            "symmetric", as for `np.pad`.
        generator: see `ImageTransform`.

    >>> t = RandomAffine(10, translate=(0.1, 0.2), shear=5, generator=mr.Generator(0))
    >>> t.sample([3, 4])
    Draw of RandomAffine for 2 images
          degrees     right      down   shear_x
    0      -7.557    -0.065     0.114     2.715
    1      -4.860    -0.051    -0.115     4.520
    """

    def __init__(
        self,
        degrees: float | Range | None,
        translate: float | Range | None = None,
        scale: Range | None = None,
        shear: float | tuple[float, ...] | None = None,
        *,
        interpolation: str = "bilinear",
        fill: Values = 0.0,
        padding_mode: str = "constant",
        generator: Generator | None = None,
    ) -> None:
        self.degrees = None if degrees is None else check_range("degrees", degrees)
        self.translate = None if translate is None else check_translate(translate)
        self.scale = None if scale is None else check_interval("scale", scale, above=0)
        self.shear = None if shear is None else check_shear(shear)
        self.interpolation = check_interpolation(interpolation)
        self.fill = check_fill(fill)
        self.padding_mode = check_mode(padding_mode)
        self.draws = len(self.ranges())
        super().__init__(generator=generator)

    def ranges(self) -> dict[str, Range]:
        """Return the intervals of what is drawn, by the names that `affine_matrix` uses."""
        shift, shear = self.translate, self.shear
        found = {
            "degrees": self.degrees,
            "right": shift and (-shift[0], shift[0]),
            "down": shift and (-shift[1], shift[1]),
            "scale": self.scale,
            "shear_x": shear and shear[:2],
            "shear_y": shear and shear[2:],
        }
        return {name: (ends[0], ends[1]) for name, ends in found.items() if ends}

    def draw_parameters(self, u: np.ndarray, size: Size | None) -> dict[str, Any]:
        return {
            name: (spread_log if name == "scale" else spread)(numbers, ends)
            for (name, ends), numbers in zip(self.ranges().items(), u.T, strict=True)
        }

    def move(self, draw: Draw, size: Size) -> Move:
        matrices = affine_matrix(*size, **{name: draw[name] for name in self.ranges()})
        matrices = np.broadcast_to(matrices, (len(draw), 3, 3))
        return Move(matrices, size, self.fill, self.padding_mode, self.interpolation)


class RandomRotation(RandomAffine):
    """Turn about the centre by an angle drawn uniformly; positive is counter-clockwise on screen.

    Args:
        degrees: d for angles from −d to d, or (a, b) for angles from a to b.
        interpolation, fill, padding_mode, generator: see `RandomAffine`.

    >>> RandomRotation((90, 90))(np.array([[[[1, 2], [3, 4]]]], dtype=np.uint8)).tolist()
    [[[[2, 4], [1, 3]]]]
    """

    def __init__(
        self,
        degrees: float | Range,
        *,
        interpolation: str = "bilinear",
        fill: Values = 0.0,
        padding_mode: str = "constant",
        generator: Generator | None = None,
    ) -> None:
        super().__init__(
            degrees,
            interpolation=interpolation,
            fill=fill,
            padding_mode=padding_mode,
            generator=generator,
        )


class RandomTranslation(RandomAffine):
    """Shift by amounts drawn uniformly, not rounded to whole pixels; positive is right and down.

    Args:
        translate: (a, b) for shifts by at most a · W to the right or left and by at most b · H down
            or up, with a and b in [0, 1]; or one number for both.
        interpolation, fill, padding_mode, generator: see `RandomAffine`.

    >>> t, image = RandomTranslation(0.5), np.array([[[[1, 2, 3, 4]]]], dtype=np.uint8)
    >>> t.apply(image, Draw("RandomTranslation", 1, {"right": [0.25], "down": [0.0]})).tolist()
    [[[[0, 1, 2, 3]]]]
    """

    def __init__(
        self,
        translate: float | Range,
        *,
        interpolation: str = "bilinear",
        fill: Values = 0.0,
        padding_mode: str = "constant",
        generator: Generator | None = None,
    ) -> None:
        super().__init__(
            None,
            translate,
            interpolation=interpolation,
            fill=fill,
            padding_mode=padding_mode,
            generator=generator,
        )


class RandomScale(RandomAffine):
    """Enlarge (above 1) or shrink about the centre by a factor drawn log-uniformly.

    Args:
        scale: (a, b) for factors from a to b, both positive.
        interpolation, fill, padding_mode, generator: see `RandomAffine`.

    >>> RandomScale((2, 2))(np.array([[[[0.0, 1.0, 0.0]]]])).tolist()
    [[[[0.5, 1.0, 0.5]]]]
    """

    def __init__(
        self,
        scale: Range,
        *,
        interpolation: str = "bilinear",
        fill: Values = 0.0,
        padding_mode: str = "constant",
        generator: Generator | None = None,
    ) -> None:
        super().__init__(
            None,
            scale=scale,
            interpolation=interpolation,
            fill=fill,
            padding_mode=padding_mode,
            generator=generator,
        )


class RandomShear(RandomAffine):
    """Shear about the centre by angles drawn uniformly: rows, columns, or both.

    Args:
        shear: d or (a, b) for a shear_x in degrees, which if positive moves the top to the right;
            (a, b, c, d) for also a shear_y from c to d, which if positive moves the right side up.
            All are between −90 and 90.
        interpolation, fill, padding_mode, generator: see `RandomAffine`.

    >>> image = np.zeros((1, 1, 3, 3), dtype=np.uint8)
    >>> image[..., 1] = 9
    >>> RandomShear((45, 45))(image)[0, 0].tolist()
    [[0, 0, 9], [0, 9, 0], [9, 0, 0]]
    """

    def __init__(
        self,
        shear: float | tuple[float, ...],
        *,
        interpolation: str = "bilinear",
        fill: Values = 0.0,
        padding_mode: str = "constant",
        generator: Generator | None = None,
    ) -> None:
        super().__init__(
            None,
            shear=shear,
            interpolation=interpolation,
            fill=fill,
            padding_mode=padding_mode,
            generator=generator,
        )


# -- checks of arguments ---------------------------------------------------------------------------


def check_translate(translate: Any) -> Range:
    """Return the largest shifts (right or left, down or up) as fractions of width and height."""
    shifts = as_pair(translate)
    if len(shifts) != 2:
        raise ArgumentError(
            f"translate must be (a, b), fractions of the width and the height, or one number for "
            f"both, got {translate!r}.",
            argument="translate",
        )
    meaning = ", fractions of the width and the height and not pixels,"
    right, down = (check_probability("translate", end, meaning=meaning) for end in shifts)
    return right, down


def check_shear(shear: Any) -> tuple[float, ...]:
    """Return one or two intervals (a, b) or (a, b, c, d) of angles between −90 and 90."""
    several = isinstance(shear, (tuple, list))
    if several and len(shear) not in (2, 4):
        raise ArgumentError(
            f"shear must be d, (a, b) or (a, b, c, d) in degrees, got {shear!r}.", argument="shear"
        )
    intervals = [shear[:2], shear[2:]] if several and len(shear) == 4 else [shear]
    ends = [end for interval in intervals for end in check_range("shear", interval)]
    if max(map(abs, ends)) >= 90:
        raise ArgumentError(
            f"shear must be between -90 and 90 degrees, got {shear!r}.", argument="shear"
        )
    return tuple(ends)
