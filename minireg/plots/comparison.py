"""Charts that compare several things by name: accuracies beside each other, and shares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from .figure import FAINT, INK, as_rows, assign_colours, check_names, new_figure, style_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def gap_chart(
    train: Mapping[str, Any],
    validation: Mapping[str, Any],
    test: Mapping[str, Any],
    *,
    ceiling: float | None = None,
    ceiling_label: str = "ceiling",
    colours: Mapping[str, str] | None = None,
) -> Figure:
    """For each name the accuracies on training, validation and test examples.

    A bar joins training and validation: its length is the gap.  Error bars are one standard error
    over the repetitions.

    Args:
        train, validation, test: for each name a number or (repetitions,) numbers in [0, 1]; the
            same names in all three.
        ceiling: an accuracy to mark with a line.
        ceiling_label: what that line means.
        colours: a matplotlib colour for each name; by default those of a palette that colour-blind
            readers can tell apart.

    Raises:
        ArgumentError: no names, or different ones.

    >>> figure = gap_chart({"small": [1.0, 0.9]}, {"small": [0.5, 0.6]}, {"small": [0.7, 0.8]})
    >>> [label.get_text() for label in figure.axes[0].get_yticklabels()]
    ['small']
    """
    names = check_names(train, validation=validation, test=test)
    colours = assign_colours(names, colours)
    figure = new_figure(9.6, 0.5 * len(names) + 1.3)
    ax = figure.subplots()
    style_rows(ax, names, colours)
    for y, name in enumerate(names):
        colour = colours[name]
        left, _ = compute_mean_and_error(validation[name])
        right, _ = compute_mean_and_error(train[name])
        ax.plot([left, right], [y, y], color=colour, alpha=0.22, linewidth=9, solid_capstyle="butt")
        for values, marker, face in (
            (train[name], "o", "white"),
            (validation[name], "o", colour),
            (test[name], "D", colour),
        ):
            mean, error = compute_mean_and_error(values)
            ax.errorbar(
                mean, y, xerr=error, fmt=marker, color=colour, markerfacecolor=face,
                markersize=7, elinewidth=1.4, capsize=3, zorder=3,
            )  # fmt: skip
    if ceiling is not None:
        ax.axvline(100 * ceiling, color=FAINT, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    ax.set_xlabel("accuracy (%)", fontsize=8.5, color=INK)
    add_legend(figure, ceiling_label if ceiling is not None else None)
    return figure


def share_chart(
    shares: Mapping[str, Any], label: str, *, colours: Mapping[str, str] | None = None
) -> Figure:
    """For each name a bar with the mean of its shares, in percent.

    Error bars are one standard error over the repetitions.

    Args:
        shares: for each name a number or (repetitions,) numbers in [0, 1].
        label: what they are shares of.
        colours: a matplotlib colour for each name; by default those of a palette that colour-blind
            readers can tell apart.

    Raises:
        ArgumentError: no names.

    >>> len(share_chart({"a": [1.0, 0.9], "b": [0.1, 0.2]}, "right (%)").axes[0].patches)
    2
    """
    names = check_names(shares)
    colours = assign_colours(names, colours)
    figure = new_figure(9.6, 0.36 * len(names) + 0.7)
    ax = figure.subplots()
    style_rows(ax, names, colours)
    for y, name in enumerate(names):
        mean, error = compute_mean_and_error(shares[name])
        ax.barh(y, mean, height=0.6, color=colours[name])
        ax.errorbar(mean, y, xerr=error, color=INK, elinewidth=1.2, capsize=3)
        ax.text(mean + error + 1.5, y, f"{mean:.0f} %", va="center", fontsize=9, color=INK)
    ax.set_xlim(0, 112)
    ax.set_xlabel(label, fontsize=8.5, color=INK)
    return figure


def style_rows(ax: Axes, names: list[str], colours: dict[str, str]) -> None:
    """One row for each name, the first on top."""
    style_axes(ax)
    ax.grid(visible=False, axis="y")
    ax.set_yticks(range(len(names)), names, fontsize=10)
    for label in ax.get_yticklabels():
        label.set_color(colours[label.get_text()])
        label.set_fontweight("bold")
    ax.set_ylim(len(names) - 0.5, -0.5)


def compute_mean_and_error(values: Any) -> tuple[float, float]:
    """The mean in percent and its standard error (0 for a single value)."""
    row = 100 * as_rows("values", np.atleast_1d(values))[0]
    error = row.std(ddof=1) / np.sqrt(len(row)) if len(row) > 1 else 0.0
    return float(row.mean()), float(error)


def add_legend(figure: Figure, ceiling_label: str | None) -> None:
    from matplotlib.lines import Line2D  # noqa: PLC0415

    def marker(symbol: str, face: str, label: str) -> Line2D:
        return Line2D(
            [], [], color=INK, marker=symbol, markerfacecolor=face, linestyle="", label=label
        )

    lines = [
        marker("o", "white", "training examples"),
        marker("o", INK, "validation examples"),
        marker("D", INK, "test examples"),
    ]
    if ceiling_label is not None:
        lines.append(
            Line2D([], [], color=FAINT, linewidth=0.9, linestyle=(0, (4, 3)), label=ceiling_label)
        )
    figure.legend(
        handles=lines, loc="outside upper center", ncols=len(lines), fontsize=8.5, frameon=False
    )
