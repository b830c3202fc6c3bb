"""Convert what a transform is given to a batch of arrays, and its result back."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from ..autograd import Tensor, raw
from ..autograd.mode import get_mode
from ..backend import namespace
from ..batch import Batch, check_channels
from ..checks import describe_value, dtype_kind
from ..errors import ArgumentError, ArgumentTypeError, DataError

PILLOW_MODES = ("L", "RGB", "RGBA")


def convert(name: str, given: Any) -> tuple[Batch, Callable[[Batch], Any]]:
    """Return the images as a batch of arrays (N, C, H, W), and a function that converts results.

    The function returns a result as what was given: a `Batch`, a Tensor, an array, or a single
    image (H, W), (H, W, C) or of Pillow.  A single image whose pixels became floats comes back as
    an array (C, H, W).

    Args:
        name: of the transform, for messages.
    """
    if isinstance(given, Batch):
        return convert_batch(name, given)
    if is_pillow(given):
        return convert_pillow(name, given)
    images = raw(given)
    ndim = getattr(images, "ndim", 4)
    if ndim in (2, 3):
        return convert_single(name, images, given)
    batch = Batch(check_images(name, images))
    return batch, lambda result: as_given(result.x, given)


def convert_batch(name: str, given: Batch) -> tuple[Batch, Callable[[Batch], Batch]]:
    x, y, masks = check_images(name, raw(given.x)), raw(given.y), raw(given.masks)
    if given.ids is not None:
        check_length("ids", given.ids, len(x))
    if y is not None:
        check_length("y", y, len(x), "labels")
    if masks is not None:
        check_masks(masks, x)

    def restore(result: Batch) -> Batch:
        return replace(
            result,
            x=as_given(result.x, given.x),
            y=as_given(result.y, given.y),
            masks=as_given(result.masks, given.masks),
        )

    return replace(given, x=x, y=y, masks=masks), restore


def convert_single(name: str, image: Any, given: Any) -> tuple[Batch, Callable[[Batch], Any]]:
    """Convert one image (H, W) or (H, W, C), the array of what was given."""
    xp, grey = namespace(image), image.ndim == 2
    if not grey and image.shape[2] not in (1, 3, 4):
        raise ArgumentError(
            f"{name} takes single images of shape (H, W) or (H, W, C) with 1, 3 or 4 channels, got "
            f"{image.shape}. For an image (C, H, W) pass image[None], a batch of one; for grey "
            f"images (N, H, W) pass images[:, None].",
            argument="images",
        )
    images = image[None, None] if grey else xp.moveaxis(image, 2, 0)[None]
    x = check_images(name, xp.ascontiguousarray(images))

    def restore(result: Batch) -> Any:
        y = result.x[0]
        if y.dtype == image.dtype:
            y = y[0] if grey and len(y) == 1 else xp.moveaxis(y, 0, 2)
        return as_given(y, given)

    return Batch(x), restore


def is_pillow(given: Any) -> bool:
    """Whether this is an image of Pillow; if that was never imported, nothing is."""
    pillow = sys.modules.get("PIL.Image")
    return pillow is not None and isinstance(given, pillow.Image)


def convert_pillow(name: str, picture: Any) -> tuple[Batch, Callable[[Batch], Any]]:
    if picture.mode not in PILLOW_MODES:
        raise DataError(
            f"{name} takes Pillow images of mode {', '.join(PILLOW_MODES)}, got {picture.mode!r}. "
            f"Convert it: image.convert('RGB').",
            argument="images",
        )
    batch, restore = convert_single(name, np.asarray(picture), picture)

    def restore_picture(result: Batch) -> Any:
        y = restore(result)
        return sys.modules["PIL.Image"].fromarray(y) if y.dtype == np.uint8 else y

    return batch, restore_picture


def as_given(array: Any, given: Any) -> Any:
    """Return the array, if there is one, as a Tensor if that was given."""
    if array is None or not isinstance(given, Tensor):
        return raw(array)
    if given.requires_grad and not get_mode()[0]:
        raise ArgumentError(
            "Transforms pass no gradient on, and a Tensor that was given requires one. Pass it "
            "detached: x.detach(). mr.affine_sample and mr.grid_sample are differentiable.",
            argument="images",
        )
    return array if isinstance(array, Tensor) else Tensor(array)


# -- checks ----------------------------------------------------------------------------------------


def check_images(name: str, x: Any) -> Any:
    """Return the images, an array (N, C, H, W) of uint8 or floats."""
    kind = dtype_kind(x)
    if kind != "f" and not (kind == "u" and x.dtype == np.uint8):
        raise ArgumentTypeError(
            f"{name} takes arrays or Tensors of images, uint8 from 0 to 255 or floating-point in "
            f"[0, 1], got {getattr(x, 'dtype', type(x).__name__)}.",
            argument="images",
        )
    if x.ndim != 4:
        raise ArgumentError(
            f"{name} takes images of shape (N, C, H, W), got {x.shape}. For grey images without a "
            f"channel axis pass images[:, None].",
            argument="images",
        )
    if 0 in x.shape[2:]:
        raise ArgumentError(
            f"{name} takes images that have pixels, got {x.shape}.", argument="images"
        )
    check_channels("images", x.shape)
    return x


def check_changed(name: str, result: Any, count: int, dtype: Any) -> Batch:
    """Return what a transform made of `count` images, if it is a batch of as many.

    Args:
        dtype: the one that the images must have, or None for any.
    """
    x = raw(result.x) if isinstance(result, Batch) else None
    if x is None:
        raise ArgumentTypeError(
            f"{name} must return something: change_images the images, change a Batch. It returned "
            f"{'no images' if isinstance(result, Batch) else describe_value(result)}."
        )
    expected = f"{count} images (N, C, H, W)" + ("" if dtype is None else f" of {dtype}")
    shape: tuple[int, ...] = getattr(x, "shape", ())
    if len(shape) != 4 or shape[0] != count:
        raise ArgumentError(f"{name} must return {expected}, got {describe_value(x)}.")
    if dtype not in (None, x.dtype):
        how = "xp.rint(y).clip(0, 255).astype(np.uint8)" if dtype == np.uint8 else "y.astype(…)"
        more = ", or put ToTensor() before it" if dtype == np.uint8 else ""
        raise ArgumentTypeError(
            f"{name} must return {expected}, got {x.dtype}. Return {how}{more}."
        )
    return result


def check_masks(masks: Any, images: Any) -> None:
    """Refuse masks that do not belong to the images."""
    n, _, height, width = images.shape
    shape: tuple[int, ...] = getattr(masks, "shape", ())
    if len(shape) != 4 or (shape[0], *shape[2:]) != (n, height, width):
        raise ArgumentError(
            f"{n} images of {(height, width)} need masks of shape ({n}, C, {height}, {width}), got "
            f"{shape}.",
            argument="masks",
        )


def check_targets_stay(batch: Batch) -> None:
    """Refuse targets of each pixel when the images are moved: only masks move with them."""
    shape: tuple[int, ...] = getattr(batch.y, "shape", ())
    if len(shape) == 4 and shape[2:] == batch.x.shape[2:]:
        raise ArgumentError(
            f"The images are moved, and targets {shape} with a number for each pixel are not. Pass "
            f"them as masks, which move with the images: mr.Batch(x, masks=y). If they must stay, "
            f"pass the images alone.",
            argument="y",
        )


def check_length(name: str, values: Any, count: int, what: str = "") -> None:
    """Refuse values that are not one for each of `count` images."""
    has_length = hasattr(values, "__len__") and getattr(values, "ndim", 1) > 0
    if not has_length or len(values) != count:
        got = len(values) if has_length else f"{describe_value(values)}, which has no length"
        raise ArgumentError(
            f"{count} images need as many {what or name}, got {got}.", argument=name
        )
