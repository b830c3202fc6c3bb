"""Small edits of calls: another function, other axes, exchanged arguments, or none."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import combinations, permutations
from typing import Any

import numpy as np

from .scope import Scope
from .source import Edit

REDUCTIONS = {"sum", "mean", "max", "min", "prod", "var", "std", "any", "all", "norm"}
ALONG_AXES = REDUCTIONS | {
    "flip", "roll", "cumsum", "argmax", "argmin", "argsort", "sort", "repeat", "put_along_axis",
    "take_along_axis", "take", "diff", "concatenate", "stack",
}  # fmt: skip
# After the array, so many arguments are before the axis.
BEFORE_AXIS = {"roll": 1, "repeat": 1, "take": 1, "take_along_axis": 1, "put_along_axis": 2}
RENAMES = {
    "sum": ("mean", "max"), "mean": ("sum",), "max": ("sum", "min"), "min": ("max",),
    "var": ("std",), "std": ("var",), "maximum": ("minimum",), "minimum": ("maximum",),
    "exp": ("log",), "log": ("exp", "log1p"), "sin": ("cos",), "cos": ("sin",), "sinh": ("cosh",),
    "cosh": ("sinh",), "tanh": ("cosh", "sinh"), "sign": ("abs",), "abs": ("sign",),
    "sqrt": ("square",), "square": ("sqrt",), "argmax": ("argmin",), "argmin": ("argmax",),
    "zeros_like": ("ones_like",), "ones_like": ("zeros_like",), "zeros": ("ones",),
    "ones": ("zeros",), "multiply": ("divide",), "divide": ("multiply",), "add": ("subtract",),
    "subtract": ("add",), "argsort": ("sort",), "greater": ("less",), "less": ("greater",),
}  # fmt: skip


def edit_call(scope: Scope, node: ast.Call) -> Iterator[Edit]:
    """Another function, without it, along another axis, or with its arguments exchanged."""
    name, start = scope.name_call(node), scope.source.span(node.func)[1]
    method = isinstance(node.func, ast.Attribute) and scope.is_value(node.func.value)
    kinds = {"sum": "constant-factor", "mean": "constant-factor"}
    for new in RENAMES.get(name, ()):
        kind = kinds.get(name, "missing-chain-factor")
        if {name, new} & {"max", "min", "argmax", "argmin"} and name not in kinds:
            kind = "max-not-routed"
        yield Edit(start - len(name), start, new, 1.0 if name in kinds else 1.4, kind)
    inner = node.args[:2]
    if method and isinstance(node.func, ast.Attribute):
        inner = [node.func.value, *node.args[:1]]
    for argument in inner:
        if not isinstance(argument, (ast.Starred, ast.GeneratorExp)):
            text = scope.text(argument)
            yield scope.put(node, text, 1.4, name_superfluous(name, text == scope.upstream))
    if len(node.args) >= 2:
        yield scope.exchange(node.args[0], node.args[1], 1.5, "swapped-arguments")
        if name == "where" and len(node.args) == 3:
            yield scope.exchange(node.args[1], node.args[2], 1.0, "mask-inverted")
    if name in ALONG_AXES:
        yield from edit_axes(scope, node, method, name)
    if name in ("transpose", "moveaxis", "swapaxes"):
        yield from edit_permutation(scope, node)
    if name in ("zeros", "zeros_like", "ones_like", "empty", "empty_like", "array", "full_like"):
        yield append(scope, node, "dtype=float", 1.3, "integer-input")
    for keyword in node.keywords:
        start, end = scope.source.span(keyword)
        before = scope.source.text.rfind(b",", scope.source.span(node.func)[1], start)
        kind = {"axis": "wrong-axis", "keepdims": "wrong-axis", "dtype": "integer-input"}.get(
            keyword.arg or "", "order-not-undone"
        )
        yield Edit(before if before >= 0 else start, end, "", 1.2, kind)
        if keyword.arg == "dtype":
            yield scope.put(keyword.value, "float", 1.0, "integer-input")


def name_superfluous(name: str, of_upstream: bool) -> str:
    """Return the mistake if the call of a function of this name is too much."""
    if name in ("transpose", "swapaxes"):
        return "transposed"
    if name in REDUCTIONS:
        return "wrong-axis"
    if name in ALONG_AXES or name in ("moveaxis", "reshape", "ravel", "fliplr", "flipud"):
        return "order-not-undone"
    if name == "astype":
        return "integer-input"
    if "softmax" in name:
        return "softmax-twice"
    return "upstream-nonlinear" if of_upstream else "missing-chain-factor"


def edit_axes(scope: Scope, node: ast.Call, method: bool, name: str) -> Iterator[Edit]:
    """An axis for a reduction that has none, and keepdims=True."""
    given = {keyword.arg for keyword in node.keywords}
    before = (0 if method else 1) + BEFORE_AXIS.get(name, 0)
    has_axis = "axis" in given or len(node.args) > before
    if not has_axis:
        for axes in [*map(str, range(scope.ndim)), *list_axes(scope)]:
            yield append(scope, node, f"axis={axes}", 1.1, "wrong-axis")
            if name in REDUCTIONS:
                yield append(scope, node, f"axis={axes}, keepdims=True", 1.2, "wrong-axis")
    elif "keepdims" not in given and name in REDUCTIONS:
        yield append(scope, node, "keepdims=True", 1.0, "wrong-shape")


def append(scope: Scope, node: ast.Call, argument: str, cost: float, kind: str) -> Edit:
    """Add an argument to a call."""
    end = scope.source.span(node)[1] - 1
    return Edit(end, end, f", {argument}" if node.args or node.keywords else argument, cost, kind)


def edit_permutation(scope: Scope, node: ast.Call) -> Iterator[Edit]:
    """Another order of axes."""
    order = node.args
    for argument in node.args:
        if isinstance(argument, (ast.Tuple, ast.List)):
            order = argument.elts
    values: list[Any] = [axis.value for axis in order if isinstance(axis, ast.Constant)]
    if order and sorted(v for v in values if isinstance(v, int)) == list(range(len(order))):
        start, end = scope.source.span(order[0])[0], scope.source.span(order[-1])[1]
        orders = [p for p in permutations(range(len(values))) if list(p) != values]
        for axes in orders if len(values) < 5 else [tuple(np.argsort(values))]:
            text = ", ".join(map(str, axes))
            cost = 1.0 if list(axes) == np.argsort(values).tolist() else 1.4
            yield Edit(start, end, text, cost, "order-not-undone")
    else:
        for argument in node.args:
            if scope.text(argument) in scope.labels or not isinstance(argument, ast.Constant):
                text = f"np.argsort({scope.text(argument)})"
                yield scope.put(argument, text, 1.6, "order-not-undone")


def list_axes(scope: Scope) -> list[str]:
    """Return the texts of several axes at once, for arrays of three and more axes."""
    if scope.ndim < 3:
        return ["(0, 1)"]
    lengths = range(2, scope.ndim)
    return [str(axes) for n in lengths for axes in combinations(range(scope.ndim), n)]
