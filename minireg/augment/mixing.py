"""MixUp and CutMix: each image of a batch is mixed with another one, and so are their labels."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ..backend import find_blocks, namespace
from ..batch import Batch
from ..checks import check_count, check_number, check_probability
from ..errors import ArgumentError
from ..ops import one_hot
from ..random import Generator
from .arguments import Size, require_size
from .draw import Draw
from .erasing import find_inside
from .pixels import blend
from .transform import ImageTransform


class Mixing(ImageTransform):
    """The base of `MixUp` and `CutMix`: image i keeps the share λᵢ, its partner gives the rest.

    The labels are mixed alike, y = λ y + (1 − λ) y[partner], as rows of probabilities or as other
    floats.  λ is drawn from each image's own stream.  The partner follows from the set of ids in
    the batch and not from their order: the images are ranked by their keys, random numbers of
    (seed, epoch, id), and the partner of rank k is rank k + 1, of the last the first.  Copies of
    one image (the same id twice) are ranked in the order of the batch; a single image is its own
    partner.  For the arguments see `MixUp`.

    Its draw has `partner` (N,), positions in the batch, and `lam` (N,), the shares λ.
    """

    draws = 3
    keyed = True
    mixes = True

    def __init__(
        self,
        alpha: float = 1.0,
        *,
        num_classes: int | None = None,
        p: float = 1.0,
        generator: Generator | None = None,
    ) -> None:
        super().__init__(generator=generator)
        self.alpha = check_number("alpha", alpha, above=0)
        self.num_classes = None if num_classes is None else check_count("num_classes", num_classes)
        self.p = check_probability("p", p)

    def draw_parameters(self, u: np.ndarray, size: Size | None) -> dict[str, Any]:
        return {"lam": np.where(u[:, 0] < self.p, draw_beta(self.alpha, u[:, 1], u[:, 2]), 1.0)}

    def collect(self, count: int, values: dict[str, Any], size: Size | None) -> Draw:
        partner = find_partners(values.pop("key"))
        return super().collect(count, {"partner": partner, **values}, size)

    def change(self, batch: Batch, draw: Draw) -> Batch:
        partner = namespace(batch.x).asarray(draw.read_counts("partner", 0, len(draw)))
        lam, y = draw["lam"], None
        draw.check("lam", (lam >= 0) & (lam <= 1), "in [0, 1]")
        if batch.y is not None:
            y = as_rows(batch.y, batch.x, self.num_classes)
            y = blend(draw.read("lam", y), y, y[partner])
        return replace(self.mix(batch, partner, draw), y=y)

    def mix(self, batch: Batch, partner: Any, draw: Draw) -> Batch:
        """Return the batch with its images and masks mixed.

        Args:
            partner: (N,) on the backend of the images.
        """
        raise NotImplementedError(f"{type(self).__name__} must define mix(batch, partner, draw).")


class MixUp(Mixing):
    """x = λ x + (1 − λ) x[partner], and the labels likewise, with λ ~ Beta(α, α) for each image.

    How partners are found: see `Mixing`.  uint8 pixels are rounded.

    Args:
        alpha: α > 0; small ones change images little, 1 makes all λ equally likely.
        num_classes: K, needed if the labels are integers: they become rows of K probabilities.
        p: the probability that an image is mixed; else λ = 1.
        generator: see `ImageTransform`.

    Raises:
        ArgumentError: integer labels without `num_classes`; masks, which cannot be blended.

    Zhang, Cissé, Dauphin, Lopez-Paz (2018), "mixup: Beyond empirical risk minimization", ICLR.

    >>> t, images = MixUp(num_classes=3), np.zeros((2, 1, 8, 8), dtype=np.uint8)
    >>> half = Draw("MixUp", 2, {"partner": [1, 0], "lam": [0.75, 0.5]})
    >>> t.apply(mr.Batch(images, np.array([0, 2])), half).y.tolist()
    [[0.75, 0.0, 0.25], [0.5, 0.0, 0.5]]
    """

    def mix(self, batch: Batch, partner: Any, draw: Draw) -> Batch:
        if batch.masks is not None:
            raise ArgumentError(
                "MixUp blends images, but labels of pixels cannot be blended. Use CutMix for "
                "batches with masks.",
                argument="masks",
            )
        x, lam, xp = batch.x, draw.read("lam", batch.x), namespace(batch.x)
        mixed = xp.empty_like(x)
        for block in find_blocks(x, parts=4):
            values = blend(lam[block], x[block], x[partner[block]])
            mixed[block] = xp.rint(values) if x.dtype == np.uint8 else values
        return replace(batch, x=mixed)


class CutMix(Mixing):
    """Paste a box of the partner over the image, at the same place; labels are mixed by area.

    The box has the sides √(1 − λ) H and √(1 − λ) W with λ ~ Beta(α, α), its centre is anywhere in
    the image with equal probability, and what is outside the image is cut off.  The λ of the labels
    and of the draw is the share of the pixels that is left of the image.  Masks are pasted alike.

    How partners are found: see `Mixing`.  The draw also has `box` (N, 2, 2), the pixels
    [[first row, end row], [first column, end column]].

    Args:
        alpha: α > 0; 1 makes all areas of the whole box equally likely.
        num_classes, p, generator: see `MixUp`.

    Raises:
        ArgumentError: integer labels without `num_classes`; `sample` without a size.

    Yun et al. (2019), "CutMix: Regularization strategy to train strong classifiers with localizable
    features", ICCV.

    >>> t, images = CutMix(), np.array([[[[1, 2, 3, 4]]], [[[5, 6, 7, 8]]]], dtype=np.uint8)
    >>> draw = t.sample(2, size=(1, 4))
    >>> left = (t.apply(images, draw) == images).mean(axis=(1, 2, 3))
    >>> bool((left == draw["lam"]).all())
    True
    """

    draws = 5

    def draw_parameters(self, u: np.ndarray, size: Size | None) -> dict[str, Any]:
        size = require_size("CutMix", size)
        side = np.sqrt(1 - super().draw_parameters(u, size)["lam"])
        center, whole = u[:, 3:, None], np.array(size)[:, None]
        edges = whole * (center + side[:, None, None] * np.array([-0.5, 0.5]))
        box = np.clip(np.floor(edges + 0.5), 0, whole).astype(np.int64)
        pasted = np.prod(box[:, :, 1] - box[:, :, 0], axis=1)
        return {"lam": 1 - pasted / (size[0] * size[1]), "box": box}

    def mix(self, batch: Batch, partner: Any, draw: Draw) -> Batch:
        xp = namespace(batch.x)
        draw.check_size(batch.x.shape[2:])
        edges = xp.asarray(draw["box"].reshape(-1, 4).T[..., None, None, None])
        inside = find_inside(batch.x, *edges)

        def paste(images: Any) -> Any:
            mixed = images.copy()
            for block in find_blocks(images, parts=2):
                xp.copyto(mixed[block], images[partner[block]], where=inside[block])
            return mixed

        masks = None if batch.masks is None else paste(batch.masks)
        return replace(batch, x=paste(batch.x), masks=masks)


def as_rows(labels: Any, images: Any, num_classes: int | None) -> Any:
    """Return the labels as floats (N, ...): class labels as (N, K) rows with a single 1."""
    labels = namespace(images).asarray(labels)
    if labels.dtype.kind == "f":
        return labels
    if labels.ndim != 1 or num_classes is None:
        raise ArgumentError(
            f"Labels that are mixed must be (N,) integers, with num_classes=len(train.classes) of "
            f"the transform, or floats (N, ...), got {labels.dtype} {labels.shape} and "
            f"num_classes={num_classes}.",
            argument="num_classes" if num_classes is None else "y",
        )
    return one_hot(labels, num_classes).data


def find_partners(key: np.ndarray) -> np.ndarray:
    """Return the position of each image's partner, (N,): the image with the next larger key."""
    order = np.argsort(key, kind="stable")
    partner = np.empty_like(order)
    partner[order] = np.roll(order, -1)
    return partner


def draw_beta(alpha: float, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Return numbers from the distribution Beta(α, α), each from two uniform ones.

    With q = u^(1/α) and c = cos 2πv, T = c √(2α (1 − q)/q) is distributed as Student's t with 2α
    degrees of freedom, and so (1 + S)/2 with S = T/√(2α + T²) as Beta(α, α).  Numbers near 0 are
    computed from 1 − S² = q/(q + (1 − q) c²), with all their digits.

    Bailey (1994), "Polar generation of random variates with the t-distribution", Mathematics of
    Computation 62.

    Args:
        alpha: α > 0.
        u, v: (N,) in [0, 1), multiples of 2⁻²⁴.
    """
    log_q, c = np.log(u + 2**-25) / alpha, np.cos(2 * np.pi * v)  # u + 2⁻²⁵ is never 0
    q, rest = np.exp(log_q), -np.expm1(log_q)
    whole = q + rest * c**2
    small = q / (2 * whole * (1 + np.abs(c) * np.sqrt(rest / whole)))
    return np.where(c < 0, small, 1 - small)
