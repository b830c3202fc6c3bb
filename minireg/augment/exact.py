"""Copy pixels without changing them: flips, shifts and crops by whole pixels, quarter turns.

Pixel (i, j) of the output shows the pixel of the image that is nearest to the point A (i, j, 1):

    (row, column, 1) = A (i, j, 1)        output[i, j] = I[⌊row + ½⌋, ⌊column + ½⌋]

If the 2×2 part of A is a signed permutation and its shift is whole, each point is the centre of a
pixel.  Any other A gives interpolation by the nearest pixel.  Values and dtype are kept.

Outside, an image is `fill`, or is continued as np.pad does: "edge" repeats the last pixel,
"reflect" mirrors the image at the centre of its last pixel, "symmetric" behind it.

On a CPU the first kind of A copies windows of padded images, whose rows lie in memory one after
another.  Otherwise every pixel is looked up by its index.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..backend import find_blocks, namespace
from .arguments import Size

SMALL = 2**14  # bytes of an image; smaller ones are copied together, larger ones one by one
FAR = 2.0**40  # points farther away are moved there, so that their coordinates fit into integers


def copy_pixels(
    images: Any, matrices: np.ndarray, size: Size, *, fill: Any = 0, mode: str = "constant"
) -> Any:
    """Return images whose pixels are copies of the nearest pixels of `images`.

    Args:
        images: (N, C, H, W) of any dtype, on any backend.
        matrices: (N, 3, 3) float64 on the host: from output to input points (row, column, 1).
        size: (h, w) of the output.
        fill: a number, or one for each channel: the value outside the images in mode "constant".
        mode: "constant", "edge", "reflect" or "symmetric".

    Returns:
        (N, C, h, w), a new array of the same backend and dtype.

    >>> quarter_turn = np.array([[[0.0, 1, 0], [-1, 0, 1], [0, 0, 1]]])
    >>> copy_pixels(np.array([[[[1, 2], [3, 4]]]]), quarter_turn, (2, 2)).tolist()
    [[[[2, 4], [1, 3]]]]
    """
    xp = namespace(images)
    n, channels, height, width = images.shape
    fill = np.broadcast_to(np.asarray(fill, dtype=np.float64), channels)
    out = xp.empty((n, channels, *size), dtype=images.dtype)
    if images.size == 0:
        out[...] = xp.asarray(fill.astype(images.dtype)[:, None, None])
        return out
    windows = find_windows(matrices, size, (height, width)) if xp.name == "numpy" else None
    if windows is not None:
        copy_windows(out, images, windows, fill, mode)
        return out
    numbers = xp.asarray(np.concatenate([matrices[:, :2].ravel(), fill]))  # one upload
    a, fill = numbers[: n * 6].reshape(n, 2, 3), numbers[n * 6 :].astype(images.dtype)
    upright = not matrices[:, [0, 1], [1, 0]].any()
    for block in find_blocks(out, images):
        out[block] = look_up(images[block], a[block], size, fill[:, None, None], mode, upright)
    return out


# -- windows ---------------------------------------------------------------------------------------


def find_windows(matrices: np.ndarray, size: Size, shape: Size) -> np.ndarray | None:
    """Return the window of each image that is seen: (N, 5) integers.

    They are: 1 if it is turned (its rows run along the columns of the output); its first row and
    column; the steps, ±1, from row to row and from column to column.  None if an output is not a
    window of the image, padded at most by its side.
    """
    numbers = matrices[:, :2].reshape(len(matrices), 6).T.copy()
    row_i, row_j, row, column_i, column_j, column = numbers
    step = np.array([row_i + row_j, column_i + column_j])
    turned = row_i == 0
    is_permutation = (row_i * row_j == 0) & (column_i * column_j == 0) & (turned == (column_j == 0))
    last = np.where(turned, [[size[1]], [size[0]]], [[size[0]], [size[1]]]) - 1
    first = np.array([row, column]) + np.minimum(step, 0) * last
    side = max(shape)
    are_windows = (
        (numbers == np.rint(numbers)).all()
        and (np.abs(step) == 1).all()
        and is_permutation.all()
        and first.min(initial=0) >= -side
        and (first + last).max(initial=0) < 2 * side
    )
    return np.array([turned, *first, *step]).astype(np.int64).T if are_windows else None


def copy_windows(
    out: np.ndarray, x: np.ndarray, windows: np.ndarray, fill: np.ndarray, mode: str
) -> None:
    """Copy into `out` the windows of padded images, flipped and turned."""
    turned = windows[:, 0] == 1
    if turned.all():
        out = out.swapaxes(2, 3)
    elif turned.any():
        for part in (turned, ~turned):
            copies = np.empty((part.sum(), *out.shape[1:]), dtype=out.dtype)
            copy_windows(copies, x[part], windows[part], fill, mode)
            out[part] = copies
        return
    places = windows[:, 1:].copy()
    first, end = places[:, :2].min(axis=0), places[:, :2].max(axis=0) + out.shape[2:]
    before, after = np.maximum(-first, 0), np.maximum(end - x.shape[2:], 0)
    copy = copy_together if out[0].nbytes < SMALL else copy_one_by_one
    if not before.any() and not after.any():
        copy(out, x, places)
    elif mode == "constant" and copy is copy_one_by_one:
        out[...] = fill.astype(x.dtype)[:, None, None]
        copy(out, x, places)
    else:
        places[:, :2] += before
        for block in find_blocks(out, x, parts=2):
            copy(out[block], pad(x[block], before, after, fill, mode), places[block])


def copy_together(out: np.ndarray, x: np.ndarray, places: np.ndarray) -> None:
    """Copy windows of all images at once, and then flip some."""
    top, left, down, right = places.T
    height, width = out.shape[2:]
    if (places[:, :2] == places[0, :2]).all():
        out[...] = x[:, :, top[0] : top[0] + height, left[0] : left[0] + width]
    else:
        (n, channels, *lengths), strides = x.shape, x.strides
        starts = lengths[0] - height + 1, lengths[1] - width + 1
        shown = np.lib.stride_tricks.as_strided(
            x, (n, channels, *starts, height, width), (*strides, *strides[2:])
        )  # as `sliding_window_view` returns, in a fifth of the time
        out[...] = shown[np.arange(n), :, top, left]
    for axis, step in ((2, down), (3, right)):
        flipped = np.flatnonzero(step < 0)
        if len(flipped):
            out[flipped] = np.flip(out[flipped], axis=axis)


def copy_one_by_one(out: np.ndarray, x: np.ndarray, places: np.ndarray) -> None:
    """Copy the part of the window of each image that is inside the image."""
    top_left, step = places[:, :2], places[:, 2:]
    start = np.maximum(top_left, 0)
    end = np.maximum(np.minimum(top_left + out.shape[2:], x.shape[2:]), start)
    target = np.where(step > 0, start - top_left, top_left + out.shape[2:] - end)
    numbers = np.concatenate([start, end, target, target + end - start, step], axis=1).tolist()
    for copied, image, (i, j, i_end, j_end, k, m, k_end, m_end, down, right) in zip(
        out, x, numbers
    ):
        window = image[:, i:i_end, j:j_end]
        if right < 0:
            window = window.copy()  # into the cache: memory is read slowly backwards
        copied[:, k:k_end, m:m_end] = window[:, ::down, ::right]


def pad(
    x: np.ndarray, before: np.ndarray, after: np.ndarray, fill: np.ndarray, mode: str
) -> np.ndarray:
    """Continue the images by so many (rows, columns) before their first and after their last."""
    n, channels, height, width = x.shape
    (above, left), (below, right) = before, after
    padded = np.empty((n, channels, above + height + below, left + width + right), dtype=x.dtype)
    inside = padded[:, :, above : above + height]
    if mode == "constant":
        padded[...] = fill.astype(x.dtype)[:, None, None]
    inside[..., left : left + width] = x
    if mode != "constant":
        row = above + fold(np.arange(-above, height + below), height, mode)
        column = left + fold(np.arange(-left, width + right), width, mode)
        for border in (slice(0, left), slice(left + width, None)):
            inside[..., border] = inside[..., column[border]]
        for border in (slice(0, above), slice(above + height, None)):
            padded[:, :, border] = padded[:, :, row[border]]
    return padded


# -- indices ---------------------------------------------------------------------------------------


def look_up(x: Any, a: Any, size: Size, fill: Any, mode: str, upright: bool) -> Any:
    """Return images whose pixels are copied by their index.

    Args:
        a: (n, 2, 3) on the backend of the images.
        fill: (C, 1, 1), likewise.
        upright: rows depend on rows alone, and columns on columns: fewer points are computed.
    """
    xp = namespace(x)
    n, channels, height, width = x.shape
    a = a[..., None, None]
    i, j = xp.arange(size[0])[:, None], xp.arange(size[1])

    def find_nearest(k: int, length: int) -> tuple[Any, Any]:
        point = a[:, k, 2] + 0.5
        if not upright or k == 0:
            point = point + a[:, k, 0] * i
        if not upright or k == 1:
            point = point + a[:, k, 1] * j
        nearest = xp.floor(xp.clip(point, -FAR, FAR)).astype(np.int64)
        seen = fold(nearest, length, mode)
        return seen, nearest == seen

    (row, in_rows), (column, in_columns) = find_nearest(0, height), find_nearest(1, width)
    image = xp.arange(n * channels).reshape(n, channels, 1, 1) * (height * width)
    index = image + (row * width + column)[:, None]
    seen = xp.take(x.reshape(-1), index)
    return xp.where((in_rows & in_columns)[:, None], seen, fill) if mode == "constant" else seen


def fold(index: Any, length: int, mode: str) -> Any:
    """Return the index from 0 to length − 1 of the pixel that is seen at any integer `index`.

    "constant", "edge":   clip to [0, length − 1]
    "reflect":            period 2·length − 2:   a b c d | c b a b …
    "symmetric":          period 2·length:       a b c d | d c b a …
    """
    if mode in ("constant", "edge"):
        return namespace(index).clip(index, 0, length - 1)
    repeats = mode == "symmetric"
    period = max(1, 2 * length - 2 + 2 * repeats)
    index = index % period
    return namespace(index).minimum(index, period - repeats - index)
