"""The picture of dropout: the hidden units for one image, and which of them each step keeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..plots.figure import FAINT, GRID, HEADING, new_figure
from ..plots.images import as_pictures, draw_image

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_dropout(
    image: np.ndarray, units: np.ndarray, masks: Sequence[np.ndarray], p: float, rows: int = 8
) -> Figure:
    """Draw one image, the activations of the hidden units, and which units dropout keeps.

    Each square is a hidden unit; a darker one is more active.  Crosses mark dropped units.

    Args:
        image: (1, H, W).
        units: (n,) activations ≥ 0, as in evaluation.
        masks: for each training step (n,) booleans, True = kept.
        p: the probability of dropping; kept units are scaled by 1/(1 − p).
        rows: the number of rows for the units; n must be a multiple of it.
    """
    from matplotlib.colors import PowerNorm  # noqa: PLC0415

    shown = [(f"evaluation: all {units.size} units", units, np.ones(units.shape, bool))]
    for step, mask in enumerate(masks, start=1):
        title = f"training step {step}: {mask.sum()} of {units.size} kept"
        shown.append((title, mask * units / (1 - p), mask))
    # The square root makes weak units visible beside those that are scaled by 1/(1 − p).
    shades = PowerNorm(0.5, vmin=0, vmax=max(float(values.max()) for _, values, _ in shown))
    columns = units.size // rows
    figure = new_figure(9.6, 9.6 * rows / (columns * len(shown) + rows) + 0.35)
    axes = figure.subplots(1, len(shown) + 1, width_ratios=[rows] + [columns] * len(shown))
    draw_image(axes[0], as_pictures(image)[0])
    axes[0].set_title("one image", **HEADING)
    for ax, (title, values, mask) in zip(axes[1:], shown, strict=True):
        ax.imshow(values.reshape(rows, -1), cmap="Greens", norm=shades)
        y, x = np.nonzero(~mask.reshape(rows, -1))
        ax.scatter(x, y, marker="x", s=16, color=FAINT, linewidth=0.7)
        ax.set_title(title, **HEADING)
        ax.set_xticks(np.arange(columns + 1) - 0.5, [])
        ax.set_yticks(np.arange(rows + 1) - 0.5, [])
        ax.grid(color=GRID, linewidth=0.6)
        ax.tick_params(length=0)
        ax.spines[:].set_color(GRID)
    return figure
