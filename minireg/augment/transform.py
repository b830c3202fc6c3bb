"""ImageTransform: draw parameters for each image of a batch, then apply them."""

from __future__ import annotations

from dataclasses import replace
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Any

import numpy as np

from ..batch import Batch, Transform, check_alone
from ..checks import check_count
from ..errors import ArgumentError, ArgumentTypeError
from ..random import Generator, as_generator
from .arguments import MANY, Size, check_image_size
from .draw import Draw
from .inputs import check_changed, convert

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FRESH = 2**56  # images without an id are numbered from here on


class ImageTransform(Transform):
    """A change of images in two steps: draw parameters on the host, then apply them.

        draw = t.sample(ids, epoch, size)
        images = t.apply(images, draw)

    `t(images)` does both.  The parameters of image i in epoch e depend only on the seed and stream
    of the generator, on e and on i: not on the batch size, the order, the device or the number of
    processes.  Images without ids get new parameters at each call.

    Images are (N, C, H, W) arrays or Tensors, uint8 from 0 to 255 or floats in [0, 1], or a `Batch`
    with such inputs.  A single image, (H, W) or (H, W, C) or a Pillow image, is accepted too.  The
    result is of the same kind and dtype.

    A subclass that draws random numbers sets `draws` and defines `draw_parameters`; one that needs
    more numbers than one can store (dense noise) sets `keyed`.  It changes images in
    `change_images`, or images and targets in `change`.

    Args:
        generator: draws the parameters; by default a new stream of the default generator.  Two
            transforms with the same stream draw the same numbers for the same ids.

    Attributes:
        draws: how many uniform random numbers an image needs, at most 120.  If 0 (and not `keyed`),
            the transform is deterministic: it acts in evaluation, too, and has no generator.
        keyed: whether each image also gets a random 64-bit number, the parameter `key`.
        mixes: whether images of a batch are mixed with each other.  Then a draw belongs to a whole
            batch, and holds the position `partner` (N,) of the image with which each is mixed.
        keeps_dtype: whether changed images must have the dtype of those that were given.

    >>> class Brightness(ImageTransform):
    ...     draws = 1
    ...     def draw_parameters(self, u, size):
    ...         return {"factor": 0.5 + u[:, 0]}
    ...     def change_images(self, images, draw):
    ...         return images * draw.read("factor", images)
    >>> t = Brightness(generator=mr.Generator(0))
    >>> t(np.ones((5, 1, 8, 8))).shape
    (5, 1, 8, 8)
    >>> t.sample([7], epoch=3)["factor"] == t.sample([9, 7], epoch=3)["factor"][1:]
    array([ True])
    """

    draws = 0
    keyed = False
    mixes = False
    keeps_dtype = True

    def __init__(self, *, generator: Generator | None = None) -> None:
        if self.is_random:
            self.generator = as_generator(generator)

    @property
    def is_random(self) -> bool:
        """Whether the transform draws anything."""
        return self.draws > 0 or self.keyed

    @property
    def is_active(self) -> bool:
        return self.training or not self.is_random

    # -- the two steps -----------------------------------------------------------------------------

    def sample(self, ids: Any, epoch: int = 0, size: Size | None = None) -> Draw:
        """Draw the parameters of some images, on the host.

        In evaluation, too, when a call of a random transform does nothing; `Compose` then leaves
        it out.

        Args:
            ids: (N,) whole numbers from 0 to 2³² − 1, the positions of the images in their dataset;
                or N alone for new parameters of N images without ids.
            epoch: a whole number from 0 to 2²⁴ − 1.
            size: (height, width) of the images, which crops need.

        Raises:
            ArgumentError, ArgumentTypeError: ids or an epoch outside their range.
        """
        size = check_image_size(size)
        if not self.is_random:
            return self.collect(len(number_images(ids, epoch)), {}, size)
        numbers = number_images(ids, epoch, self.generator)
        count = self.draws + 2 * self.keyed
        index = numbers[:, None] * np.uint64(count) + np.arange(count, dtype=np.uint64)
        u = self.generator.uniform_at(index[:, : self.draws]).astype(np.float64)
        values = self.draw_parameters(u, size)
        if self.keyed:
            low, high = self.generator.bits_at(index[:, self.draws :]).astype(np.uint64).T
            values = {**values, "key": low | high << np.uint64(32)}
        return self.collect(len(numbers), values, size)

    def collect(self, count: int, values: dict[str, Any], size: Size | None) -> Draw:
        """Return these parameters of `count` images as a `Draw` of this transform."""
        return Draw(type(self).__name__, count, values, size=size)

    def apply(self, batch: Any, draw: Draw) -> Any:
        """Return images changed by the parameters `draw`: always the same for the same ones.

        Args:
            batch: images or a `Batch`, as for a call.
            draw: of the same number of images.
        """
        inside, restore = convert(type(self).__name__, batch)
        if not isinstance(draw, Draw) or len(draw) != len(inside):
            got = f"a draw for {len(draw)}" if isinstance(draw, Draw) else repr(draw)
            raise ArgumentError(
                f"{type(self).__name__}: {len(inside)} images need the draw of as many images, got "
                f"{got}. Use t.sample(ids, epoch, size).",
                argument="draw",
            )
        if draw.name != type(self).__name__:
            raise ArgumentError(
                f"This draw is of {draw.name}; {type(self).__name__}.apply needs one of "
                f"{type(self).__name__}.sample.",
                argument="draw",
            )
        return restore(self.change_and_check(inside, draw))

    def plot(self, images: Any, columns: int = 9) -> Figure:
        """Return a figure with a row for each image: the image, then what it becomes.

        Column k shows what training shows of the images in epoch k, if they are the first of their
        dataset (the `ids` of a `Batch` name others).  Grey images are shown as on a screen: 0 is
        black.

        Args:
            images: N images or a `Batch`, as for a call.
            columns: how many variants of each image.

        >>> from minireg.augment import RandomRotation
        >>> digits = mr.data.load_digits()[0].x[:3]
        >>> len(RandomRotation(20).plot(digits, columns=5).axes)
        18
        """
        from .sheet import draw_variants  # noqa: PLC0415  it imports every transform

        return draw_variants(self, images, columns).plot()

    def __call__(self, batch: Any, *others: Any) -> Any:
        check_alone(others)
        inside, restore = convert(type(self).__name__, batch)
        return restore(self.transform(inside)) if self.is_active else batch

    def transform(self, batch: Batch) -> Batch:
        ids = len(batch) if batch.ids is None else batch.ids
        draw = self.sample(ids, batch.epoch, tuple(batch.x.shape[2:]))
        return self.change_and_check(batch, draw)

    def change_and_check(self, batch: Batch, draw: Draw) -> Batch:
        """Return the changed batch, if it has as many images of a fitting dtype."""
        dtype = batch.x.dtype if self.keeps_dtype else None
        return check_changed(type(self).__name__, self.change(batch, draw), len(batch), dtype)

    # -- what a subclass defines -------------------------------------------------------------------

    def draw_parameters(self, u: np.ndarray, size: Size | None) -> dict[str, Any]:
        """Return the parameters that belong to these random numbers: arrays (N, ...) by their name.

        Args:
            u: (N, draws) float64 in [0, 1), multiples of 2⁻²⁴.
            size: (height, width) of the images, or None.
        """
        if self.draws:
            raise NotImplementedError(f"{type(self).__name__} must define draw_parameters(u, size)")
        return {}

    def change(self, batch: Batch, draw: Draw) -> Batch:
        """Return the changed batch.  Its x, y and masks are arrays, x is (N, C, H, W)."""
        return replace(batch, x=self.change_images(batch.x, draw))

    def change_images(self, images: Any, draw: Draw) -> Any:
        """Return the changed images, an array (N, C, H, W)."""
        raise NotImplementedError(f"{type(self).__name__} must define change_images(images, draw).")

    def find_move(self, draw: Draw, size: Size) -> Any:
        """The `Move` that is all these parameters do to images of this size; None if it is not."""
        return None

    def output_size(self, size: Size | None) -> Size | None:
        """(height, width) of the result for images of this size."""
        return size

    # -- its arguments -----------------------------------------------------------------------------

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of the constructor, which are attributes of the same names.

        Those that can only be given by name are left out if they have their defaults.

        >>> from minireg.augment import RandomCrop
        >>> RandomCrop(28, 2, fill=0.5).arguments()
        {'size': (28, 28), 'padding': 2, 'fill': 0.5}
        """
        found = {}
        for name, parameter in arguments_of(type(self)).parameters.items():
            value = getattr(self, name)
            if parameter.kind is not Parameter.KEYWORD_ONLY or value != parameter.default:
                found[name] = value
        return found

    def __str__(self) -> str:
        """The text that `augment.parse` reads."""
        from .writing import write  # noqa: PLC0415  it imports every transform

        return write(self)

    def extra_repr(self) -> str:
        return ", ".join(f"{name}={show(value)}" for name, value in self.arguments().items())


def arguments_of(kind: type) -> Signature:
    """Return the signature of a transform without its generator."""
    found = signature(kind)
    kept = [p for p in found.parameters.values() if p.name != "generator"]
    return found.replace(parameters=kept)


def show(value: Any) -> str:
    """The repr of an argument; numbers are short."""
    if isinstance(value, tuple):
        return f"({', '.join(map(show, value))}{',' if len(value) == 1 else ''})"
    return f"{value:g}" if isinstance(value, float) else repr(value)


def number_images(ids: Any, epoch: int, generator: Generator | None = None) -> np.ndarray:
    """Return a uint64 for each image: epoch · 2³² + id, or the next numbers from 2⁵⁶ on.

    Args:
        ids: (N,) integers, or the number N of images without ids.
        generator: counts the images without ids; None if the numbers do not matter.
    """
    if isinstance(ids, (int, np.integer)):
        count = check_count("ids", ids, minimum=0, maximum=MANY)
        start = generator.position if generator else 0
        if generator:
            generator.position += count
        return np.arange(count, dtype=np.uint64) + np.uint64(FRESH + start)
    epoch = check_count("epoch", epoch, minimum=0, maximum=2**24 - 1)
    return check_ids(ids) + np.uint64(epoch << 32)


def check_ids(ids: Any) -> np.ndarray:
    """Return the numbers of images in their dataset as (N,) uint64."""
    known = type(ids) in (np.ndarray, list, tuple, range)
    try:
        numbers = np.asarray(ids) if known else None
    except ValueError:  # lists of different lengths
        numbers = None
    if numbers is None or (numbers.size and numbers.dtype.kind not in "iu"):
        raise ArgumentTypeError(
            f"ids must be integers on the host, the numbers of the images in their dataset, got "
            f"{getattr(ids, 'dtype', '')} {type(ids).__name__}.",
            argument="ids",
        )
    if numbers.ndim != 1:
        raise ArgumentError(f"ids must be of shape (N,), got {numbers.shape}.", argument="ids")
    if numbers.size and not 0 <= numbers.min() <= numbers.max() < 2**32:
        raise ArgumentError(
            f"ids must be from 0 to 2**32 - 1, got {numbers.min()} to {numbers.max()}. They are "
            f"the numbers of the images in their dataset.",
            argument="ids",
        )
    return numbers.astype(np.uint64)
