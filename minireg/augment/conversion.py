"""Transforms of all pixels to the values that a network takes.  They act in evaluation, too."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..backend import namespace
from ..errors import ArgumentTypeError
from .arguments import Values, check_values, read_values
from .draw import Draw
from .pixels import check_pixels
from .transform import ImageTransform


class ToTensor(ImageTransform):
    """uint8 pixels from 0 to 255 as float32 in [0, 1], x / 255; floats in [0, 1] stay as they are.

    A single uint8 image (H, W), (H, W, C) or of Pillow becomes an array (C, H, W).

    >>> ToTensor()(np.array([[0, 51], [102, 255]], dtype=np.uint8)).tolist()
    [[[0.0, 0.20000000298023224], [0.4000000059604645, 1.0]]]
    """

    keeps_dtype = False

    def __init__(self) -> None:
        super().__init__()

    def change_images(self, images: Any, draw: Draw) -> Any:
        check_pixels("ToTensor", images)
        return images / np.float32(255) if images.dtype == np.uint8 else images


class Normalize(ImageTransform):
    """(x − mean) / std for each channel of floating-point images.

    Take the mean and the standard deviation of the training set, before augmentation, and put
    `Normalize` last: most other transforms need pixels in [0, 1].

    Args:
        mean, std: numbers for each channel, or one for all; std > 0.

    >>> Normalize(0.5, 0.25)(np.array([[[[0.0, 0.5, 1.0]]]])).tolist()
    [[[[-2.0, 0.0, 2.0]]]]
    """

    def __init__(self, mean: Values, std: Values) -> None:
        super().__init__()
        self.mean = check_values("mean", mean)
        self.std = check_values("std", std, above=0)

    def change_images(self, images: Any, draw: Draw) -> Any:
        if images.dtype == np.uint8:
            raise ArgumentTypeError(
                "Normalize takes floating-point images, got uint8. Put ToTensor() before it.",
                argument="images",
            )
        pixels = read_values("mean", self.mean, images), read_values("std", self.std, images)
        if not isinstance(self.mean, tuple) and not isinstance(self.std, tuple):
            pixels = pixels[0][:1], pixels[1][:1]  # broadcast over all channels, in half the time
        mean, std = namespace(images).asarray(pixels, dtype=images.dtype)[..., None, None]
        y = images - mean
        y /= std
        return y
