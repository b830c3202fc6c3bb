"""The table of operations that move entries, choose some, or add axes: see `cases.py`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

import minireg as mr
from tests.ops.case import Case, with_arrays
from tests.ops.drawing import INDICES, axes_of, generator, one_axis, reshaping, spread


def factorised(draw: Any, shape: tuple[int, ...]) -> dict[str, Any]:
    size = math.prod(shape)
    return {"shape": draw(st.sampled_from([(size,), (-1, 1), (1, size), (1, -1, 1)]))}


def start_and_end(draw: Any, shape: tuple[int, ...]) -> dict[str, Any]:
    if not shape:
        return {}
    start = draw(st.integers(0, len(shape) - 1))
    return {"start_axis": start, "end_axis": draw(st.integers(start, len(shape) - 1))}


def wider(draw: Any, shape: tuple[int, ...]) -> dict[str, Any]:
    return {"shape": (2, *(3 if n == 1 else n for n in shape))}


def along(options: Any = None, min_dims: int = 1, max_side: int = 3) -> Any:
    """An array, an axis, and `options(draw, shape, axis)`."""

    def drawn(draw):
        shape = draw(array_shapes(min_dims=min_dims, max_dims=3, max_side=max_side))
        axis = one_axis(draw, shape)
        more = options(draw, shape, axis) if options else {}
        return [generator(draw).uniform(-3, 3, shape)], {"axis": axis} | more

    return drawn


def sequence(same_axis: bool) -> Any:
    def drawn(draw):
        rng, shape = generator(draw), list(draw(array_shapes(min_dims=1, max_dims=3, max_side=3)))
        count = draw(st.integers(1, 3))
        axis = draw(st.integers(-len(shape), len(shape) - 1))
        arrays = []
        for _ in range(count):
            if not same_axis:
                shape[axis] = draw(st.integers(0, 3))
            arrays.append(rng.uniform(-3, 3, shape))
        return arrays, {"axis": axis}

    return drawn


def indexed(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    index = draw(st.sampled_from(list(INDICES.values())))
    return [generator(draw).uniform(-3, 3, (3, 2, 2))], {"index": index}


def scattered(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    rng = generator(draw)
    return [rng.uniform(-3, 3, (4, 2))], {"index": np.array([0, 2, 2, 1]), "shape": (3, 2)}


def two_axes(draw: Any, shape: tuple[int, ...]) -> dict[str, Any]:
    """Two different axes of a shape of at least two."""
    first, second = draw(st.permutations(range(len(shape))))[:2]
    return {"axis1": first - draw(st.sampled_from([0, len(shape)])), "axis2": second}


def of_two_axes(options: Any = two_axes) -> Any:
    def drawn(draw):
        shape = draw(array_shapes(min_dims=2, max_dims=3, max_side=4))
        return [generator(draw).uniform(-3, 3, shape)], options(draw, shape)

    return drawn


def moved_axes(draw: Any, shape: tuple[int, ...]) -> dict[str, Any]:
    count = draw(st.integers(1, len(shape)))
    source, destination = (draw(st.permutations(range(len(shape))))[:count] for _ in range(2))
    return {"source": tuple(source), "destination": tuple(i - len(shape) for i in destination)}


def widths(draw: Any, shape: tuple[int, ...]) -> dict[str, Any]:
    side = st.integers(0, 2)
    each = st.tuples(*(st.tuples(side, side) for _ in shape))
    short = side | st.tuples(side, side) if shape else side
    return {
        "widths": draw(each | short if shape else short),
        "value": draw(st.sampled_from([0, 1.5])),
    }


def shifts(draw: Any, shape: tuple[int, ...]) -> dict[str, Any]:
    axis = axes_of(draw, shape)
    shift = st.integers(-4, 4)
    if isinstance(axis, tuple):
        return {"axis": axis, "shift": tuple(draw(shift) for _ in axis)}
    return {"axis": axis, "shift": draw(shift)}


def repeats(draw: Any, shape: tuple[int, ...], axis: int) -> dict[str, Any]:
    each = st.lists(st.integers(0, 3), min_size=shape[axis], max_size=shape[axis])
    return {"repeats": draw(st.integers(0, 3) | each)}


def part_sizes(draw: Any, shape: tuple[int, ...], axis: int) -> dict[str, Any]:
    first = draw(st.integers(0, shape[axis]))
    return {"size": draw(st.sampled_from([1, 2, [first, shape[axis] - first]]))}


def places(draw: Any, shape: tuple[int, ...], axis: int) -> dict[str, Any]:
    n = shape[axis]
    wanted = draw(array_shapes(min_dims=1, max_dims=2, max_side=3))
    return {"indices": np.asarray(generator(draw).integers(-n, n, wanted))}


def places_along(draw: Any, shape: tuple[int, ...], axis: int) -> dict[str, Any]:
    wanted = list(shape)
    wanted[axis] = draw(st.integers(1, 4))
    return {"indices": np.asarray(generator(draw).integers(0, shape[axis], wanted))}


def spread_along(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    shape = draw(array_shapes(min_dims=1, max_dims=3, max_side=3))
    options = {"axis": one_axis(draw, shape), "descending": draw(st.booleans())}
    return [spread(generator(draw), shape)], options


def torch_getitem(torch, tensors, options):
    (x,), index = tensors, options["index"]
    if index and index[0] is ...:  # backwards: PyTorch has no negative steps
        return x.flip(2)
    # Next to an array, a number counts as an array for NumPy, but not for PyTorch.
    arrays = [i for i in index if isinstance(i, np.ndarray)]
    if arrays:
        index = [np.full(arrays[0].shape, i) if isinstance(i, int) else i for i in index]
    return x[tuple(torch.tensor(i) if isinstance(i, np.ndarray) else i for i in index)]


def on_backend(index: Any) -> Any:
    """An index with its NumPy arrays as Tensors."""
    return tuple(mr.tensor(part) if isinstance(part, np.ndarray) else part for part in index)


def torch_pad(torch, tensors, options):
    (x,), pairs = tensors, options["widths"]
    if isinstance(pairs, int):
        pairs = ((pairs, pairs),) * x.ndim
    elif not isinstance(pairs[0], tuple):
        pairs = (pairs,) * x.ndim
    last_first = [n for pair in reversed(pairs) for n in pair]
    # PyTorch does not pad a tensor without axes.
    return torch.nn.functional.pad(x, last_first, value=options["value"]) if x.ndim else x * 1


def torch_roll(torch, tensors, options):
    (x,), axis, shift = tensors, options["axis"], options["shift"]
    return torch.roll(x, shift) if axis is None else torch.roll(x, shift, axis)


def torch_repeat(torch, tensors, options):
    times = torch.tensor(options["repeats"])
    return torch.repeat_interleave(tensors[0], times, dim=options["axis"])


def torch_take(torch, tensors, options):
    (x,), axis = tensors, options["axis"] % tensors[0].ndim
    return x[(slice(None),) * axis + (torch.tensor(options["indices"]),)]


def joined_reversed(parts: Any, axis: int) -> Any:
    """The parts joined in the reverse order, so that a Case has one result."""
    return mr.concat(parts[::-1], axis=axis)


ARRANGEMENT = {
    "broadcast_to": Case(reshaping(wider), torch=lambda t, x, o: t.broadcast_to(x[0], o["shape"])),
    "concat": Case(
        sequence(same_axis=False),
        call=lambda *xs, axis: mr.concat(xs, axis=axis),
        torch=lambda t, xs, o: t.concat(list(xs), dim=o["axis"]),
    ),
    "diagonal": Case(
        of_two_axes(
            lambda draw, shape: two_axes(draw, shape) | {"offset": draw(st.integers(-2, 2))}
        ),
        torch=lambda t, x, o: t.diagonal(x[0], o["offset"], o["axis1"], o["axis2"]),
    ),
    "expand_dims": Case(
        along(lambda draw, shape, axis: {"axis": draw(st.integers(-len(shape) - 1, len(shape)))}),
        torch=lambda t, x, o: t.unsqueeze(x[0], o["axis"]),
    ),
    "flatten": Case(
        reshaping(start_and_end),
        torch=lambda t, x, o: t.flatten(x[0], o.get("start_axis", 0), o.get("end_axis", -1)),
    ),
    "flip": Case(
        reshaping(lambda draw, shape: {"axis": axes_of(draw, shape)}),
        torch=lambda t, x, o: t.flip(
            x[0], tuple(range(x[0].ndim)) if o["axis"] is None else tuple(np.atleast_1d(o["axis"]))
        ),
    ),
    "getitem": Case(indexed, call=lambda x, index: x[on_backend(index)], torch=torch_getitem),
    "matrix_transpose": Case(
        lambda draw: ([generator(draw).uniform(-3, 3, (2, 3, 4))], {}),
        torch=lambda t, x, o: x[0].mT,
    ),
    "moveaxis": Case(of_two_axes(moved_axes), torch=lambda t, x, o: t.moveaxis(x[0], *o.values())),
    "pad": Case(reshaping(widths), torch=torch_pad),
    "permute_dims": Case(
        reshaping(
            lambda draw, shape: {"axes": draw(st.permutations(range(len(shape))) | st.none())}
        ),
        torch=lambda t, x, o: t.permute(x[0], o["axes"] or tuple(range(x[0].ndim))[::-1]),
    ),
    "repeat": Case(along(repeats), torch=torch_repeat),
    "reshape": Case(reshaping(factorised), torch=lambda t, x, o: x[0].reshape(o["shape"])),
    "roll": Case(reshaping(shifts), torch=torch_roll),
    "scatter_add": Case(
        scattered,
        call=with_arrays("scatter_add", "index"),
        torch=lambda t, x, o: t.zeros(o["shape"], dtype=x[0].dtype).index_add(
            0, t.tensor(o["index"]), x[0]
        ),
    ),
    "sort": Case(
        spread_along,
        torch=lambda t, x, o: t.sort(x[0], dim=o["axis"], descending=o["descending"])[0],
    ),
    "split": Case(
        along(part_sizes, max_side=6),
        call=lambda x, size, axis: joined_reversed(mr.split(x, size, axis), axis),
        torch=lambda t, x, o: t.concat(t.split(x[0], o["size"], o["axis"])[::-1], dim=o["axis"]),
    ),
    "squeeze": Case(
        lambda draw: ([generator(draw).uniform(-3, 3, (2, 1, 3))], {"axis": 1}),
        torch=lambda t, x, o: x[0].squeeze(1),
    ),
    "stack": Case(
        sequence(same_axis=True),
        call=lambda *xs, axis: mr.stack(xs, axis=axis),
        torch=lambda t, xs, o: t.stack(list(xs), dim=o["axis"]),
    ),
    "swapaxes": Case(of_two_axes(), torch=lambda t, x, o: t.swapaxes(x[0], *o.values())),
    "take": Case(along(places), call=with_arrays("take", "indices"), torch=torch_take),
    "take_along_axis": Case(
        along(places_along),
        call=with_arrays("take_along_axis", "indices"),
        torch=lambda t, x, o: t.take_along_dim(x[0], t.tensor(o["indices"]), o["axis"]),
    ),
    "tile": Case(
        reshaping(
            lambda draw, shape: {"repetitions": draw(st.lists(st.integers(0, 3), max_size=4))}
        ),
        torch=lambda t, x, o: t.tile(x[0], o["repetitions"]),
    ),
    "tril": Case(
        of_two_axes(lambda draw, shape: {"k": draw(st.integers(-3, 3))}),
        torch=lambda t, x, o: t.tril(x[0], o["k"]),
    ),
    "triu": Case(
        of_two_axes(lambda draw, shape: {"k": draw(st.integers(-3, 3))}),
        torch=lambda t, x, o: t.triu(x[0], o["k"]),
    ),
    "unstack": Case(
        along(min_dims=2, max_side=6),
        call=lambda x, axis: joined_reversed(mr.unstack(x, axis), 0),
        torch=lambda t, x, o: t.concat(t.unbind(x[0], o["axis"])[::-1]),
    ),
}
