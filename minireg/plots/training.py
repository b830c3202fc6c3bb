"""Pictures of one training: its history, and the sweep that finds its learning rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import ArgumentError
from .figure import FAINT, INK, WRONG, new_figure, style_axes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LINE = "#0072b2"


def training_curves(
    panels: Mapping[str, Mapping[str, Sequence[float | None]]],
    best_epoch: int | None = None,
    *,
    columns: int = 3,
) -> Figure:
    """A panel for each quantity, with its curves by epoch: the first of several is dotted.

    Args:
        panels: for each quantity its curves by name, with a value for each epoch; None where
            nothing was measured.  A curve of None only is left out.
        best_epoch: the epoch to mark in every panel, counting from 1.
        columns: panels in a row.

    Raises:
        ArgumentError: no quantities or no epochs.

    >>> figure = training_curves({"loss": {"training": [0.9, 0.4], "validation": [0.9, 0.6]}})
    >>> [ax.get_title("left") for ax in figure.axes]
    ['loss']
    """
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    curves = {
        quantity: {name: as_curve(values) for name, values in named.items()}
        for quantity, named in panels.items()
    }
    if not any(curve.size for named in curves.values() for curve in named.values()):
        raise ArgumentError("There is nothing to draw: no epoch was finished.")
    columns = min(columns, len(curves))
    rows = -(-len(curves) // columns)
    figure = new_figure(max(4.4, 3.4 * columns), 2.7 * rows + 0.3)
    axes = list(figure.subplots(rows, columns, squeeze=False).flat)
    for ax in axes[len(curves) :]:
        ax.set_axis_off()
    seen: dict[str, Any] = {}  # for the legend: a line of each name
    for ax, (quantity, named) in zip(axes, curves.items()):
        style_axes(ax)
        ax.set_title(quantity, color=INK, fontsize=10, fontweight="bold", loc="left")
        ax.set_xlabel("epoch", fontsize=8.5, color=INK)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        if best_epoch is not None:
            label = f"best epoch ({best_epoch})"
            seen[label] = ax.axvline(best_epoch, color=FAINT, linewidth=0.9, linestyle=(0, (4, 3)))
        for i, (name, values) in enumerate(named.items()):
            if np.isnan(values).all():
                continue
            dotted = i == 0 and len(named) > 1
            (line,) = ax.plot(
                np.arange(1, len(values) + 1), values,
                color=LINE, linewidth=1.8, linestyle=":" if dotted else "-",
                marker="o" if len(values) == 1 else None,  # a line through one point is invisible
            )  # fmt: skip
            if len(named) > 1:  # a curve alone bears the panel's name
                seen[name] = line
    figure.legend(
        list(seen.values()), list(seen), fontsize=8, frameon=False, labelcolor=INK,
        loc="outside lower center", ncols=len(seen),
    )  # fmt: skip
    return figure


def as_curve(values: Sequence[float | None]) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def rate_sweep(rates: Any, losses: Any, smoothed: Any, suggestion: float | None = None) -> Figure:
    """The loss during a sweep of the learning rate, on a logarithmic axis.

    The scale of the losses shows where the curve falls: what shoots up at its end is cut off.

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
        ax.axvline(
            suggestion, color=WRONG, linewidth=1.2, linestyle=(0, (4, 3)),
            label=f"suggestion: {suggestion:.2g}",
        )  # fmt: skip
    ax.set_xlabel("learning rate", fontsize=8.5, color=INK)
    ax.set_ylabel("loss", fontsize=8.5, color=INK)
    figure.legend(
        fontsize=8, frameon=False, labelcolor=INK, loc="outside lower center", ncols=3
    )  # fmt: skip
    return figure
