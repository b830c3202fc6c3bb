"""Pictures of what is inside a network: its weights, and the units that dropout leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import ArgumentError
from .figure import FAINT, GRID, INK, check_names, colours_for, new_figure, panels, plain_axes
from .images import as_pictures, show

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def weight_histograms(weights: Mapping[str, Any], *, small: float = 1e-3) -> Figure:
    """A histogram of the weights for each method, with counts on a logarithmic scale.

    Each panel says how many weights are exactly zero and how many are smaller than `small`.

    Args:
        weights: for each method its weights, any shape.
        small: what counts as nearly zero.

    Raises:
        ArgumentError: no methods, or weights that are not finite.

    >>> import numpy as np
    >>> figure = weight_histograms({"L1": np.array([0.0, 0.0, 0.5])})
    >>> figure.axes[0].texts[0].get_text()
    'exactly 0: 66.7 %\\n|w| < 0.001: 66.7 %'
    """
    names = check_names(weights)
    values = {name: np.asarray(w, dtype=float).ravel() for name, w in weights.items()}
    for name, w in values.items():
        if w.size == 0 or not np.isfinite(w).all():
            raise ArgumentError(f"The weights of {name!r} must be finite numbers, at least one.")
    reach = max(float(np.abs(w).max()) for w in values.values()) or 1.0
    edges = np.linspace(-reach, reach, 122)  # an even number of edges: one bin is centred at 0
    colours = colours_for(names)
    figure, axes, _ = panels(len(names), 4, width=9.6, height=2.7)
    for i, (name, ax) in enumerate(zip(names, axes, strict=True)):
        w = values[name]
        plain_axes(ax)
        ax.set_yscale("log")
        ax.minorticks_off()
        ax.hist(w, bins=edges.tolist(), color=colours[name])
        ax.set_title(name, color=colours[name], fontsize=10, fontweight="bold", loc="left")
        note = (
            f"exactly 0: {np.mean(w == 0):.1%}\n|w| < {small:g}: {np.mean(np.abs(w) < small):.1%}"
        )
        ax.text(
            0.97, 0.97, note.replace("%", " %"), transform=ax.transAxes, ha="right", va="top",
            fontsize=7.5, color=INK, linespacing=1.4,
        )  # fmt: skip
        ax.set_xlabel("weight w", fontsize=8.5, color=INK)
        if i % 4 == 0:
            ax.set_ylabel("number of weights", fontsize=8.5, color=INK)
    top = max(np.histogram(w, edges)[0].max() for w in values.values())
    axes[0].set_ylim(0.7, top * 30)  # room for the note
    return figure


def dropout_picture(
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
    >>> len(dropout_picture(np.zeros((28, 28)), units, [units > 0], p=0.5).axes)
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
    show(axes[0], as_pictures(np.asarray(image).reshape(1, *np.shape(image)[-2:]))[0])
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
