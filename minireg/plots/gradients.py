"""Figures of a gradient check: where a gradient is wrong, and how numeric slopes show it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import ArgumentError
from .figure import (
    COLOURS,
    DASHED,
    FAINT,
    INK,
    LABEL,
    LEGEND,
    PAPER,
    TITLE,
    WRONG,
    new_figure,
    style_axes,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import FigureBase

UNKNOWN = "#dddddd"
SIGNED = (COLOURS[2], PAPER, WRONG)  # below 0, 0, above 0


def plot_error_maps(errors: Mapping[str, Any], figure: FigureBase | None = None) -> FigureBase:
    """A map for each gradient: yours − numeric in every entry; 0 is white, unknown entries grey.

    Each map has a colour scale of its own.  The last axis lies along the rows; all axes before it
    are joined.  Vectors stand in one row.

    Args:
        errors: for each name an array of any shape; NaN where the error is unknown.
        figure: where to draw, by default a new figure.

    Raises:
        ArgumentError: no errors, or an empty array.

    >>> figure = plot_error_maps({"w": [[0.0, 0.5], [0.0, -0.5]], "b": [0.0, 1.0]})
    >>> [ax.get_title("left") for ax in figure.axes[:2]]
    ['w (2, 2)', 'b (2,)']
    """
    from matplotlib.colors import LinearSegmentedColormap  # noqa: PLC0415

    maps = {name: np.asarray(error, dtype=float) for name, error in errors.items()}
    if not maps or not all(error.size for error in maps.values()):
        raise ArgumentError("There is nothing to draw: no errors.", argument="errors")
    figure = figure or new_figure(3.2 * len(maps), 3.0)
    axes = figure.subplots(1, len(maps), squeeze=False)[0]
    colours = LinearSegmentedColormap.from_list("signed", SIGNED, N=257)
    for ax, (name, error) in zip(axes, maps.items()):
        rows = error.reshape(-1, error.shape[-1] if error.ndim else 1)
        reach = float(np.max(np.abs(rows), initial=0, where=np.isfinite(rows))) or 1.0
        ax.set_facecolor(UNKNOWN)
        image = ax.imshow(
            np.where(np.isfinite(rows), rows, np.nan), cmap=colours, vmin=-reach, vmax=reach,
            aspect="auto", interpolation="nearest",
        )  # fmt: skip
        ax.set_title(f"{name} {error.shape}", color=INK, **TITLE)
        ax.set_xlabel("yours − numeric", **LABEL)
        ax.set_xticks(find_ticks(rows.shape[1]))
        ax.set_yticks(find_ticks(rows.shape[0]))
        ax.tick_params(colors=FAINT, labelsize=8, length=0)
        ax.spines[:].set_color(FAINT)
        bar = figure.colorbar(image, ax=ax)
        bar.ax.tick_params(colors=FAINT, labelsize=7, length=0)
        bar.outline.set_visible(False)  # type: ignore[operator]
    return figure


def find_ticks(length: int) -> list[int]:
    """Return at most six whole numbers from 0 to length − 1, evenly spaced."""
    return list(range(0, length, math.ceil(length / 6)))


def plot_step_errors(
    steps: Any, errors: Mapping[str, Any], figure: FigureBase | None = None
) -> FigureBase:
    """How far the central difference is from gradients, against the step size: a V if one is right.

    Large steps see the curvature of the function (the error falls with h²); small ones amplify its
    rounding (the error grows as 1/h).  The distance from a wrong gradient falls no further than to
    its error, and stays there.

    Args:
        steps: (k,) step sizes > 0.
        errors: for each name (k,) the distances from a gradient, ≥ 0; an exact 0 has no place on
            a logarithmic axis and is left out.
        figure: where to draw, by default a new figure.

    Raises:
        ArgumentError: steps that are not above 0, or shapes that do not fit.

    >>> h = np.geomspace(1e-12, 0.1, 12)
    >>> figure = plot_step_errors(h, {"numeric": h**2 + 1e-16 / h, "yours": 0.3 + 0 * h})
    >>> figure.axes[0].get_yscale()
    'log'
    """
    return plot_lines(
        steps, errors, figure, ("step size and error", "step size h", "|central difference − g|")
    )[0]


def plot_taylor_remainders(
    steps: Any, remainders: Mapping[str, Any], figure: FigureBase | None = None
) -> FigureBase:
    """|f(z + h v) − f(z) − h⟨g, v⟩| against h: slope 2 if the gradient g is right, else slope 1.

    Two lines, dotted and dashed, show both slopes.

    Args:
        steps: (k,) step sizes h > 0.
        remainders: for each name of a direction v, (k,) remainders ≥ 0.
        figure: where to draw, by default a new figure.

    Raises:
        ArgumentError: steps that are not above 0, or shapes that do not fit.

    Farrell, Ham, Funke and Rognes (2013), "Automated derivation of the adjoint of high-level
    transient finite element programs", SIAM J. Sci. Comput. 35, section 6.

    >>> h = np.geomspace(1e-5, 0.1, 9)
    >>> figure = plot_taylor_remainders(h, {"direction 1": 3 * h**2})
    >>> [line.get_label() for line in figure.axes[0].get_lines()]
    ['direction 1', 'slope 1 (wrong)', 'slope 2 (right)']
    """
    texts = ("Taylor remainder", "distance h", "|f(z + h v) − f(z) − h⟨g, v⟩|")
    figure, ax = plot_lines(steps, remainders, figure, texts)
    h = np.asarray(steps, dtype=float)
    known = [np.asarray(r, dtype=float)[np.argmax(h)] for r in remainders.values()]
    top = 2 * max((r for r in known if np.isfinite(r)), default=1.0) or 1.0
    bottom, limits = ax.get_ylim(), (h.min(), h.max())
    for slope, meaning in ((1, "wrong"), (2, "right")):
        line = top * (np.array(limits) / h.max()) ** slope
        ax.plot(limits, line, label=f"slope {slope} ({meaning})", zorder=1, **dash(slope))
    ax.set_ylim(*bottom)
    ax.legend(loc="best", **LEGEND)
    return figure


def dash(slope: int) -> dict[str, Any]:
    return DASHED | {"linestyle": (0, (1, 2)) if slope == 1 else (0, (5, 3)), "linewidth": 1.2}


def plot_lines(
    steps: Any,
    lines: Mapping[str, Any],
    figure: FigureBase | None,
    texts: tuple[str, str, str],
) -> tuple[FigureBase, Axes]:
    """Draw lines on logarithmic axes; `texts` are the title and the labels of the axes."""
    h = np.asarray(steps, dtype=float)
    rows = {name: np.asarray(values, dtype=float) for name, values in lines.items()}
    if h.ndim != 1 or not h.size or not (h > 0).all():
        raise ArgumentError(
            f"steps must be a list of numbers above 0, got {steps!r:.60}.", argument="steps"
        )
    if not rows or any(values.shape != h.shape for values in rows.values()):
        shapes = ", ".join(str(values.shape) for values in rows.values()) or "no lines"
        raise ArgumentError(f"Every line must have the shape {h.shape} of the steps, got {shapes}.")
    figure = figure or new_figure(4.8, 3.4)
    ax = figure.subplots()
    style_axes(ax)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.minorticks_off()
    for i, (name, values) in enumerate(rows.items()):
        ax.plot(
            h, np.where(values > 0, values, np.nan), color=COLOURS[1:][i % 6], linewidth=1.6,
            marker="o", markersize=3, label=name,
        )  # fmt: skip
    title, horizontal, vertical = texts
    ax.set_title(title, color=INK, **TITLE)
    ax.set_xlabel(horizontal, **LABEL)
    ax.set_ylabel(vertical, **LABEL)
    ax.legend(loc="best", **LEGEND)
    return figure, ax
