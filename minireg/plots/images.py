"""Pictures of images: grids with captions, and rows that show an original beside its variants."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import ArgumentError
from .figure import FAINT, GRID, HEADING, LABEL, WRONG, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHARP = 64  # pixels; images up to this size are shown with sharp edges between their pixels
DROPPED = "#95cfea"  # light blue: neither a grey nor, for colour-blind readers, near one


def image_grid(
    images: Any,
    captions: Sequence[str] | None = None,
    titles: Sequence[str] | None = None,
    *,
    columns: int = 8,
) -> Figure:
    """Images in rows, each with a caption below it.

    Args:
        images: (N, H, W), (N, 1, H, W) or (N, 3, H, W); uint8, or floats from 0 to 1.
        captions: N lines of text, in grey; they may contain line breaks.
        titles: N lines of text above the images, in red.
        columns: images in a row.

    Raises:
        ArgumentError: another shape, or captions that do not fit the number of images.

    >>> len(image_grid(np.zeros((3, 28, 28)), ["a", "b", "c"]).axes)
    3
    """
    pictures = as_pictures(images)
    n = len(pictures)
    for name, texts in (("captions", captions), ("titles", titles)):
        if texts is not None and len(texts) != n:
            raise ArgumentError(f"{name} must have {n} lines, one per image, got {len(texts)}.")
    columns = min(columns, n)
    rows = -(-n // columns)
    lines = max((1 + text.count("\n") for text in captions or []), default=0)
    height = 9.6 / columns + 0.17 * lines + (0.22 if titles else 0.05)
    figure = new_figure(9.6, rows * height)
    grid = list(figure.subplots(rows, columns, squeeze=False).flat)
    for i, picture in enumerate(pictures):
        draw_image(grid[i], picture)
        if titles is not None:
            grid[i].set_title(titles[i], fontsize=9, color=WRONG, fontweight="bold", pad=4)
        if captions is not None:
            grid[i].set_xlabel(captions[i], fontsize=8.5, color=FAINT, linespacing=1.35, labelpad=4)
    for ax in grid[n:]:
        ax.remove()
    return figure


def image_rows(
    originals: Any,
    variants: Any,
    *,
    titles: tuple[str, str] = ("original", "variants"),
    title: str = "",
    names: Sequence[str] | None = None,
    captions: Sequence[Sequence[str]] | None = None,
    ink: bool = True,
) -> Figure:
    """A row for each original: the image itself, then its variants.

    Args:
        originals: (N, H, W), (N, 1, H, W) or (N, 3, H, W); uint8, or floats from 0 to 1.
        variants: (N, K, …): K images for each original; or a list of N such rows, whose images may
            differ in number and size.
        titles: the text above the first column, and that above the others.
        title: the text above everything; long ones get several lines.
        names: N texts, to the left of the rows.
        captions: for each row a text below each variant.
        ink: with one channel, whether high values are dark, as ink on paper, or light, as on a
            screen.

    Raises:
        ArgumentError: shapes or texts that do not fit.

    >>> len(image_rows(np.zeros((2, 28, 28)), np.zeros((2, 5, 28, 28))).axes)
    12
    """
    pictures, rows = as_pictures(originals), [as_pictures(row) for row in variants]
    n, counts = len(pictures), [len(row) for row in rows]
    if len(rows) != n:
        raise ArgumentError(
            f"variants must be (N, K, …), a row for each original: {n} rows, got {len(rows)}.",
            argument="variants",
        )
    if names is not None and len(names) != n:
        raise ArgumentError(f"names must be {n}, one per row, got {len(names)}.", argument="names")
    if captions is not None and [len(texts) for texts in captions] != counts:
        raise ArgumentError(
            f"captions must be one per variant, {counts} in the rows, got "
            f"{[len(texts) for texts in captions]}.",
            argument="captions",
        )
    columns = max(counts)
    longest = max((len(line) for name in names or [] for line in name.split("\n")), default=0)
    left = 0.05 + 0.075 * longest + 0.12 * (longest > 0)  # inches, as all lengths here
    step = min(2.4, (9.55 - left) / (columns + 1.25))  # the original is 1.25 steps wide
    edge, below = 0.92 * step, 0.26 if captions else 0.08 * step
    width = left + 1.25 * step + max(columns * step, 0.07 * len(titles[1]))
    lines = textwrap.wrap(title, int(10.4 * width))
    top = 0.3 + 0.18 * len(lines)
    heights = [
        max(fit(edge, picture)[1] for picture in (original, *row))
        for original, row in zip(pictures, rows)
    ]
    height = top + sum(heights) + n * below
    figure = new_figure(width, height)
    figure.set_layout_engine("none")  # all places are known
    figure.suptitle(
        "\n".join(lines),
        x=0.05 / width,
        y=1 - 0.06 / height,
        ha="left",
        fontsize=10,
        fontweight="bold",
    )

    for i, (original, row) in enumerate(zip(pictures, rows)):
        for j, picture in enumerate([original, *row]):
            w, h = fit(edge, picture)
            x = left + (j + 0.25 * (j > 0)) * step
            ax = figure.add_axes((x / width, 1 - (top + h) / height, w / width, h / height))
            draw_image(ax, picture, ink)
            if i == 0 and j < 2:
                ax.set_title(titles[j], **HEADING)
            if j == 0 and names is not None:
                ax.set_ylabel(names[i], rotation=0, ha="right", va="center", **LABEL)
            if j > 0 and captions is not None:
                ax.set_xlabel(captions[i][j - 1], fontsize=8, color=FAINT, labelpad=3)
        top += heights[i] + below
    return figure


def fit(edge: float, picture: np.ndarray) -> tuple[float, float]:
    """Return width and height of a picture in a column that is `edge` wide."""
    ratio = picture.shape[0] / picture.shape[1]
    width = edge * min(1.0, 2 / ratio)  # at most twice as high as the column is wide
    return width, width * ratio


def plot_masks(
    images: Any, masks: Any, *, titles: tuple[str, str] = ("original", "dropped pixels in colour")
) -> Figure:
    """A row for each image: the image itself, then what each mask keeps of it.

    Dropped pixels have a colour of their own, because a pixel may be 0 without being dropped.

    Args:
        images: (N, H, W), (N, 1, H, W) or (N, 3, H, W).
        masks: (N, K, H, W) booleans, True = kept: K masks for each image.
        titles: the text above the first column, and that above the others.

    Raises:
        ArgumentError: shapes that do not fit, or masks that are not boolean.

    >>> figure = plot_masks(np.ones((1, 8, 8)), np.random.default_rng(0).random((1, 3, 8, 8)) < 0.5)
    >>> len(figure.axes)
    4
    """
    from matplotlib.colors import to_rgb  # noqa: PLC0415

    pictures, masks = as_pictures(images), np.asarray(masks)
    n, height, width = pictures.shape[:3]
    if masks.dtype != bool or masks.shape[:1] + masks.shape[2:] != (n, height, width):
        raise ArgumentError(
            f"masks must be booleans (N, K, H, W) for {n} images of {height}×{width}, got "
            f"{masks.dtype} {masks.shape}.",
            argument="masks",
        )
    if pictures.ndim == 3:  # in grey, high values are dark
        pictures = np.repeat(1 - pictures[..., None], 3, axis=-1)
    shown = np.where(masks[..., None], pictures[:, None], to_rgb(DROPPED))
    return image_rows(np.moveaxis(pictures, -1, 1), np.moveaxis(shown, -1, 2), titles=titles)


def as_pictures(images: Any) -> np.ndarray:
    """Convert the images to (N, H, W) or (N, H, W, 3) floats in [0, 1]."""
    array = np.asarray(images)
    if array.ndim == 4 and array.shape[1] in (1, 3):
        array = array[:, 0] if array.shape[1] == 1 else np.moveaxis(array, 1, -1)
    elif array.ndim != 3:
        raise ArgumentError(
            f"images must be (N, H, W), (N, 1, H, W) or (N, 3, H, W), got shape {array.shape}."
        )
    if len(array) == 0:
        raise ArgumentError("There is nothing to draw: no images.")
    return array / 255 if array.dtype == np.uint8 else np.clip(array, 0, 1)


def draw_image(ax: Axes, picture: np.ndarray, ink: bool = True) -> None:
    """Draw one picture; with one channel, high values are dark if it is ink on paper."""
    cmap = "gray_r" if ink else "gray"
    kind = "nearest" if max(picture.shape) <= SHARP else "antialiased"
    ax.imshow(picture, cmap=cmap, vmin=0, vmax=1, interpolation=kind)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_color(GRID)
