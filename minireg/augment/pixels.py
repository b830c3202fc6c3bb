"""PixelTransform: the base of transforms that compute with the values of pixels."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..backend import find_blocks, namespace
from ..errors import ArgumentError
from .draw import Draw
from .transform import ImageTransform

ROUNDING = 1e-3  # how far from [0, 1] a resampling in floats may round


class PixelTransform(ImageTransform):
    """A transform that computes with pixels as floats.  A subclass defines `compute`.

    The result is clipped to [0, 1] or 0..255 and gets the dtype of the images; for uint8 it is
    rounded (a half to the even neighbour).  On NumPy some images at a time are computed, so that
    the floats stay in the cache.

    Attributes:
        clip: if False, floats are neither checked nor clipped.

    >>> class Invert(PixelTransform):
    ...     def compute(self, x, draw, white):
    ...         return white - x
    >>> Invert()(np.array([[[[0, 55]]]], dtype=np.uint8)).tolist()
    [[[[255, 200]]]]
    """

    clip = True

    def compute(self, x: Any, draw: Draw, white: float) -> Any:
        """Return the new values, in place or not.

        Args:
            x: (N, C, H, W) floats, a copy; float64 if the images are, else float32.
            draw: of these images.
            white: the largest value of a pixel: 255 for uint8, 1 for floats.
        """
        raise NotImplementedError(f"{type(self).__name__} must define compute(x, draw, white).")

    def check(self, images: Any) -> None:
        """Refuse images that the transform cannot change."""
        if self.clip:
            check_pixels(type(self).__name__, images)

    def change_images(self, images: Any, draw: Draw) -> Any:
        self.check(images)
        xp, whole = namespace(images), images.dtype == np.uint8
        white, dtype = 255.0 if whole else 1.0, np.promote_types(images.dtype, np.float32)
        out = xp.empty_like(images)
        for block in self.group_images(images, draw):
            is_slice = isinstance(block, slice)
            here = block if is_slice else xp.asarray(block)
            x = images[here].astype(dtype, copy=is_slice)  # numbers copy anyway
            x = self.compute(x, draw[block], white)
            if self.clip or whole:
                xp.clip(x, 0, white, out=x)
            out[here] = xp.rint(x, out=x) if whole else x
        return out

    def group_images(self, images: Any, draw: Draw) -> list[Any]:
        """Return the images that are computed together: slices, or numbers on the host."""
        return find_blocks(images)


def check_pixels(name: str, images: Any) -> None:
    """Refuse floats outside [0, 1] on NumPy; on a device, looking would wait for it.

    Args:
        name: of the transform.
    """
    if images.dtype == np.uint8 or namespace(images).name != "numpy" or not images.size:
        return
    low, high = float(images.min()), float(images.max())
    if not -ROUNDING <= low <= high <= 1 + ROUNDING:  # NaN fails, too
        raise ArgumentError(
            f"{name} takes floats in [0, 1], got pixels from {low:g} to {high:g}. Pixels from 0 to "
            f"255 must be uint8 or divided by 255; normalize afterwards.",
            argument="images",
        )


def blend(factor: Any, x: Any, target: Any) -> Any:
    """f x + (1 − f) t."""
    mixed = factor * x
    mixed += (1 - factor) * target
    return mixed
