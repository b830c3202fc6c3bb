"""Histograms of weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import ArgumentError
from .figure import INK, assign_colours, check_names, new_panels, style_axes

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def weight_histograms(
    weights: Mapping[str, Any], *, small: float = 1e-3, colours: Mapping[str, str] | None = None
) -> Figure:
    """A histogram of the weights for each name, with counts on a logarithmic scale.

    Each panel says how many weights are exactly zero and how many are smaller than `small`.

    Args:
        weights: for each name its weights, any shape.
        small: what counts as nearly zero.
        colours: a matplotlib colour for each name; by default those of a palette that colour-blind
            readers can tell apart.

    Raises:
        ArgumentError: no names, or weights that are not finite.

    >>> import numpy as np
    >>> figure = weight_histograms({"sparse": np.array([0.0, 0.0, 0.5])})
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
    colours = assign_colours(names, colours)
    figure, axes, _ = new_panels(len(names), 4, width=9.6, height=2.7)
    for i, (name, ax) in enumerate(zip(names, axes, strict=True)):
        w = values[name]
        style_axes(ax)
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
