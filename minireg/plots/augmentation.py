"""Histograms of the parameters that a random transform of images drew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import ArgumentError
from .figure import COLOURS, HEADING, new_figure, style_axes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BINS = 20


def plot_parameters(parameters: Mapping[str, Any]) -> Figure:
    """A histogram for each parameter; whole numbers that are close together get a bar each.

    Args:
        parameters: names and arrays (N,), such as `draw.columns()` of an `augment.Draw`.

    Raises:
        ArgumentError: no parameters, or one that is empty.

    >>> figure = plot_parameters({"degrees": [4.0, -7.5, 0.5], "flipped": [True, False, True]})
    >>> [ax.get_title("left") for ax in figure.axes]
    ['degrees', 'flipped']
    """
    arrays = {name: np.asarray(values) for name, values in parameters.items()}
    if not arrays or any(array.size == 0 for array in arrays.values()):
        raise ArgumentError("There is nothing to draw: no parameters, or no images.")
    columns = min(4, len(arrays))
    rows = -(-len(arrays) // columns)
    figure = new_figure(2.4 * columns, 1.9 * rows)
    grid = list(figure.subplots(rows, columns, squeeze=False).flat)
    for ax, (name, array) in zip(grid, arrays.items()):
        style_axes(ax)
        ax.set_title(name if len(name) <= 28 else name.replace(".", ".\n"), **HEADING)
        values, counts = np.unique(array, return_counts=True)
        places = values.astype(float)
        if array.dtype.kind in "biu" and np.ptp(places) < BINS:
            ax.bar(places, counts, color=COLOURS[2])
            ax.set_xticks(places, map(str, values.tolist()))
        else:
            ax.hist(array.astype(float), BINS, color=COLOURS[2])
    for ax in grid[len(arrays) :]:
        ax.remove()
    return figure
