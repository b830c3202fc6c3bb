"""Pictures of weights: as functions of a strength, and as histograms with their exact zeros."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import ArgumentError
from .figure import COLOURS, FAINT, INK, LABEL, PAPER, TITLE, add_legend, new_panels, style_axes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Beside the colours, for readers who cannot tell some of them apart; 7 · 3 looks in all.
DASHES = "-", (0, (5, 1.5)), (0, (1.5, 1))


def plot_coefficient_paths(
    strengths: Any,
    coefficients: Mapping[str, Any],
    names: Sequence[str] | None = None,
    *,
    label: str = "λ",
) -> Figure:
    """A panel for each method: its coefficients against the strength, on a logarithmic axis.

    Where a coefficient is exactly 0 it has no line; a hollow mark stands where the line ends.  So a
    coefficient that is only small can be told from one that is gone.

    Args:
        strengths: (k,) strengths > 0, increasing.
        coefficients: for each name, (k, d): a row for each strength.
        names: d names of the coefficients, for the legend.
        label: of the horizontal axis.

    Raises:
        ArgumentError: nothing to draw, strengths that do not increase, or shapes that do not fit.

    After Tibshirani (1996), "Regression shrinkage and selection via the lasso", JRSS B 58.

    >>> figure = plot_coefficient_paths([0.1, 1, 10], {"L1": [[2, 1], [1, 0], [0, 0]]})
    >>> figure.axes[0].get_xscale()
    'log'
    """
    from matplotlib.lines import Line2D  # noqa: PLC0415

    strengths = np.asarray(strengths, dtype=float)
    if strengths.ndim != 1 or not (np.diff(strengths, prepend=0) > 0).all() or not coefficients:
        raise ArgumentError(
            f"strengths must be a list of increasing numbers above 0, and coefficients must have a "
            f"name at least: got strengths of shape {strengths.shape} and {list(coefficients)}."
        )
    rows = {name: np.asarray(values, dtype=float) for name, values in coefficients.items()}
    shapes = {values.shape for values in rows.values()}
    d = len(names) if names is not None else (0, *max(shapes))[-1]
    if shapes != {(len(strengths), d)}:
        raise ArgumentError(
            f"coefficients must have the shape (strengths, names) = {(len(strengths), d)}, got "
            f"{', '.join(map(str, sorted(shapes)))}.",
            argument="coefficients",
        )
    names = names or [f"w{i}" for i in range(1, d + 1)]
    looks: list[dict[str, Any]] = [
        {"color": COLOURS[i % len(COLOURS)], "linestyle": DASHES[i % len(DASHES)]} for i in range(d)
    ]
    width = 9.6 if len(rows) > 1 else 4.8
    figure, axes, free = new_panels(len(rows), height=3.4 if len(rows) < 3 else 2.6, width=width)
    for i, ((name, values), ax) in enumerate(zip(rows.items(), axes)):
        style_axes(ax)
        ax.set_xscale("log")
        ax.minorticks_off()
        ax.axhline(0, color=FAINT, linewidth=0.8, zorder=1)
        ax.set_title(name, color=INK, **TITLE)
        for w, look in zip(values.T, looks):
            zero = np.pad(w == 0, 1, mode="edge")
            inside = zero[:-2] & zero[1:-1] & zero[2:]  # zeros beside zeros
            ax.plot(strengths, np.where(inside, np.nan, w), linewidth=1.8, **look)
            ends = (w == 0) & ~inside
            ax.plot(
                strengths[ends], w[ends], linestyle="", marker="o", markersize=6, zorder=4,
                markerfacecolor=PAPER, markeredgewidth=1.6, color=look["color"],
            )  # fmt: skip
        if i % 4 == 0:
            ax.set_ylabel("coefficient", **LABEL)
        if i + 4 >= len(rows):
            ax.set_xlabel(label, **LABEL)
    lines = [Line2D([], [], linewidth=1.8, label=name, **look) for name, look in zip(names, looks)]
    lines.append(
        Line2D([], [], color=INK, linestyle="", marker="o", markerfacecolor=PAPER, markersize=6,
               markeredgewidth=1.6, label="exactly 0 beyond (no line)")
    )  # fmt: skip
    add_legend(figure, free, lines)
    return figure


def plot_weights(
    weights: Mapping[str, Any], *, reference: str | None = None, small: float = 1e-3
) -> Figure:
    """A histogram of the weights of each method, with counts on a logarithmic scale.

    Each panel shows how many weights are exactly zero and how many are smaller than `small`.

    Args:
        weights: for each name an array of weights, of any shape.
        reference: the name whose histogram is repeated as a grey line in every other panel, such
            as the weights before training.
        small: see above.

    Raises:
        ArgumentError: no weights.

    >>> figure = plot_weights({"before": [0.5, -0.2, 0.3], "after": [0.4, 0, 0]})
    >>> figure.axes[1].texts[0].get_text()
    'exactly 0: 66.7 %\\n|w| < 0.001: 66.7 %'
    """
    from matplotlib.lines import Line2D  # noqa: PLC0415

    rows = {name: np.asarray(w, dtype=float).ravel() for name, w in weights.items()}
    if not rows or not all(w.size for w in rows.values()):
        raise ArgumentError("There is nothing to draw: no weights.", argument="weights")
    reach = max(float(np.abs(w).max()) for w in rows.values())
    edges = np.linspace(-reach, reach, 122)  # an even number of edges: one bin is centred at 0
    figure, axes, free = new_panels(len(rows), height=2.7)
    line: dict[str, Any] = {"color": FAINT, "linewidth": 0.9}
    for (name, w), ax, colour in zip(rows.items(), axes, cycle(COLOURS)):
        style_axes(ax)
        ax.set_yscale("log")
        ax.minorticks_off()
        ax.hist(w, bins=edges.tolist(), color=colour)
        if reference in rows and name != reference:
            ax.stairs(np.histogram(rows[reference], edges)[0], edges, **line)
        ax.set_title(name, color=colour, **TITLE)
        zeros, tiny = np.mean(w == 0), np.mean(np.abs(w) < small)
        ax.text(
            0.97, 0.97, f"exactly 0: {100 * zeros:.1f} %\n|w| < {small:g}: {100 * tiny:.1f} %",
            color=INK, ha="right", va="top", fontsize=7.5, linespacing=1.4, transform=ax.transAxes,
        )  # fmt: skip
        ax.set_xlabel("weight w", **LABEL)
    axes[0].set_ylabel("number of weights", **LABEL)
    top = max(np.histogram(w, edges)[0].max() for w in rows.values())
    axes[0].set_ylim(0.7, top * 30)  # room for the note
    if reference in rows and len(rows) > 1:
        add_legend(figure, free, [Line2D([], [], label=f"“{reference}”", **line)])
    return figure
