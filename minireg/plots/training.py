"""Figures of one training: its history, and the sweep that finds its learning rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import ArgumentError
from .figure import COLOURS, DASHED, INK, LABEL, LEGEND, TITLE, WRONG, new_figure, style_axes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LINE = COLOURS[2]


def training_curves(
    panels: Mapping[str, Mapping[str, Sequence[float | None]]], best_epoch: int | None = None
) -> Figure:
    """A panel for each quantity with its curves by epoch; of several curves the first is dotted.

    Args:
        panels: for each quantity its curves by name, with a value for each epoch; None where
            nothing was measured.  A curve with no value is left out.
        best_epoch: the epoch to mark in every panel, counting from 1.

    Raises:
        ArgumentError: no quantities or no epochs.

    >>> figure = training_curves({"loss": {"training": [0.9, 0.4], "validation": [0.9, 0.6]}})
    >>> [ax.get_title("left") for ax in figure.axes]
    ['loss']
    """
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    curves = {
        quantity: {name: np.array(values, dtype=float) for name, values in named.items()}
        for quantity, named in panels.items()
    }
    if not any(curve.size for named in curves.values() for curve in named.values()):
        raise ArgumentError("There is nothing to draw: no epoch was finished.")
    columns = min(3, len(curves))
    rows = -(-len(curves) // columns)
    figure = new_figure(max(4.4, 3.4 * columns), 2.7 * rows + 0.3)
    axes = list(figure.subplots(rows, columns, squeeze=False).flat)
    for ax in axes[len(curves) :]:
        ax.set_axis_off()
    seen: dict[str, Any] = {}  # one line for each name in the legend
    for ax, (quantity, named) in zip(axes, curves.items()):
        style_axes(ax)
        ax.set_title(quantity, color=INK, **TITLE)
        ax.set_xlabel("epoch", **LABEL)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        if best_epoch is not None:
            seen[f"best epoch ({best_epoch})"] = ax.axvline(best_epoch, **DASHED)
        for i, (name, values) in enumerate(named.items()):
            if np.isnan(values).all():
                continue
            dotted = i == 0 and len(named) > 1
            (line,) = ax.plot(
                np.arange(1, len(values) + 1), values,
                color=LINE, linewidth=1.8, linestyle=":" if dotted else "-",
                marker="o" if len(values) == 1 else None,  # a line through one point is invisible
            )  # fmt: skip
            if len(named) > 1:  # the title names a single curve
                seen[name] = line
    handles, names = list(seen.values()), list(seen)
    figure.legend(handles, names, loc="outside lower center", ncols=len(seen), **LEGEND)
    return figure


def rate_sweep(rates: Any, losses: Any, smoothed: Any, suggestion: float | None = None) -> Figure:
    """The loss during a sweep of the learning rate, on a logarithmic axis.

    The vertical scale shows where the curve falls; the steep rise at its end is cut off.

    Args:
        rates: (n,) learning rates, n ≥ 1.
        losses: (n,) the loss of each step.
        smoothed: (n,) their running mean.
        suggestion: the learning rate to mark, or None.

    >>> rate_sweep([0.1, 1.0], [2.0, 1.0], [2.0, 1.4], suggestion=0.1).axes[0].get_xscale()
    'log'
    """
    losses, smoothed = np.asarray(losses, dtype=float), np.asarray(smoothed, dtype=float)
    if losses.size == 0:
        raise ArgumentError("There is nothing to draw: no loss was measured.")
    figure = new_figure(6.4, 3.6)
    ax = figure.subplots()
    style_axes(ax)
    ax.set_xscale("log")
    ax.tick_params(which="minor", length=0)
    ax.plot(rates, losses, color=LINE, alpha=0.3, linewidth=1, label="loss of the step")
    ax.plot(rates, smoothed, color=LINE, linewidth=1.8, label="smoothed")
    low, start = losses[: smoothed.argmin() + 1].min(), smoothed[0]
    room = max(start - low, 0.05 * abs(start))
    ax.set_ylim(low - 0.1 * room, start + 0.5 * room)
    if suggestion is not None:
        mark = DASHED | {"color": WRONG, "linewidth": 1.2}
        ax.axvline(suggestion, label=f"suggestion: {suggestion:.2g}", **mark)
    ax.set_xlabel("learning rate", **LABEL)
    ax.set_ylabel("loss", **LABEL)
    figure.legend(loc="outside lower center", ncols=3, **LEGEND)
    return figure
