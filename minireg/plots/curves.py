"""Learning curves: what a network scores on the examples it learns from, and on others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from .figure import FAINT, INK, as_rows, assign_colours, check_names, new_panels, style_axes

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D


def learning_curves(
    train: Mapping[str, Any],
    validation: Mapping[str, Any],
    *,
    quantity: str = "accuracy",
    percent: bool = True,
    ceiling: float | None = None,
    ceiling_label: str = "ceiling",
    reference: str | None = None,
    columns: int = 4,
    colours: Mapping[str, str] | None = None,
) -> Figure:
    """A panel for each name: its training curve (dotted) and its validation curve (solid).

    Bands show the smallest and the largest value over the repetitions, lines the mean.

    Args:
        train, validation: for each name the values by epoch, (epochs,) or (repetitions, epochs);
            repetitions that were stopped early may be shorter.  The same names in both.
        quantity: the label of the vertical axis.
        percent: multiply the values by 100.
        ceiling: a value to mark with a line across all panels.
        ceiling_label: what that line means.
        reference: the name whose validation curve is repeated in grey in every other panel.
        columns: panels in a row.
        colours: a matplotlib colour for each name; by default those of a palette that colour-blind
            readers can tell apart.

    Raises:
        ArgumentError: no names, no values, or different names in the two mappings.

    >>> figure = learning_curves({"wide": [0.4, 0.6]}, {"wide": [0.4, 0.5]}, quantity="accuracy")
    >>> [ax.get_title("left") for ax in figure.axes]
    ['wide']
    """
    names = check_names(train, validation=validation)
    colours = assign_colours(names, colours)
    factor = 100 if percent else 1
    figure, axes, free = new_panels(len(names), columns, width=9.6, height=2.5)
    for i, (name, ax) in enumerate(zip(names, axes, strict=True)):
        style_axes(ax)
        ax.set_title(name, color=colours[name], fontsize=10, fontweight="bold", loc="left")
        if ceiling is not None:
            ax.axhline(factor * ceiling, color=FAINT, linewidth=0.9, linestyle=(0, (4, 3)))
        if reference in names and name != reference:
            grey = as_rows("validation", validation[reference])
            ax.plot(*compute_mean_curve(factor * grey), color=FAINT, alpha=0.7, linewidth=1)
        for values, style, argument in (
            (train[name], ":", "train"),
            (validation[name], "-", "validation"),
        ):
            rows = factor * as_rows(argument, values)
            epochs, mean = compute_mean_curve(rows)
            ax.plot(epochs, mean, color=colours[name], linestyle=style, linewidth=1.8)
            low, high = np.nanmin(rows, axis=0), np.nanmax(rows, axis=0)
            ax.fill_between(epochs, low, high, color=colours[name], alpha=0.15, linewidth=0)
        if i % columns == 0:
            ax.set_ylabel(f"{quantity} (%)" if percent else quantity, fontsize=8.5, color=INK)
        if i + columns >= len(names):
            ax.set_xlabel("epoch", fontsize=8.5, color=INK)
    handles = make_legend(names, ceiling_label if ceiling is not None else None, reference)
    if free is None:
        place: dict[str, Any] = {"loc": "outside lower center", "ncols": len(handles)}
        figure.legend(handles=handles, fontsize=8, frameon=False, labelcolor=INK, **place)
    else:
        free.legend(
            handles=handles, fontsize=8, frameon=False, labelcolor=INK, loc="center left",
            borderaxespad=0, labelspacing=1.1,
        )  # fmt: skip
    return figure


def compute_mean_curve(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Epochs from 1 and the mean over the repetitions that were still running."""
    return np.arange(1, rows.shape[1] + 1), np.nanmean(rows, axis=0)


def make_legend(names: list[str], ceiling_label: str | None, reference: str | None) -> list[Line2D]:
    """The entries of the legend."""
    from matplotlib.lines import Line2D  # noqa: PLC0415

    lines = [
        Line2D([], [], color=INK, linestyle=":", linewidth=1.8, label="training examples"),
        Line2D([], [], color=INK, linewidth=1.8, label="validation examples"),
    ]
    if reference in names and len(names) > 1:
        label = f"validation examples, “{reference}”"
        lines.append(Line2D([], [], color=FAINT, alpha=0.7, linewidth=1, label=label))
    if ceiling_label is not None:
        dashes = (0, (4, 3))
        lines.append(
            Line2D([], [], color=FAINT, linewidth=0.9, linestyle=dashes, label=ceiling_label)
        )
    return lines
