"""The charts of the study that are too special for `plots`."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle
from typing import TYPE_CHECKING, Any

from ..plots.figure import COLOURS, DASHED, INK, LABEL, new_figure, style_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Summary = Mapping[str, Mapping[str, Any]]  # for each method, as `results.compare` makes it


def draw_gaps(summary: Summary, ceiling: tuple[float, str]) -> Figure:
    """Draw for each method the accuracies on training, validation and test digits, in percent.

    A bar joins training and validation: its length is the gap.  Error bars are one standard error
    over the seeds.  `ceiling` is an accuracy to mark with a line, and what the line means.
    """
    from matplotlib.lines import Line2D  # noqa: PLC0415

    figure, ax = new_rows(list(summary), 0.5 * len(summary) + 1.3)
    marks = {
        "train_accuracy": ("training examples", "o", "white"),
        "validation_accuracy": ("validation examples", "o", None),
        "test_accuracy": ("test examples", "D", None),
    }
    for y, (entry, colour) in enumerate(zip(summary.values(), cycle(COLOURS))):
        ends = [100 * entry[name]["mean"] for name in ("validation_accuracy", "train_accuracy")]
        ax.plot(ends, [y, y], color=colour, alpha=0.22, linewidth=9, solid_capstyle="butt")
        for name, (_, marker, face) in marks.items():
            mean, error = (100 * value for value in entry[name].values())
            ax.errorbar(
                mean, y, xerr=error, fmt=marker, color=colour, markerfacecolor=face or colour,
                markersize=7, elinewidth=1.4, capsize=3, zorder=3,
            )  # fmt: skip
    ax.axvline(100 * ceiling[0], zorder=1, **DASHED)
    ax.set_xlabel("accuracy (%)", **LABEL)
    look: dict[str, Any] = {"color": INK, "linestyle": ""}
    lines = [
        Line2D([], [], marker=marker, markerfacecolor=face or INK, label=label, **look)
        for label, marker, face in marks.values()
    ]
    lines.append(Line2D([], [], label=ceiling[1], **DASHED))
    figure.legend(handles=lines, loc="outside upper center", ncols=4, fontsize=8.5, frameon=False)
    return figure


def draw_memorised(summary: Summary) -> Figure:
    """Draw for each method the percentage of wrong training labels that the network reproduces.

    Error bars are one standard error over the seeds.
    """
    figure, ax = new_rows(list(summary), 0.36 * len(summary) + 0.7)
    for y, (entry, colour) in enumerate(zip(summary.values(), cycle(COLOURS))):
        mean, error = (100 * value for value in entry["wrong_labels_reproduced"].values())
        ax.barh(y, mean, height=0.6, color=colour)
        ax.errorbar(mean, y, xerr=error, color=INK, elinewidth=1.2, capsize=3)
        ax.text(mean + error + 1.5, y, f"{mean:.0f} %", va="center", fontsize=9, color=INK)
    ax.set_xlim(0, 112)
    ax.set_xlabel("wrong labels that the network reproduces (%)", **LABEL)
    return figure


def new_rows(names: list[str], height: float) -> tuple[Figure, Axes]:
    """Return a figure with one row for each name, the first on top."""
    figure = new_figure(9.6, height)
    ax = figure.subplots()
    style_axes(ax)
    ax.grid(visible=False, axis="y")
    ax.set_yticks(range(len(names)), names, fontsize=10)
    for label, colour in zip(ax.get_yticklabels(), cycle(COLOURS)):
        label.set(color=colour, fontweight="bold")
    ax.set_ylim(len(names) - 0.5, -0.5)
    return figure, ax
