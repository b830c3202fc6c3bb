"""How the inputs of the table in `cases.py` are drawn: shapes, values, axes, and other options.

Each function here is, or returns, a function of `draw` (see Hypothesis' `composite`) that gives
(arrays, options) of one call.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, mutually_broadcastable_shapes

SEEDS = st.integers(0, 2**32 - 1)
SHAPES = array_shapes(min_dims=0, max_dims=3, max_side=3)
GAP = 0.05  # how far values stay away from kinks

# Every kind of index, for an array of shape (3, 2, 2).
INDICES = {
    "number": (-1,),
    "all_numbers": (1, 0, 1),
    "nothing": (),
    "slice_and_number": (slice(1, None), 0),
    "step": (slice(None, None, 2), ..., slice(0, 1)),
    "backwards": (..., slice(None, None, -1)),
    "empty_slice": (slice(2, 2),),
    "new_axes": (None, 1, slice(0, 2), None),
    "array": (np.array([0, 2, 2, 0]),),
    "no_rows": (np.array([], dtype=np.int64),),
    "negative_array": (slice(None), np.array([-1, 0, -1])),
    "pairs": (np.array([0, 1, 1]), np.array([1, 0, 0])),
    "grid": (np.array([[0], [2]]), np.array([0, 1, 1])),
    "apart": (np.array([[1, 1], [0, 2]]), slice(None), np.array([0, 1])),
    "number_and_array": (0, slice(None), np.array([1, 1])),
    "mask": (np.array([True, False, True]),),
    "inner_mask": (slice(None), np.array([False, True])),
    "full_mask": (np.arange(12).reshape(3, 2, 2) % 3 == 0,),
}


def generator(draw: Any) -> np.random.Generator:
    return np.random.default_rng(draw(SEEDS))


def away_from(x: np.ndarray, *points: float) -> np.ndarray:
    """Move every value of x that is too near to one of the points."""
    for point in points:
        near = np.abs(x - point) < GAP
        x = np.where(near, point + GAP + np.abs(x - point), x)
    return x


def spread(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Values of which no two are near each other: no ties."""
    size = math.prod(shape)
    return np.asarray((rng.permutation(size).reshape(shape) - size / 2) * (6 / max(size, 2)))


def distinct_sizes(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Values of which none is near 0 and no two have nearly the same absolute value."""
    size = math.prod(shape)
    steps = np.asarray(rng.permutation(size).reshape(shape) + 1)
    return np.asarray(rng.choice([-1, 1], shape) * steps * (3 / max(size, 1)))


def unary(low: float = -3, high: float = 3, kinks: tuple[float, ...] = (), **options: Any) -> Any:
    def drawn(draw):
        rng, shape = generator(draw), draw(SHAPES)
        x = away_from(np.asarray(rng.uniform(low, high, shape)), *kinks)
        return [x], {name: draw(strategy) for name, strategy in options.items()}

    return drawn


def binary(a: tuple[float, float] = (-3, 3), b: tuple[float, float] = (-3, 3), kink=False) -> Any:
    """Two arrays whose shapes broadcast against each other."""

    def drawn(draw):
        rng = generator(draw)
        shapes = draw(mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3))
        x, y = (np.asarray(rng.uniform(*r, s)) for r, s in zip((a, b), shapes.input_shapes))
        if kink:  # a and b are never equal: a is on a grid, b between its points
            x = np.asarray(np.round(x * 4) / 4)
            y = np.asarray(np.round(y * 4) / 4 + 0.125)
        return [x, y], {}

    return drawn


def axes_of(draw: Any, shape: tuple[int, ...]) -> Any:
    """None, one axis (negative ones, too), or a tuple of different ones."""
    if not shape:
        return None
    axis = st.integers(-len(shape), len(shape) - 1)
    several = st.lists(axis, unique_by=lambda i: i % len(shape), min_size=1, max_size=len(shape))
    return draw(st.none() | axis | several.map(tuple))


def reduction(values=None, axis_kind=axes_of, keepdims=True, **options: Any) -> Any:
    def drawn(draw):
        rng = generator(draw)
        shape = draw(
            array_shapes(min_dims=0 if axis_kind is axes_of else 1, max_dims=3, max_side=3)
        )
        x = (values or (lambda rng, shape: np.asarray(rng.uniform(-3, 3, shape))))(rng, shape)
        chosen = {"axis": axis_kind(draw, shape)}
        if keepdims:
            chosen["keepdims"] = draw(st.booleans())
        return [x], chosen | {k: draw(s) for k, s in options.items()}

    return drawn


def one_axis(draw: Any, shape: tuple[int, ...]) -> int:
    return draw(st.integers(-len(shape), len(shape) - 1))


def reshaping(target: Callable[[Any, tuple[int, ...]], dict[str, Any]]) -> Any:
    def drawn(draw):
        shape = draw(SHAPES)
        return [np.asarray(generator(draw).uniform(-3, 3, shape))], target(draw, shape)

    return drawn


def matrices(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    n, k, m = (draw(st.integers(1, 3)) for _ in range(3))
    batch = draw(mutually_broadcastable_shapes(num_shapes=2, max_dims=2, max_side=2)).input_shapes
    kind = draw(st.sampled_from(["matrices", "row", "column", "both"]))
    a = (k,) if kind in ("row", "both") else (*batch[0], n, k)
    b = (k,) if kind in ("column", "both") else (*batch[1], k, m)
    rng = generator(draw)
    return [np.asarray(rng.uniform(-1, 1, a)), np.asarray(rng.uniform(-1, 1, b))], {}


def linear_layer(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    rng, (i, o) = generator(draw), (draw(st.integers(1, 4)), draw(st.integers(1, 4)))
    batch = draw(array_shapes(min_dims=0, max_dims=2, max_side=3))
    arrays = [rng.uniform(-1, 1, (*batch, i)), rng.uniform(-1, 1, (o, i)), rng.uniform(-1, 1, o)]
    return arrays[: draw(st.sampled_from([2, 3]))], {}


def chosen(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    arrays, _ = binary()(draw)
    shape = np.broadcast_shapes(*(a.shape for a in arrays))
    return arrays, {"condition": np.asarray(generator(draw).random(shape) < 0.5)}


def limits(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    arrays, _ = unary(kinks=(-1.0, 2.0))(draw)
    return arrays, draw(st.sampled_from([{"min": -1.0}, {"max": 2.0}, {"min": -1.0, "max": 2.0}]))


def stacked_matrices(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    """Matrices whose singular values are neither 0 nor near each other."""
    rng, m, n = generator(draw), draw(st.integers(1, 4)), draw(st.integers(1, 4))
    stack, k = draw(st.sampled_from([(), (2,), (2, 1)])), min(m, n)
    u, v = (np.linalg.qr(rng.normal(size=(*stack, length, k)))[0] for length in (m, n))
    s = rng.permutation(k) + rng.uniform(0.7, 1.3, (*stack, k))
    return [(u * s[..., None, :]) @ np.swapaxes(v, -1, -2)], {}
