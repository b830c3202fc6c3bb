"""Several transforms, one after the other, and as few resamplings as possible."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..autograd import raw
from ..errors import ArgumentTypeError
from .transforms import Geometric, Transform
from .warp import check_images, copy_pixels, warp


class Compose(Transform):
    """t(images) = t_n(… t_2(t_1(images))).

    Neighbouring geometric transforms with the same fill are one camera move: their matrices are
    multiplied, A = A₁ A₂ …, and the images are resampled once.  That is sharper than one resampling
    after the other, and nothing that leaves the picture in between is lost.  Transforms that only
    flip and shift by whole pixels copy pixels exactly, together as alone.

    Args:
        transforms: `Transform`s, or functions of a batch of images.

    >>> import numpy as np
    >>> from minireg.augment import RandomRotation
    >>> t = Compose([RandomRotation((30, 30)), RandomRotation((-30, -30))])
    >>> image = np.arange(16.0).reshape(1, 1, 4, 4)
    >>> bool(np.allclose(t(image), image))
    True
    """

    def __init__(self, transforms: Sequence[Callable]) -> None:
        if not isinstance(transforms, (list, tuple)):
            raise ArgumentTypeError(
                f"Compose takes a list of transforms: Compose([a, b]), got {transforms!r}."
            )
        for t in transforms:
            if not callable(t):
                raise ArgumentTypeError(f"Compose takes transforms or functions, got {t!r}.")
        self.transforms = list(transforms)

    def train(self, mode: bool = True) -> Transform:
        for t in self.transforms:
            if isinstance(t, Transform):
                t.train(mode)
        return super().train(mode)

    def __call__(self, images: Any, ids: Any = None, epoch: int = 0) -> Any:
        if not self.training:
            return images
        for run in self.runs():
            if isinstance(run[0], Geometric):
                images = moved(images, run, ids, epoch)
            elif isinstance(run[0], Transform):
                images = run[0](images, ids=ids, epoch=epoch)
            else:
                images = run[0](images)
        return images

    def runs(self) -> list[list[Any]]:
        """The transforms, neighbouring geometric ones with the same fill together."""
        runs: list[list[Any]] = []
        for t in self.transforms:
            if isinstance(t, Geometric) and not t.training:
                continue
            before: Any = runs[-1][-1] if runs else None
            joins = isinstance(t, Geometric) and isinstance(before, Geometric)
            if joins and t.fill == before.fill:
                runs[-1].append(t)
            else:
                runs.append([t])
        return runs

    def __repr__(self) -> str:
        return f"Compose([{', '.join(map(repr, self.transforms))}])"


def moved(images: Any, transforms: list[Geometric], ids: Any, epoch: int) -> Any:
    """One resampling for all of them."""
    x = raw(check_images("Compose", images))
    total, size = transforms[0].sample(x, x.shape[2:], ids, epoch)
    for t in transforms[1:]:
        matrices, size = t.sample(x, size, ids, epoch)
        total = total @ matrices  # output → … → input: what is applied first stands leftmost
    exact = all(t.exact for t in transforms)
    return (copy_pixels if exact else warp)(images, total, size, transforms[0].fill)
