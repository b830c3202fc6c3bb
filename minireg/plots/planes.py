"""Pictures of the plane: level lines of two functions, and the regions of a classifier.

A function of the plane is an array of its values on a grid: entry (i, j) is the value at
(horizontal[j], vertical[i]).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import ArgumentError
from .figure import COLOURS, FAINT, INK, LABEL, PAPER, TITLE, add_legend, new_panels, style_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LOSS, PENALTY = COLOURS[2], COLOURS[1]
MARKERS = "o^sDvP"  # of the classes


def plot_level_lines(
    horizontal: Any,
    vertical: Any,
    loss: Any,
    penalties: Mapping[str, Any],
    paths: Mapping[str, Any],
    *,
    labels: tuple[str, str] = ("w₁", "w₂"),
    marked: int = 4,
) -> Figure:
    """A panel for each penalty: level lines of loss and penalty, and the path of the minimiser.

    Points on the path, equally far from each other, are marked, and through each of them runs a
    line of the loss and one of the penalty.  At a minimiser of loss + λ · penalty the two touch.
    A hollow mark has a coordinate that is exactly 0.

    Args:
        horizontal, vertical: (columns,) and (rows,), increasing: the grid.
        loss: (rows, columns), its values on the grid.
        penalties: for each name the values of a penalty, (rows, columns).
        paths: for each of these names the minimisers as λ grows, (k, 2); the first is that of the
            loss alone, for λ = 0.
        labels: of the two axes.
        marked: how many points between the two ends of a path are marked.

    Raises:
        ArgumentError: no penalties, paths with other names, or shapes that do not fit.

    After Hastie, Tibshirani and Friedman (2009), "The elements of statistical learning", figure
    3.11.

    >>> w = np.linspace(-1, 1, 41)
    >>> loss, circle = (w - 1) ** 2 + w[:, None] ** 2, w**2 + w[:, None] ** 2
    >>> figure = plot_level_lines(w, w, loss, {"L2": circle}, {"L2": [[1, 0], [0.5, 0]]})
    >>> [ax.get_title("left") for ax in figure.axes]
    ['L2']
    """
    from matplotlib.lines import Line2D  # noqa: PLC0415

    if not penalties or list(paths) != list(penalties):
        raise ArgumentError(
            f"penalties and paths must have the same names in the same order, at least one: got "
            f"{list(penalties)} and {list(paths)}."
        )
    horizontal, vertical = as_axis("horizontal", horizontal), as_axis("vertical", vertical)
    loss = as_plane("loss", loss, horizontal, vertical)
    figure, axes, free = new_plane_panels(list(penalties), horizontal, vertical, labels)
    for (name, values), ax in zip(penalties.items(), axes):
        penalty = as_plane(f"penalties[{name!r}]", values, horizontal, vertical)
        path = as_points(f"paths[{name!r}]", paths[name])
        points = divide_path(path, marked)
        ax.axhline(0, color=FAINT, linewidth=0.8, zorder=1)
        ax.axvline(0, color=FAINT, linewidth=0.8, zorder=1)
        for plane, colour in ((loss, LOSS), (penalty, PENALTY)):
            levels = [interpolate(horizontal, vertical, plane, point) for point in points]
            draw_levels(ax, horizontal, vertical, plane, levels, colors=colour, linewidths=1.2)
        ax.plot(*path.T, color=INK, linewidth=2, solid_capstyle="round", zorder=3)
        ax.plot(*path[0], color=INK, marker="*", markersize=11, markeredgecolor=PAPER, zorder=5)
        for point in points:
            face = INK if point.all() else PAPER
            ax.plot(*point, color=INK, marker="o", markersize=5, markerfacecolor=face, zorder=4)
    dot: dict[str, Any] = {"color": INK, "marker": "o", "markersize": 5, "linestyle": ""}
    lines = [
        Line2D([], [], color=LOSS, linewidth=1.2, label="level lines of the loss"),
        Line2D([], [], color=PENALTY, linewidth=1.2, label="level lines of the penalty"),
        Line2D([], [], color=INK, linewidth=2, label="minimisers as λ grows"),
        Line2D([], [], label="minimiser for λ = 0", **dot | {"marker": "*", "markersize": 9}),
        Line2D([], [], label="a coordinate is exactly 0", markerfacecolor=PAPER, **dot),
    ]
    add_legend(figure, free, lines)
    shape_panels(figure, axes)
    return figure


def plot_decision_boundary(
    horizontal: Any,
    vertical: Any,
    probabilities: Mapping[str, Any],
    x: Any,
    y: Any,
    *,
    labels: tuple[str, str] = ("x₁", "x₂"),
    classes: Sequence[str] | None = None,
) -> Figure:
    """A panel for each classifier: the probabilities of the classes, and the examples on top.

    The colour is that of the most probable class, and whiter the less certain it is; a line is
    drawn where two classes are equally probable.

    Args:
        horizontal, vertical: (columns,) and (rows,), increasing: the grid.
        probabilities: for each name the probabilities on the grid, (rows, columns, K) for K
            classes.
        x: (N, 2), the examples.
        y: (N,), their classes, 0 to K − 1.
        labels: of the two axes.
        classes: K names for the legend.

    Raises:
        ArgumentError: nothing to draw, or shapes that do not fit.

    >>> w = np.linspace(-1, 1, 5)
    >>> p = np.broadcast_to((w[:, None] + 1) / 2, (5, 5))
    >>> panels = {"upper half": np.stack([1 - p, p], axis=-1)}
    >>> figure = plot_decision_boundary(w, w, panels, [[0, -1], [0, 1]], [0, 1])
    >>> len(figure.axes[0].collections) > 0
    True
    """
    from matplotlib.colors import to_rgb  # noqa: PLC0415
    from matplotlib.lines import Line2D  # noqa: PLC0415

    if not probabilities:
        raise ArgumentError("There is nothing to draw: no probabilities.")
    horizontal, vertical = as_axis("horizontal", horizontal), as_axis("vertical", vertical)
    k = (0, *np.shape(next(iter(probabilities.values()))))[-1]
    planes = {
        name: as_plane(f"probabilities[{name!r}]", p, horizontal, vertical, k)
        for name, p in probabilities.items()
    }
    x, y = as_points("x", x), np.asarray(y)
    names = [str(c) for c in range(k)] if classes is None else list(classes)
    if k < 2 or len(names) != k:
        raise ArgumentError(
            f"probabilities must be those of at least two classes, and classes must have as many "
            f"names: got {k} probabilities and {len(names)} names."
        )
    if y.shape != (len(x),) or not np.isin(y, np.arange(k)).all():
        raise ArgumentError(
            f"y must have a class from 0 to {k - 1} for each of the {len(x)} points, got shape "
            f"{y.shape} with {np.unique(y)[:10].tolist()}.",
            argument="y",
        )
    figure, axes, free = new_plane_panels(list(planes), horizontal, vertical, labels)
    looks: list[dict[str, Any]] = [
        {"color": colour, "marker": marker}
        for _, colour, marker in zip(range(k), cycle(COLOURS[1:]), cycle(MARKERS))
    ]
    dot: dict[str, Any] = {"linestyle": "", "markersize": 5}
    colours = np.array([to_rgb(look["color"]) for look in looks])
    for plane, ax in zip(planes.values(), axes):
        certainty = (plane.max(axis=2, keepdims=True) - 1 / k) / (1 - 1 / k)
        shades = 1 - 0.45 * certainty * (1 - colours[plane.argmax(axis=2)])
        ax.pcolormesh(horizontal, vertical, shades, shading="nearest", rasterized=True)
        # Logarithms change evenly across a border, where probabilities jump from 0 to 1.
        logs = np.log(np.maximum(plane, 1e-30))
        for c in range(1, k):  # a border of class 0 is also a border of another one
            margin = logs[..., c] - np.delete(logs, c, axis=2).max(axis=2)
            draw_levels(ax, horizontal, vertical, margin, [0], colors=INK, linewidths=1.4)
        for c, look in enumerate(looks):
            ax.plot(*x[y == c].T, markeredgecolor=PAPER, markeredgewidth=0.5, **dot, **look)
    lines = [Line2D([], [], label=name, **dot, **look) for name, look in zip(names, looks)]
    lines.append(Line2D([], [], color=INK, linewidth=1.4, label="equally probable"))
    add_legend(figure, free, lines)
    shape_panels(figure, axes)
    return figure


def new_plane_panels(
    names: list[str], horizontal: np.ndarray, vertical: np.ndarray, labels: tuple[str, str]
) -> tuple[Figure, list[Axes], Axes | None]:
    """Return `new_panels` with titles and labels, of about the shape of the plane."""
    columns = min(4, len(names))
    side = 9.6 / max(2, columns)
    height = shape_of(horizontal, vertical) * side + 0.75
    figure, axes, free = new_panels(len(names), height, width=columns * side)
    for i, (name, ax) in enumerate(zip(names, axes)):
        style_axes(ax)
        ax.grid(visible=False)
        ax.locator_params(nbins=5)
        ax.set(xlim=horizontal[[0, -1]], ylim=vertical[[0, -1]])
        ax.set_title(name, color=INK, **TITLE)
        if i % 4 == 0:
            ax.set_ylabel(labels[1], **LABEL)
        if i + 4 >= len(names):
            ax.set_xlabel(labels[0], **LABEL)
    return figure, axes, free


def shape_of(horizontal: Any, vertical: Any) -> float:
    """Return height by width of the plane; that of a very long one is limited."""
    return float(np.clip(np.ptp(vertical) / np.ptp(horizontal), 0.5, 1.2))


def shape_panels(figure: Figure, axes: list[Axes]) -> None:
    """Give both axes the same unit of length, after everything else is drawn."""
    # A layout does not settle while boxes shrink.  So it is made first, and then kept: inside it
    # every box can become smaller, and its texts with it.
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for ax in axes:
        ax.set_box_aspect(shape_of(ax.get_xlim(), ax.get_ylim()))


def draw_levels(
    ax: Axes, horizontal: Any, vertical: Any, plane: Any, levels: Any, **style: Any
) -> None:
    """Draw the level lines of those levels that the plane reaches."""
    reached = np.unique(levels)
    reached = reached[(reached > plane.min()) & (reached < plane.max())]
    if reached.size:  # matplotlib would warn
        ax.contour(horizontal, vertical, plane, reached, **style)


def interpolate(horizontal: Any, vertical: Any, plane: np.ndarray, point: np.ndarray) -> float:
    """Return the value at a point, bilinear between the points of the grid."""
    column = [np.interp(point[0], horizontal, row) for row in plane]
    return float(np.interp(point[1], vertical, column))


def divide_path(path: np.ndarray, count: int) -> np.ndarray:
    """Return `count` points inside a path that divide it into parts of equal length."""
    length = np.append(0, np.linalg.norm(np.diff(path, axis=0), axis=1).cumsum())
    places = np.linspace(0, length[-1], count + 2)[1:-1]
    return np.stack([np.interp(places, length, coordinate) for coordinate in path.T], axis=1)


def as_axis(name: str, values: Any) -> np.ndarray:
    """Return increasing coordinates, at least two."""
    array = np.asarray(values, dtype=float)
    if array.ndim != 1 or array.size < 2 or not (np.diff(array) > 0).all():
        raise ArgumentError(
            f"{name} must have at least two increasing coordinates, got shape {array.shape}.",
            argument=name,
        )
    return array


def as_plane(
    name: str, values: Any, horizontal: np.ndarray, vertical: np.ndarray, *last: int
) -> np.ndarray:
    """Return values on the grid, (rows, columns, *last)."""
    array, expected = np.asarray(values, dtype=float), (len(vertical), len(horizontal), *last)
    if array.shape != expected:
        raise ArgumentError(
            f"{name} must have the shape {expected}: a row for each vertical coordinate, a column "
            f"for each horizontal one; got {array.shape}."
        )
    return array


def as_points(name: str, values: Any) -> np.ndarray:
    """Return points, (n, 2)."""
    array = np.asarray(values, dtype=float)
    if array.ndim != 2 or array.shape[1] != 2 or len(array) == 0:
        raise ArgumentError(f"{name} must be points (n, 2), got shape {array.shape}.")
    return array
