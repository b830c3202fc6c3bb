"""What all figures share: paper, ink, and a colour for each name."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import ArgumentError
from ..files import as_path, write_file

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, FAINT, GRID, PAPER = "#222222", "#767676", "#e4e4e4", "#ffffff"
WRONG = "#c22f00"

# After Okabe and Ito (2008), "Color universal design": colour-blind readers can tell them apart.
COLOURS = ("#444444", "#d55e00", "#0072b2", "#009e73", "#b05a8c", "#b8860b", "#2a9fd6")

RESOLUTION = 160  # dots per inch: sharp on a screen that shows two pixels for one


def assign_colours(names: Sequence[str], colours: Mapping[str, str] | None) -> dict[str, str]:
    """A colour for each name: the caller's, or else those of COLOURS in their order."""
    return dict(zip(names, cycle(COLOURS))) | dict(colours or {})


def new_figure(width: float, height: float) -> Figure:
    """An empty figure, in inches, laid out so that nothing overlaps."""
    from matplotlib.figure import Figure  # noqa: PLC0415  half a second that only drawing needs

    return Figure(figsize=(width, height), layout="constrained", facecolor=PAPER)


def style_axes(ax: Axes) -> None:
    """Only what helps to read: two spines, a light grid behind the data, small grey numbers."""
    ax.set_facecolor(PAPER)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set_color(GRID)
    ax.grid(color=GRID, linewidth=0.8)
    ax.set_axisbelow(True)
    ax.tick_params(colors=FAINT, labelsize=8, length=0)


def new_panels(
    count: int, columns: int, width: float, height: float
) -> tuple[Figure, list[Axes], Axes | None]:
    """A figure with `count` panels in rows of `columns`, all on the same scales.

    Args:
        count: how many panels, at least 1.
        columns: panels in a row.
        width: of the figure, in inches.
        height: of one panel, in inches.

    Returns:
        The figure, its panels, and the first empty place of the last row (None if it is full).
    """
    columns = min(columns, count)
    rows = -(-count // columns)
    figure = new_figure(width, height * rows)
    axes = list(figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).flat)
    for i in range(count, len(axes)):
        axes[i].set_axis_off()
        axes[i - columns].tick_params(labelbottom=True)  # the lowest panel of its column
    return figure, axes[:count], axes[count] if count < len(axes) else None


def png_bytes(figure: Figure) -> bytes:
    """The figure as a PNG file.

    Equal figures give equal bytes: no date and no version is written into the file.
    """
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=RESOLUTION, metadata={"Software": None})
    return buffer.getvalue()


def save_figure(figure: Figure, path: Any) -> None:
    """Save the figure in the format of the file's suffix (.png, .svg, .pdf), completely or not.

    Raises:
        ArgumentError: another suffix, or a folder that cannot be written into.
    """
    path = as_path(path)
    kind = path.suffix.lower().removeprefix(".")
    known = figure.canvas.get_supported_filetypes()
    if kind not in known:
        raise ArgumentError(
            f"A figure is saved as .png, .svg or .pdf, got {path.name!r}. (Also known: "
            f"{', '.join(sorted(known))}.)"
        )
    buffer = io.BytesIO()
    figure.savefig(buffer, format=kind, dpi=RESOLUTION)
    write_file(path, buffer.getvalue())


def as_rows(name: str, values: Any) -> np.ndarray:
    """`values` as a (repetitions, entries) array of floats: one row for a single repetition.

    Rows may have different lengths (a run that was stopped early): NaN fills them up.
    """
    rows = [values] if np.ndim(values[0]) == 0 else values
    longest = max(len(row) for row in rows)
    if longest == 0:
        raise ArgumentError(f"{name} holds no values.")
    array = np.full((len(rows), longest), np.nan)
    for i, row in enumerate(rows):
        array[i, : len(row)] = row
    return array


def check_names(first: Mapping[str, Any], **others: Mapping[str, Any]) -> list[str]:
    """The names of the mappings, which must be the same in all of them and at least one."""
    if not first:
        raise ArgumentError("There is nothing to draw: the mapping is empty.")
    for argument, other in others.items():
        if list(other) != list(first):
            raise ArgumentError(
                f"{argument} must have the same names in the same order: {list(first)}, got "
                f"{list(other)}."
            )
    return list(first)
