"""What all figures share: colours, the styles of texts and lines, panels, and saving."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from ..errors import ArgumentError
from ..files import as_path, write_file

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, FAINT, GRID, PAPER = "#222222", "#767676", "#e4e4e4", "#ffffff"
WRONG = "#c22f00"

# After Okabe and Ito (2008), "Color universal design": colour-blind readers can tell them apart.
COLOURS = ("#444444", "#d55e00", "#0072b2", "#009e73", "#b05a8c", "#b8860b", "#2a9fd6")

# Keywords of matplotlib: for the title of a panel and of a picture, the label of an axis, a line
# that marks a value, and a legend.
TITLE: dict[str, Any] = {"fontsize": 10, "fontweight": "bold", "loc": "left"}
HEADING: dict[str, Any] = {"fontsize": 9, "color": INK, "loc": "left"}
LABEL: dict[str, Any] = {"fontsize": 8.5, "color": INK}
DASHED: dict[str, Any] = {"color": FAINT, "linewidth": 0.9, "linestyle": (0, (4, 3))}
LEGEND: dict[str, Any] = {"fontsize": 8, "frameon": False, "labelcolor": INK}

RESOLUTION = 160  # dots per inch: sharp on high-resolution screens


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of this size in inches, laid out so that nothing overlaps."""
    from matplotlib.figure import Figure  # noqa: PLC0415  half a second, for drawing only

    return Figure(figsize=(width, height), layout="constrained", facecolor=PAPER)


def style_axes(ax: Axes) -> None:
    """Style the axes: two spines, a light grid behind the data, small grey numbers."""
    ax.set_facecolor(PAPER)
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["left", "bottom"]].set_color(GRID)
    ax.grid(color=GRID, linewidth=0.8)
    ax.set_axisbelow(True)
    ax.tick_params(colors=FAINT, labelsize=8, length=0)


def new_panels(
    count: int, height: float, width: float = 9.6
) -> tuple[Figure, list[Axes], Axes | None]:
    """Return a figure with `count` panels in rows of four, all on the same scales.

    Args:
        count: how many panels, at least 1.
        height: of one panel, in inches.
        width: of the figure, in inches.

    Returns:
        The figure, its panels, and the first empty place of the last row (None if it is full).
    """
    columns = min(4, count)
    rows = -(-count // columns)
    figure = new_figure(width, height * rows)
    axes = list(figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).flat)
    for i in range(count, len(axes)):
        axes[i].set_axis_off()
        axes[i - columns].tick_params(labelbottom=True)  # the lowest panel of its column
    return figure, axes[:count], axes[count] if count < len(axes) else None


def add_legend(figure: Figure, free: Axes | None, lines: list[Any]) -> None:
    """Put the legend into the empty place that `new_panels` left, or below the panels."""
    if free is None:
        widths = [0.45 + 0.06 * len(line.get_label()) for line in lines]  # inches, about
        width = figure.get_figwidth()
        columns = len(lines) if sum(widths) <= width else max(1, int(width / max(widths)))
        figure.legend(handles=lines, loc="outside lower center", ncols=columns, **LEGEND)
    else:
        free.legend(handles=lines, loc="center left", borderaxespad=0, labelspacing=1.1, **LEGEND)


def png_bytes(figure: Figure) -> bytes:
    """Return the figure as the bytes of a PNG file.

    Equal figures give equal bytes: the file contains no date and no version.
    """
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=RESOLUTION, metadata={"Software": None})
    return buffer.getvalue()


def save_figure(figure: Figure, path: Any) -> None:
    """Save the figure, whole or not at all, in the format of the suffix (.png, .svg, .pdf).

    Raises:
        ArgumentError: an unknown suffix, or a folder that cannot be written into.
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
