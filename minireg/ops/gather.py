"""Read images at points between their pixels: the arrays behind `sampling.py`.

The centre of pixel (row i, column j) is the point (i, j).  Two choices give an image a value at
every point of the plane: a mode, which continues it beyond its border as `np.pad` does, and an
interpolation between the centres of pixels.

Images are copied into frames, which also hold a part of the continuation.  Clipping, or a remainder
modulo the period of the continuation, moves every point to one with the same value whose four
neighbours are in the frame.  So the border is no special case.  Nor is it in the derivatives: the
neighbours of a clipped point are equal, and the derivative at a whole coordinate is always that
from above.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from ..backend import Array, count_at_once, divide, namespace

MODES = ("constant", "edge", "reflect", "symmetric")
INTERPOLATIONS = ("bilinear", "nearest")

FAR = 1e30  # coordinates beyond would not be finite in float32


class Reading:
    """The images x, read at some points.

    Args:
        x: (N, C, H, W), uint8 or floating-point.
        where: (N, h, w, 2) points (row, column), or (N, 3, 3) matrices, or one (3, 3) for all
            images: matrix n maps the pixels (i, j, 1) of result n to points of image n.  It may be
            on the host.
        size: (h, w).
        fill: the value outside the images in the mode "constant", or C values.
        mode: one of `MODES`.
        interpolation: one of `INTERPOLATIONS`.
    """

    def __init__(
        self,
        x: Array,
        where: Array,
        size: tuple[int, int],
        fill: float | tuple[float, ...] = 0.0,
        mode: str = "constant",
        interpolation: str = "bilinear",
    ) -> None:
        xp, (n, channels, *lengths), (height, width) = namespace(x), x.shape, size
        self.x, self.size = x, (height, width)
        self.fill = fill if isinstance(fill, tuple) else (fill,) * channels
        self.nearest = interpolation == "nearest"
        self.dtype = np.dtype(np.float64 if x.dtype == np.float64 else np.float32)
        self.axes = [extend(mode, length, self.dtype) for length in lengths]
        self.area = math.prod(axis.length for axis in self.axes)
        self.whole = np.int32 if n * self.area < 2**31 else np.int64  # the former is faster

        on_cpu = xp.name == "numpy"
        at_once = count_at_once(x, 2 * n * height * width, parts=12) // 2  # a place takes two
        parts = math.ceil(height / max(1, at_once // width))
        self.rows = divide(height, math.ceil(height / parts))
        self.images = divide(n, at_once // (height * width))
        self.channels = divide(channels, 1 if on_cpu else max(1, channels))

        self.where = where = xp.asarray(where)
        if where.ndim < 4:  # A_k0 i + A_k2 of all rows i, and A_k1 j of all columns j
            a = xp.broadcast_to(where, (n, 3, 3))
            i, j = xp.arange(height), xp.arange(width)
            self.of_rows = self.convert(a[:, :2, :1] * i + a[:, :2, 2:])
            self.of_columns = self.convert(a[:, :2, 1:2] * j)

    def read(self) -> Array:
        """Return the values at the points: (N, C, h, w), of the dtype of x."""
        x = self.x
        y = namespace(x).empty((*x.shape[:2], *self.size), dtype=x.dtype)
        for images in self.images:
            self.read_images(images, y[images])
        return y

    def read_images(self, images: slice, y: Array) -> None:
        """Write the values of these images into y."""
        frames = self.frame(images)
        for rows in self.rows:
            place, down, right = self.locate(images, rows)
            for channels in self.channels:
                value = self.interpolate(frames[channels], place, down, right)
                if y.dtype == np.uint8:
                    value = namespace(y).rint(value)
                y[:, channels, rows] = value.swapaxes(0, 1)

    def pull_back(self, g: Array, needs: Any) -> tuple[Any, Any]:
        """Return dL/dx, (N, C, H, W), and dL/dpoints, (N, h, w, 2), where g = dL/d(values).

        With the shares s = down and t = right, the value is (1 − s)(1 − t) v₀₀ + (1 − s) t v₀₁ +
        s (1 − t) v₁₀ + s t v₁₁: a product is added to each of the four neighbours, and

            ∂/∂row = (1 − t)(v₁₀ − v₀₀) + t (v₁₁ − v₀₁),  ∂/∂column = (1 − s)(v₀₁ − v₀₀) + …

        Args:
            g: (N, C, h, w).
            needs: whether the first is needed, and whether the second is; the other may be None.
        """
        x, xp = self.x, namespace(self.x)
        of_images: Any = xp.zeros(x.shape, dtype=self.dtype) if needs[0] else None
        of_points: Any = xp.zeros((len(x), *self.size, 2), dtype=self.dtype) if needs[1] else None
        for images in self.images:
            frames: Any = self.frame(images) if needs[1] else None
            sums = xp.zeros(self.measure(images), dtype=self.dtype)
            for rows in self.rows:
                place, down, right = self.locate(images, rows)
                for k in range(x.shape[1]):
                    upstream = g[images, k, rows]
                    if needs[0]:
                        parts = [upstream] if self.nearest else share(upstream, down, right)
                        for offset, part in zip(self.neighbours, parts):
                            entries = sums[k].reshape(-1)[offset:]
                            xp.add.at(entries, place.reshape(-1), part.reshape(-1))
                    if needs[1] and not self.nearest:
                        a, b, c, d = (look_up(frames[k], place, n) for n in self.neighbours)
                        of_points[images, rows, :, 0] += upstream * blend(c - a, d - b, right)
                        of_points[images, rows, :, 1] += upstream * blend(b - a, d - c, down)
            if needs[0]:
                for in_frame, in_image in self.pieces:
                    of_images[(images, ..., *in_image)] += sums[(..., *in_frame)].swapaxes(0, 1)
        return of_images, of_points

    @property
    def neighbours(self) -> tuple[int, ...]:
        """How far the pixels that make a value are from its place, in a flattened frame."""
        width = self.axes[1].length
        return (0,) if self.nearest else (0, 1, width, width + 1)

    @property
    def pieces(self) -> list[Any]:
        """Pairs: a rectangle of a frame, and the one of an image that it shows."""
        return [
            ((down, across), (of_down, of_across))
            for down, of_down in self.axes[0].pieces
            for across, of_across in self.axes[1].pieces
        ]

    def measure(self, images: slice) -> tuple[int, ...]:
        """Return the shape of these images in frames."""
        count = images.stop - images.start
        return (self.x.shape[1], count, *(axis.length for axis in self.axes))

    def frame(self, images: slice) -> Array:
        """Return these images in frames, which are flattened: (C, pixels of all frames)."""
        x = self.x[images].swapaxes(0, 1)
        frames = namespace(x).empty(self.measure(images), dtype=self.dtype)
        for channel, value in zip(frames, self.fill):
            channel[...] = value
        for in_frame, in_image in self.pieces:
            frames[(..., *in_frame)] = x[(..., *in_image)]
        return frames.reshape(len(frames), frames.shape[1] * self.area)

    def locate(self, images: slice, rows: slice) -> tuple[Array, Array, Array]:
        """Find the points of these images and rows in the frames of the images.

        Returns:
            the place of the upper left neighbour in the flattened frames, and how far the point is
            from there, down and to the right, in [0, 1).
        """
        row, column = self.look(images, rows)
        xp = namespace(row)
        place = xp.arange(len(row)).astype(self.whole)[:, None, None]
        for p, axis in zip((row, column), self.axes):
            if self.nearest:
                p += 0.5
            if axis.period:
                p -= axis.period * xp.floor(p / axis.period)
            xp.clip(p, axis.first, axis.last, out=p)
            whole = xp.floor(p)
            p -= whole
            whole -= axis.first
            place = place * axis.length + whole.astype(self.whole)
        return place.astype(np.int64), row, column

    def interpolate(self, frames: Array, place: Array, down: Array, right: Array) -> Array:
        """Return the values at points that `locate` has found: frames (…, P) are flattened."""
        if self.nearest:
            return look_up(frames, place, 0)
        upper, lower = (
            blend(look_up(frames, place, left), look_up(frames, place, left + 1), right)
            for left in self.neighbours[::2]
        )
        return blend(upper, lower, down)

    def look(self, images: slice, rows: slice) -> tuple[Array, Array]:
        """Return new arrays: the rows and the columns of these points."""
        if self.where.ndim == 4:
            points = self.where[images, rows]
            return self.convert(points[..., 0]), self.convert(points[..., 1])
        down, across = self.of_rows[images, :, rows, None], self.of_columns[images, :, None]
        return down[:, 0] + across[:, 0], down[:, 1] + across[:, 1]

    def convert(self, coordinates: Array) -> Array:
        """Return a new array of the dtype in which this reading computes."""
        if coordinates.dtype == np.float64:
            coordinates = namespace(coordinates).clip(coordinates, -FAR, FAR)
        return coordinates.astype(self.dtype)


def look_up(frames: Array, place: Array, offset: int) -> Array:
    """Return the pixels of flattened frames, (…, P), at place + offset."""
    seen = frames[..., offset:]
    if namespace(frames).name == "numpy":  # all places exist; this mode is the fastest
        return seen.take(place, axis=-1, mode="wrap")
    return namespace(frames).take(seen, place, axis=-1)


def blend(a: Array, b: Array, part: Array) -> Array:
    """Return a + part · (b − a), in the memory of b."""
    b -= a
    b *= part
    b += a
    return b


def share(g: Array, down: Array, right: Array) -> list[Array]:
    """Return the parts of g for the four neighbours."""
    lower = g * down
    upper = g - lower
    upper_right, lower_right = upper * right, lower * right
    return [upper - upper_right, upper_right, lower - lower_right, lower_right]


# -- the continuation of an axis -------------------------------------------------------------------


class Axis(NamedTuple):
    """One axis of a frame.

    Attributes:
        length: in pixels.
        first, last: points are clipped to this range of coordinates; `first` is its first pixel.
        period: what the continuation repeats itself after; 0 if it does not.
        pieces: pairs: a part of the axis, and the one of the axis of the image that it shows.
    """

    length: int
    first: int
    last: float
    period: int
    pieces: tuple[tuple[slice, slice], ...]

    @property
    def matrix(self) -> np.ndarray:
        """(length, n): this matrix times the n pixels of an image gives the axis, with fill 0."""
        pixels = np.eye(self.pieces[0][1].stop)
        matrix = np.zeros((self.length, len(pixels)))
        for in_frame, in_image in self.pieces:
            matrix[in_frame] = pixels[in_image]
        return matrix


def extend(mode: str, n: int, dtype: Any) -> Axis:
    """Return the axis of a frame for an axis of n pixels, and coordinates of this dtype.

    "constant": two pixels of fill on both sides; "edge": one more pixel of the image on both sides;
    "reflect" and "symmetric": one period, the image followed by its mirror image, and the first
    pixel of the next.
    """
    if mode == "constant":
        return Axis(n + 4, -2, n, 0, ((slice(2, n + 2), slice(n)),))
    if mode == "edge":
        before, after = (slice(0, 1), slice(0, 1)), (slice(n + 1, n + 2), slice(n - 1, n))
        return Axis(n + 2, -1, n - 1, 0, ((slice(1, n + 1), slice(n)), before, after))
    back = n - 1 if mode == "reflect" and n > 1 else n  # how many pixels lead back to the first
    period = 2 * back
    below = float(np.nextafter(dtype.type(period), dtype.type(0)))
    pieces = (
        (slice(n), slice(n)),
        (slice(n, n + back), slice(back - 1, None, -1)),
        (slice(n + back, period + 1), slice(0, period + 1 - n - back)),
    )
    return Axis(period + 1, 0, below, period, pieces)
