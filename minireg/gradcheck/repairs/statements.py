"""Edits of whole statements: = and +=, copies, order, a line for the label, loops."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import Any

from .expressions import OPERATORS
from .scope import Scope
from .source import Edit


def edit_assignment(scope: Scope, node: Any) -> Iterator[Edit]:
    """+= for =."""
    target = node.targets[0]
    if len(node.targets) == 1 and not isinstance(target, ast.Tuple):
        kind = "overwritten-not-accumulated"
        yield from scope.replace_gap(target, node.value, "=", "+=", 1.2, kind)


def edit_update(scope: Scope, node: ast.AugAssign) -> Iterator[Edit]:
    """= for +=, another operator, a new array, and np.add.at for repeated indices."""
    op = OPERATORS[type(node.op)]
    target, value = scope.text(node.target), scope.text(node.value)
    for new in ("=", "+=", "-=", "*=", "/="):
        if new != f"{op}=":
            kind = "sign-flipped" if {op, new[0]} == {"+", "-"} else "missing-chain-factor"
            yield from scope.replace_gap(node.target, node.value, f"{op}=", new, 1.1, kind)
    if isinstance(node.target, ast.Name):
        kind = "upstream-mutated" if target == scope.upstream else "input-mutated"
        yield scope.put_statement(node, f"{target} = {target} {op} ({value})", 1.3, kind)
    elif isinstance(node.target, ast.Subscript):
        array, index = scope.text(node.target.value), scope.text(node.target.slice)
        text = f"np.add.at({array}, {index}, {value})"
        yield scope.put_statement(node, text, 1.4, "overwritten-not-accumulated")


def edit_loop(scope: Scope, node: ast.For) -> Iterator[Edit]:
    """One round more or less, or the other direction."""
    if isinstance(node.iter, ast.Call) and scope.text(node.iter.func) == "range":
        last = node.iter.args[min(1, len(node.iter.args) - 1)]
        for sign in "-+":
            text = f"{scope.text(last)} {sign} 1"
            yield scope.put(last, text, 1.6, "zero-gradient")
    yield scope.put(node.iter, f"reversed({scope.text(node.iter)})", 1.8, "order-not-undone")


def edit_blocks(scope: Scope, body: list[ast.stmt]) -> Iterator[Edit]:
    """A line removed or moved; a line for the labels, a copy, inserted."""
    for statement, following in pairwise(body):
        yield scope.remove(statement, following, 1.9, "missing-chain-factor")
        if not isinstance(following, ast.Return):
            yield scope.exchange(statement, following, 2.3, "order-not-undone")
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            name = statement.targets[0].id
            for labels, value in scope.labels.items():
                array = scope.arrays.get(name)
                if array is not None and array.ndim == 2 and array.shape[0] == value.size:
                    line = f"{name}[np.arange(len({labels})), {labels}] -= 1"
                    yield scope.insert(following, line, 1.7, "one-hot-missing")


def insert_copies(scope: Scope) -> Iterator[Edit]:
    """A copy of an argument at the beginning."""
    first = scope.node.body[0] if isinstance(scope.node.body, list) else None
    if first is not None:
        for name in [n for n in scope.every_array if n.isidentifier() and n in scope.arguments]:
            kind = "upstream-mutated" if name == scope.upstream else "input-mutated"
            yield scope.insert(first, f"{name} = {name}.copy()", 1.8, kind)


def name_order(scope: Scope, node: ast.Tuple | ast.List) -> str:
    """Return the mistake if parts of a tuple are in the wrong order: lengths, parts of a cache."""
    parent = scope.parents.get(node)
    if not isinstance(parent, ast.Assign) or node is parent.value:
        return "swapped-arguments"
    return "constant-factor" if ".shape" in scope.text(parent.value) else "output-for-input"


TABLE: dict[type, Any] = {
    ast.Assign: edit_assignment,
    ast.AugAssign: edit_update,
    ast.For: edit_loop,
}


def edit_statements(scope: Scope) -> Iterator[Edit]:
    """Yield the edits of all statements."""
    yield from insert_copies(scope)
    for node in ast.walk(scope.node):
        if isinstance(node, (ast.Tuple, ast.List)) and not scope.is_index(node):
            for a, b in combinations(node.elts, 2):
                yield scope.exchange(a, b, 1.1, name_order(scope, node))
        if type(node) in TABLE:
            yield from TABLE[type(node)](scope, node)
        for block in ("body", "orelse"):
            if isinstance(getattr(node, block, None), list):
                yield from edit_blocks(scope, getattr(node, block))
