"""The picture of dropout: the hidden units of one image, and which of them each step keeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import ArgumentError
from ..plots.figure import FAINT, GRID, INK, new_figure
from ..plots.images import as_pictures, draw_image

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_dropout(
    image: Any, activations: Any, masks: Sequence[Any], p: float, *, rows: int = 8
) -> Figure:
    """One image, the hidden units it makes active, and what dropout leaves of them.

    Each square is a hidden unit; the darker, the more active.  Crosses mark dropped units.

    Args:
        image: (H, W) or (1, H, W).
        activations: (units,) numbers ≥ 0, as in evaluation.
        masks: for each training step (units,) booleans, True = kept.
        p: the probability of dropping; kept units are scaled by 1/(1 − p).
        rows: in how many rows the units are arranged.

    Raises:
        ArgumentError: shapes that do not fit.

    >>> import numpy as np
    >>> units = np.ones(128)
    >>> len(draw_dropout(np.zeros((28, 28)), units, [units > 0], p=0.5).axes)
    3
    """
    from matplotlib.colors import PowerNorm  # noqa: PLC0415

    units = np.asarray(activations, dtype=float)
    if units.ndim != 1 or units.size % rows or not masks:
        raise ArgumentError(
            f"activations must be (units,) with units a multiple of rows={rows}, and there must be "
            f"a mask: got shape {units.shape} and {len(masks)} masks."
        )
    kept = [np.asarray(mask, dtype=bool) for mask in masks]
    if any(mask.shape != units.shape for mask in kept):
        raise ArgumentError(f"Every mask must have the shape {units.shape} of the activations.")
    shown = [(f"evaluation: all {units.size} units", units, np.ones(units.shape, bool))]
    for step, mask in enumerate(kept, start=1):
        title = f"training step {step}: {mask.sum()} of {units.size} kept"
        shown.append((title, mask * units / (1 - p), mask))
    brightest = max(float(values.max()) for _, values, _ in shown) or 1.0

    # The square root shows weak units, too, beside those that are scaled by 1/(1 − p).
    shades = PowerNorm(0.5, vmin=0, vmax=brightest)
    columns = units.size // rows
    figure = new_figure(9.6, 9.6 * rows / (columns * len(shown) + rows) + 0.35)
    axes = figure.subplots(1, len(shown) + 1, width_ratios=[rows] + [columns] * len(shown))
    draw_image(axes[0], as_pictures(np.asarray(image).reshape(1, *np.shape(image)[-2:]))[0])
    axes[0].set_title("one image", fontsize=9, color=INK, loc="left")
    for ax, (title, values, mask) in zip(axes[1:], shown, strict=True):
        ax.imshow(values.reshape(rows, -1), cmap="Greens", norm=shades)
        y, x = np.nonzero(~mask.reshape(rows, -1))
        ax.scatter(x, y, marker="x", s=16, color=FAINT, linewidth=0.7)
        ax.set_title(title, fontsize=9, color=INK, loc="left")
        ax.set_xticks(np.arange(columns + 1) - 0.5, [])
        ax.set_yticks(np.arange(rows + 1) - 0.5, [])
        ax.grid(color=GRID, linewidth=0.6)
        ax.tick_params(length=0)
        for spine in ax.spines.values():
            spine.set_color(GRID)
    return figure
