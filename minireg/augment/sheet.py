"""Contact sheets: what transforms make of images, to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import plots
from ..backend import namespace
from ..batch import Batch
from ..checks import check_choice, check_count
from .draw import Draw
from .inputs import convert
from .operations import OPERATIONS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from .transform import ImageTransform

MOST = 100  # columns of a sheet

# How a strength is written by its unit; other units are written below the name of the operation.
FORMS = {"degrees": "{}°", "times": "× {}", "": ""}


@dataclass(frozen=True)
class Sheet:
    """Images beside their variants.

    Attributes:
        originals: (N, C, H, W), an image for each row, on the host.
        variants: for each row (K, C, H, W).
        draws: the draws behind the variants: of a row, or of a column.
        texts: further arguments of `plots.image_rows`.
    """

    originals: np.ndarray
    variants: list[np.ndarray]
    draws: list[Draw]
    texts: dict[str, Any]

    def plot(self) -> Figure:
        """Return the figure; grey images are shown as on a screen, 0 is black."""
        return plots.image_rows(self.originals, self.variants, ink=False, **self.texts)


def draw_variants(transform: ImageTransform, images: Any, columns: int) -> Sheet:
    """Return what images become in the epochs 0, 1, …: a column, and a draw, for each epoch.

    Args:
        images: N images or a `Batch`; without ids they have the ids 0 to N − 1.
        columns: the number of epochs.
    """
    columns = check_count("columns", columns, maximum=MOST)
    batch, _ = convert(type(transform).__name__, images)
    ids = np.arange(len(batch)) if batch.ids is None else batch.ids
    size = tuple(batch.x.shape[2:])
    draws = [transform.sample(ids, epoch, size) for epoch in range(columns)]
    changed = [on_host(transform.apply(batch, draw)) for draw in draws]
    new_size = changed[0].shape[2:]
    heading = "in the first epochs" + f", {new_size[0]} × {new_size[1]} pixels" * (new_size != size)
    texts = {"title": str(transform), "titles": ("original", heading)}
    return Sheet(on_host(batch), list(np.stack(changed, axis=1)), draws, texts)


def on_host(batch: Batch) -> np.ndarray:
    return namespace(batch.x).to_host(batch.x)


def draw_operations(image: Any, names: Sequence[str] | None = None, columns: int = 9) -> Sheet:
    """Return what operations make of an image, from the lowest to the highest strength.

    An operation that has one strength only gives one variant.

    Args:
        image: as a transform takes it; of several images the first one.
        names: which operations of `OPERATIONS`, in which order; by default all.
        columns: how many strengths.
    """
    columns = check_count("columns", columns, maximum=MOST)
    batch, _ = convert("draw_operations", image)
    size = tuple(batch.x.shape[2:])
    names = [check_choice("names", name, OPERATIONS) for name in names or OPERATIONS]
    rows, draws, labels, captions = [], [], [], []
    for name in names:
        operation = OPERATIONS[name]
        known = operation.unit in FORMS
        form = FORMS.get(operation.unit, "{}")
        strengths = operation.strengths(columns)
        draws.append(operation.draw(strengths, size))
        copies = namespace(batch.x).repeat(batch.x[:1], len(strengths), axis=0)
        rows.append(on_host(operation.transform.apply(Batch(copies), draws[-1])))
        labels.append(name if known else f"{name}\n({operation.unit})")
        captions.append([form.format(f"{s:.3g}".replace("-", "−")) for s in strengths])
    originals = np.repeat(on_host(batch)[:1], len(rows), axis=0)
    several = max(map(len, rows)) > 1
    titles = "original", "from the lowest to the highest strength" * several
    return Sheet(originals, rows, draws, {"titles": titles, "names": labels, "captions": captions})
