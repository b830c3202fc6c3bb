"""How the inputs of convolution, pooling and normalisation are drawn: see `drawing.py`.

Images are tiny, since finite differences move every pixel.  Their sizes often leave a rest at the
border that the stride does not reach.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.ops.drawing import GAP, generator, spread


def number_or_pair(draw: Any, numbers: Any) -> Any:
    """One number for both axes, or one for each."""
    return draw(numbers | st.tuples(numbers, numbers))


def pair(value: Any) -> tuple[int, int]:
    return value if isinstance(value, tuple) else (value, value)


def sliding(draw: Any, dilated: bool = True) -> dict[str, Any]:
    """kernel_size, stride, dilation."""
    chosen = {
        "kernel_size": number_or_pair(draw, st.integers(1, 3)),
        "stride": number_or_pair(draw, st.integers(1, 3)),
    }
    return chosen | ({"dilation": number_or_pair(draw, st.integers(1, 2))} if dilated else {})


def reach(kernel_size: Any, dilation: Any = 1) -> list[int]:
    """How many pixels a window covers, in each direction."""
    return [d * (k - 1) + 1 for k, d in zip(pair(kernel_size), pair(dilation))]


def image_size(draw: Any, least: list[int]) -> tuple[int, ...]:
    """(H, W): `least`, or up to two pixels more."""
    return tuple(max(1, n) + draw(st.integers(0, 2)) for n in least)


def image_windows(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    options = sliding(draw)
    size = image_size(draw, reach(options["kernel_size"], options["dilation"]))
    return [generator(draw).uniform(-3, 3, (draw(st.integers(1, 2)), 1, *size))], options


def overlapping(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    """Windows and the size of the images that they come from."""
    options = sliding(draw)
    kernel_size, stride = pair(options.pop("kernel_size")), pair(options["stride"])
    size = image_size(draw, reach(kernel_size, options["dilation"]))
    rest = [n - r for n, r in zip(size, reach(kernel_size, options["dilation"]))]
    rows_and_columns = [n // s + 1 for n, s in zip(rest, stride)]
    y = generator(draw).uniform(
        -3, 3, (1, draw(st.integers(1, 2)), *kernel_size, *rows_and_columns)
    )
    return [y], options | {"size": size}


def convolved(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    """[x, weight] or [x, weight, bias]."""
    options = sliding(draw)
    kernel_size = pair(options.pop("kernel_size"))
    groups = options["groups"] = draw(st.integers(1, 2))
    if draw(st.booleans()):
        padding = options["padding"] = number_or_pair(draw, st.integers(0, 2))
    else:
        padding, options["padding"], options["stride"] = 0, "same", 1
    least = [r - 2 * p for r, p in zip(reach(kernel_size, options["dilation"]), pair(padding))]
    size = image_size(draw, least)
    of_group, out_of_group = draw(st.integers(1, 3 - groups)), draw(st.integers(1, 3 - groups))
    rng, out = generator(draw), groups * out_of_group
    arrays = [
        rng.uniform(-1, 1, (draw(st.integers(1, 2)), groups * of_group, *size)),
        rng.uniform(-1, 1, (out, of_group, *kernel_size)),
        rng.uniform(-1, 1, out),
    ]
    return arrays[: draw(st.sampled_from([2, 3]))], options


def pooled(dilated: bool, **others: Any) -> Any:
    """Images of which no two pixels are equal, and the settings of a pooling."""

    def drawn(draw):
        options = sliding(draw, dilated)
        if draw(st.booleans()):
            options["stride"] = None
        over = reach(options["kernel_size"], options.get("dilation", 1))
        padding = tuple(draw(st.integers(0, k // 2)) for k in pair(options["kernel_size"]))
        size = image_size(draw, [r - p for r, p in zip(over, padding)])
        options |= {"padding": padding} | {k: draw(s) for k, s in others.items()}
        return [spread(generator(draw), (draw(st.integers(1, 2)), 1, *size))], options

    return drawn


def adaptive(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    size = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    length = st.integers(1, 6)
    x = generator(draw).uniform(-3, 3, (draw(st.integers(1, 2)), 2, *size))
    return [x], {"output_size": number_or_pair(draw, length)}


def affine(draw: Any, rng: np.random.Generator, shape: tuple[int, ...]) -> list[np.ndarray]:
    """Neither weight nor bias, the weight, or both."""
    arrays = [rng.uniform(0.5, 2, shape), rng.uniform(-1, 1, shape)]
    return arrays[: draw(st.integers(0, 2))]


def batch_of_channels(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    """[x], [x, weight] or [x, weight, bias] and the rest of `batch_norm`'s arguments."""
    rng, channels = generator(draw), draw(st.integers(1, 3))
    shape = (draw(st.integers(2, 4)), channels, *draw(st.lists(st.integers(1, 2), max_size=2)))
    options = {
        "running_mean": rng.uniform(-1, 1, channels),
        "running_var": rng.uniform(0.5, 2, channels),
        "training": draw(st.booleans()),
        "eps": draw(st.sampled_from([1e-5, 0.3])),
    }
    return [np.asarray(spread(rng, shape)), *affine(draw, rng, (channels,))], options


def normalized_rows(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    """[x], [x, weight] or [x, weight, bias] and the rest of `layer_norm`'s arguments."""
    rng = generator(draw)
    shape = (*draw(st.lists(st.integers(1, 2), max_size=1)), draw(st.integers(2, 4)))
    batch = draw(st.lists(st.integers(1, 3), max_size=2))
    options = {"normalized_shape": shape, "eps": draw(st.sampled_from([1e-5, 0.3]))}
    return [np.asarray(spread(rng, (*batch, *shape))), *affine(draw, rng, shape)], options


def between_pixels(points: np.ndarray, interpolation: str) -> bool:
    """Whether no coordinate is near a kink of the interpolation."""
    near = points - np.round(points) if interpolation == "bilinear" else points % 1 - 0.5
    return bool(np.abs(near).min() > GAP / 4)


def sampled(by_matrices: bool) -> Any:
    """[images, matrices] or [images, points], in and around small images."""

    def drawn(draw):
        rng, n = generator(draw), draw(st.integers(1, 2))
        x = rng.uniform(-3, 3, (n, draw(st.integers(1, 2)), *image_size(draw, [1, 1])))
        size = draw(st.integers(1, 3)), draw(st.integers(1, 2))
        mode = draw(st.sampled_from(["constant", "edge", "reflect", "symmetric"]))
        interpolation = draw(st.sampled_from(["bilinear", "nearest"]))
        options = {"mode": mode, "interpolation": interpolation, "fill": 0.7}
        pixels = np.stack([*np.indices(size), np.ones(size)], axis=-1)
        shape = draw(st.sampled_from([(3, 3), (n, 3, 3)]))
        while True:
            matrices = rng.normal(size=shape)
            matrices[..., 2, :] = 0, 0, 1
            points = np.einsum("...kl,ijl->...ijk", matrices[..., :2, :], pixels)
            if between_pixels(points, interpolation):
                break
        if by_matrices:
            return [x, matrices], options | {"size": size}
        return [x, np.ascontiguousarray(np.broadcast_to(points, (n, *size, 2)))], options

    return drawn
