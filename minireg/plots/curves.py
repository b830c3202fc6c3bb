"""Learning curves: the scores of a network on its training examples and on others."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle, zip_longest
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import ArgumentError
from .figure import COLOURS, DASHED, FAINT, INK, LABEL, TITLE, add_legend, new_panels, style_axes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

REFERENCE: dict[str, Any] = {"color": FAINT, "alpha": 0.7, "linewidth": 1}


def learning_curves(
    train: Mapping[str, Any],
    validation: Mapping[str, Any],
    *,
    quantity: str = "accuracy",
    percent: bool = True,
    ceiling: tuple[float, str] | None = None,
    reference: str | None = None,
) -> Figure:
    """A panel for each name: its training curve (dotted) and its validation curve (solid).

    Bands show the smallest and the largest value over the repetitions, lines the mean.

    Args:
        train, validation: for each name the values by epoch, (epochs,) or (repetitions, epochs);
            repetitions that were stopped early may be shorter.  Both have the same names.
        quantity: the label of the vertical axis.
        percent: multiply the values by 100.
        ceiling: a value to mark with a line across all panels, and what the line means.
        reference: the name whose validation curve is repeated in grey in every other panel.

    Raises:
        ArgumentError: no names, no values, or different names in the two mappings.

    >>> figure = learning_curves({"wide": [0.4, 0.6]}, {"wide": [0.4, 0.5]})
    >>> [ax.get_title("left") for ax in figure.axes]
    ['wide']
    """
    from matplotlib.lines import Line2D  # noqa: PLC0415

    names = list(train)
    if not names or list(validation) != names:
        raise ArgumentError(
            f"train and validation must have the same names in the same order, at least one: got "
            f"{names} and {list(validation)}."
        )
    factor = 100 if percent else 1
    figure, axes, free = new_panels(len(names), height=2.5)
    for i, (name, ax, colour) in enumerate(zip(names, axes, cycle(COLOURS))):
        style_axes(ax)
        ax.set_title(name, color=colour, **TITLE)
        if ceiling is not None:
            ax.axhline(factor * ceiling[0], **DASHED)
        if reference in names and name != reference:
            rows = factor * as_rows("validation", validation[reference])
            ax.plot(np.arange(1, rows.shape[1] + 1), np.nanmean(rows, axis=0), **REFERENCE)
        for argument, values, style in (("train", train, ":"), ("validation", validation, "-")):
            rows = factor * as_rows(argument, values[name])
            epochs = np.arange(1, rows.shape[1] + 1)
            low, high = np.nanmin(rows, axis=0), np.nanmax(rows, axis=0)
            ax.plot(epochs, np.nanmean(rows, axis=0), color=colour, linestyle=style, linewidth=1.8)
            ax.fill_between(epochs, low, high, color=colour, alpha=0.15, linewidth=0)
        if i % 4 == 0:
            ax.set_ylabel(f"{quantity} (%)" if percent else quantity, **LABEL)
        if i + 4 >= len(names):
            ax.set_xlabel("epoch", **LABEL)
    lines = [
        Line2D([], [], color=INK, linestyle=":", linewidth=1.8, label="training examples"),
        Line2D([], [], color=INK, linewidth=1.8, label="validation examples"),
    ]
    if reference in names and len(names) > 1:
        lines.append(Line2D([], [], label=f"validation examples, “{reference}”", **REFERENCE))
    if ceiling is not None:
        lines.append(Line2D([], [], label=ceiling[1], **DASHED))
    add_legend(figure, free, lines)
    return figure


def as_rows(name: str, values: Any) -> np.ndarray:
    """Return (repetitions, epochs) floats; NaN fills the rows of runs that stopped early."""
    rows = [values] if all(np.ndim(value) == 0 for value in values) else values
    array = np.array(list(zip_longest(*rows, fillvalue=np.nan)), dtype=float).T
    if array.size == 0:
        raise ArgumentError(f"{name} holds no values.")
    return array
