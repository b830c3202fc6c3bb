"""The table of differentiable operations: how their inputs are drawn, and who else can do them.

A new operation gets a `Case` under its name; the tests of this folder do the rest.  A case is a
function of `draw` (see Hypothesis' `composite`) that returns the arrays and the options of one
call.  Values lie in [−3, 3] and, by construction, away from kinks; shapes include numbers, and axes
of length 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, mutually_broadcastable_shapes

import minireg as mr

SEEDS = st.integers(0, 2**32 - 1)
SHAPES = array_shapes(min_dims=0, max_dims=3, max_side=3)
GAP = 0.05  # how far values stay away from kinks


@dataclass(frozen=True)
class Case:
    """One operation.

    Attributes:
        draw: draws (arrays, options): float64 arrays to be differentiated, and the rest.
        call: calls the operation with Tensors; by default `mr.<name>(*tensors, **options)`.
        torch: the same with PyTorch's tensors, `torch(torch_module, tensors, options)`; None where
            it has no such function.
    """

    draw: Callable[[Any], tuple[list[np.ndarray], dict[str, Any]]]
    call: Callable[..., Any] | None = None
    torch: Callable[..., Any] | None = None


def generator(draw: Any) -> np.random.Generator:
    return np.random.default_rng(draw(SEEDS))


def away_from(x: np.ndarray, *points: float) -> np.ndarray:
    """x with every value that is too near to one of the points moved aside."""
    for point in points:
        near = np.abs(x - point) < GAP
        x = np.where(near, point + GAP + np.abs(x - point), x)
    return x


def spread(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Values of which no two are near each other: no ties."""
    size = math.prod(shape)
    return np.asarray((rng.permutation(size).reshape(shape) - size / 2) * (6 / max(size, 2)))


def unary(low: float = -3, high: float = 3, kinks: tuple[float, ...] = ()) -> Any:
    def drawn(draw):
        rng, shape = generator(draw), draw(SHAPES)
        return [away_from(np.asarray(rng.uniform(low, high, shape)), *kinks)], {}

    return drawn


def binary(a: tuple[float, float] = (-3, 3), b: tuple[float, float] = (-3, 3), kink=False) -> Any:
    """Two arrays whose shapes broadcast against each other."""

    def drawn(draw):
        rng = generator(draw)
        shapes = draw(mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3))
        x, y = (np.asarray(rng.uniform(*r, s)) for r, s in zip((a, b), shapes.input_shapes))
        if kink:  # a and b never meet: a lies on a grid, b between its points
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
    rng = generator(draw)
    kinds = [
        (slice(1, None), 0),
        (..., slice(None, None, -1)),
        (None, 1, slice(0, 2)),
        (np.array([0, 2, 2, 0]),),
        (np.array([[1, 1], [0, 2]]), slice(None), np.array([0, 1])),
        (np.array([True, False, True]),),
        (slice(None), np.array([-1, 0, -1])),
    ]
    return [rng.uniform(-3, 3, (3, 2, 2))], {"index": draw(st.sampled_from(kinds))}


def on_backend(index: Any) -> Any:
    """An index with its NumPy arrays as Tensors."""
    return tuple(mr.tensor(part) if isinstance(part, np.ndarray) else part for part in index)


def scattered(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    rng = generator(draw)
    return [rng.uniform(-3, 3, (4, 2))], {"index": np.array([0, 2, 2, 1]), "shape": (3, 2)}


def masked(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    rng, shape = generator(draw), draw(SHAPES)
    options = {"mask": np.asarray(rng.random(shape) < 0.6), "p": draw(st.sampled_from([0.0, 0.4]))}
    return [np.asarray(rng.uniform(-3, 3, shape))], options


def chosen(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    arrays, _ = binary()(draw)
    shape = np.broadcast_shapes(*(a.shape for a in arrays))
    return arrays, {"condition": np.asarray(generator(draw).random(shape) < 0.5)}


def labelled(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    rng, n, k = generator(draw), draw(st.integers(1, 4)), draw(st.integers(2, 4))
    labels: np.ndarray = rng.integers(0, k, n)
    if draw(st.booleans()):
        labels = rng.dirichlet(np.ones(k), n)
    options = {
        "labels": labels,
        "reduction": draw(st.sampled_from(["mean", "sum", "none"])),
        "label_smoothing": draw(st.sampled_from([0.0, 0.2])),
        "weight": rng.uniform(0.5, 2, k) if draw(st.booleans()) else None,
    }
    return [rng.uniform(-3, 3, (n, k))], options


def pair(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    rng, shape = generator(draw), draw(SHAPES)
    arrays = [np.asarray(rng.uniform(-3, 3, shape)) for _ in range(2)]
    return arrays, {"reduction": draw(st.sampled_from(["mean", "sum", "none"]))}


def limits(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    arrays, _ = unary(kinks=(-1.0, 2.0))(draw)
    return arrays, draw(st.sampled_from([{"min": -1.0}, {"max": 2.0}, {"min": -1.0, "max": 2.0}]))


def same(name: str) -> Any:
    """PyTorch has a function of the same name."""
    return lambda torch, tensors, options: getattr(torch, name)(*tensors, **options)


def renamed(name: str) -> Any:
    """PyTorch calls it so, with dim and keepdim."""

    def call(torch, tensors, options):
        theirs = {"axis": "dim", "keepdims": "keepdim"}
        chosen = {theirs.get(k, k): v for k, v in options.items()}
        if chosen.get("dim", 0) is None:
            chosen["dim"] = tuple(range(tensors[0].ndim))
        return getattr(torch, name)(*tensors, **chosen)

    return call


def torch_norm(torch, tensors, options):
    axis, p = options["axis"], options["p"]
    axis = tuple(range(tensors[0].ndim)) if axis is None else axis
    return torch.linalg.vector_norm(tensors[0], p, dim=axis, keepdim=options["keepdims"])


def torch_cross_entropy(torch, tensors, options):
    chosen = {k: None if v is None else v for k, v in options.items()}
    labels = torch.tensor(chosen.pop("labels"))
    if chosen["weight"] is not None:
        chosen["weight"] = torch.tensor(chosen["weight"])
    return torch.nn.functional.cross_entropy(tensors[0], labels, **chosen)


def with_arrays(name: str, *keys: str) -> Any:
    """Our operation, with the arrays among its options as Tensors."""

    def call(*tensors, **options):
        for key in keys:
            if options[key] is not None:
                options[key] = mr.tensor(options[key])
        return getattr(mr, name)(*tensors, **options)

    return call


CASES = {
    "abs": Case(unary(kinks=(0.0,)), torch=same("abs")),
    "add": Case(binary(), torch=same("add")),
    "astype": Case(unary(), call=lambda x: mr.astype(x, "float64") * x),
    "broadcast_to": Case(reshaping(wider), torch=lambda t, x, o: t.broadcast_to(x[0], o["shape"])),
    "clip": Case(limits, torch=same("clip")),
    "concat": Case(
        sequence(same_axis=False),
        call=lambda *xs, axis: mr.concat(xs, axis=axis),
        torch=lambda t, xs, o: t.concat(list(xs), dim=o["axis"]),
    ),
    "cross_entropy": Case(
        labelled, call=with_arrays("cross_entropy", "labels", "weight"), torch=torch_cross_entropy
    ),
    "divide": Case(binary(b=(0.5, 3)), torch=same("divide")),
    "dropout": Case(
        masked,
        call=with_arrays("dropout", "mask"),
        torch=lambda t, x, o: x[0] * t.tensor(o["mask"]) / (1 - o["p"]),
    ),
    "exp": Case(unary(), torch=same("exp")),
    "flatten": Case(
        reshaping(start_and_end),
        torch=lambda t, x, o: t.flatten(x[0], o.get("start_axis", 0), o.get("end_axis", -1)),
    ),
    "getitem": Case(
        indexed,
        call=lambda x, index: x[on_backend(index)],
        torch=lambda t, x, o: (
            x[0].flip(2)
            if o["index"][0] is ...  # PyTorch has no negative steps
            else x[0][tuple(t.tensor(i) if isinstance(i, np.ndarray) else i for i in o["index"])]
        ),
    ),
    "linear": Case(linear_layer, torch=lambda t, x, o: t.nn.functional.linear(*x)),
    "log": Case(unary(0.2, 3), torch=same("log")),
    "log_softmax": Case(
        reduction(axis_kind=one_axis, keepdims=False), torch=renamed("log_softmax")
    ),
    "logsumexp": Case(reduction(), torch=renamed("logsumexp")),
    "matmul": Case(matrices, torch=same("matmul")),
    "matrix_transpose": Case(
        lambda draw: ([generator(draw).uniform(-3, 3, (2, 3, 4))], {}),
        torch=lambda t, x, o: x[0].mT,
    ),
    "max": Case(reduction(spread), torch=renamed("amax")),
    "maximum": Case(binary(kink=True), torch=same("maximum")),
    "mean": Case(reduction(), torch=renamed("mean")),
    "minimum": Case(binary(kink=True), torch=same("minimum")),
    "mse_loss": Case(pair, torch=lambda t, x, o: t.nn.functional.mse_loss(*x, **o)),
    "multiply": Case(binary(), torch=same("multiply")),
    "negative": Case(unary(), torch=same("negative")),
    "norm": Case(
        reduction(
            lambda rng, shape: away_from(spread(rng, shape), 0.0),
            p=st.sampled_from([1, 1.5, 2, 3]),
        ),
        torch=torch_norm,
    ),
    "permute_dims": Case(
        reshaping(
            lambda draw, shape: {"axes": draw(st.permutations(range(len(shape))) | st.none())}
        ),
        torch=lambda t, x, o: t.permute(x[0], o["axes"] or tuple(range(x[0].ndim))[::-1]),
    ),
    "power": Case(binary(a=(0.3, 2), b=(-2, 3)), torch=same("pow")),
    "relu": Case(unary(kinks=(0.0,)), torch=same("relu")),
    "reshape": Case(reshaping(factorised), torch=lambda t, x, o: x[0].reshape(o["shape"])),
    "scatter_add": Case(
        scattered,
        call=with_arrays("scatter_add", "index"),
        torch=lambda t, x, o: t.zeros(3, 2, dtype=t.float64).index_add(
            0, t.tensor(o["index"]), x[0]
        ),
    ),
    "sigmoid": Case(unary(), torch=same("sigmoid")),
    "softmax": Case(reduction(axis_kind=one_axis, keepdims=False), torch=renamed("softmax")),
    "sqrt": Case(unary(0.2, 3), torch=same("sqrt")),
    "square": Case(unary(), torch=same("square")),
    "squeeze": Case(
        lambda draw: ([generator(draw).uniform(-3, 3, (2, 1, 3))], {"axis": 1}),
        torch=lambda t, x, o: x[0].squeeze(1),
    ),
    "stack": Case(
        sequence(same_axis=True),
        call=lambda *xs, axis: mr.stack(xs, axis=axis),
        torch=lambda t, xs, o: t.stack(list(xs), dim=o["axis"]),
    ),
    "subtract": Case(binary(), torch=same("subtract")),
    "sum": Case(reduction(), torch=renamed("sum")),
    "tanh": Case(unary(), torch=same("tanh")),
    "transfer": Case(unary(), call=lambda x: mr.transfer(x * x, x.backend)),
    "var": Case(
        lambda draw: (
            [generator(draw).uniform(-3, 3, (3, 2, 3))],
            {
                "axis": draw(st.sampled_from([None, 0, -1, (0, 1)])),
                "correction": draw(st.integers(0, 1)),
                "keepdims": draw(st.booleans()),
            },
        ),
        torch=renamed("var"),
    ),
    "where": Case(
        chosen,
        call=lambda a, b, condition: mr.where(mr.tensor(condition), a, b),
        torch=lambda t, x, o: t.where(t.tensor(o["condition"]), *x),
    ),
}

# Public names whose result passes no gradient on.
WITHOUT_GRADIENT = {
    "arange", "argmax", "equal", "full_like", "greater", "greater_equal", "less", "less_equal",
    "logical_and", "logical_not", "logical_or", "not_equal", "one_hot", "ones", "ones_like", "sign",
    "tensor", "zeros", "zeros_like",
}  # fmt: skip


def called(name: str, tensors: list[Any], options: dict[str, Any]) -> Any:
    """The operation applied to Tensors."""
    call = CASES[name].call or getattr(mr, name)
    return call(*tensors, **options)


@st.composite
def inputs_of(draw: Any, name: str) -> tuple[list[np.ndarray], dict[str, Any], int]:
    """(arrays, options, seed): what one call of the operation needs."""
    arrays, options = CASES[name].draw(draw)
    return arrays, options, draw(SEEDS)
