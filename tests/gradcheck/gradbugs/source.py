"""The text of a function, in which a place can be changed without touching the rest."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

import numpy as np

Span = tuple[int, int]
Change = tuple[str, Span, str]  # the kind of the edit, the place, and what stands there afterwards
OPERATORS = (ast.BinOp, ast.UnaryOp, ast.Compare, ast.Attribute, ast.Subscript)
LOOSE = (ast.BinOp, ast.UnaryOp, ast.Compare, ast.IfExp, ast.BoolOp)


@dataclass(frozen=True)
class Edit:
    """A change of one line of a file: its number, and its text before and after."""

    kind: str
    line: int
    before: str
    after: str


class Code:
    """A function in the text of its file, with the kinds of its names (see `find_kind`)."""

    def __init__(self, text: str, function: ast.FunctionDef, kinds: dict[str, str]) -> None:
        self.data, self.function, self.kinds = text.encode(), function, kinds
        self.starts = [0]
        for line in self.data.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        self.nodes = [node for statement in function.body for node in ast.walk(statement)]
        self.parents = {child: node for node in self.nodes for child in ast.iter_child_nodes(node)}
        arguments = [argument.arg for argument in function.args.args]
        self.upstream = arguments[0] if function.name == "backward" else None
        self.first = dict.fromkeys(arguments, function.lineno)  # lines from which names are known
        for node in self.nodes:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                self.first[node.id] = min(node.lineno, self.first.get(node.id, node.lineno))

    def span(self, node: Any) -> Span:
        return (
            self.starts[node.lineno - 1] + node.col_offset,
            self.starts[node.end_lineno - 1] + node.end_col_offset,
        )

    def between(self, left: Any, right: Any) -> Span:
        return self.span(left)[1], self.span(right)[0]

    def text(self, place: Any) -> str:
        start, end = place if isinstance(place, tuple) else self.span(place)
        return self.data[start:end].decode()

    def place(self, node: ast.AST, whole: ast.AST) -> str:
        """The text of `node` where `whole` stood."""
        start, end = self.span(whole)
        enclosed = self.data[start - 1 : start] + self.data[end : end + 1] == b"()"
        inside = isinstance(self.parents.get(whole), OPERATORS) and not enclosed
        return self.enclose(node) if inside else self.text(node)

    def enclose(self, node: ast.AST) -> str:
        return f"({self.text(node)})" if isinstance(node, LOOSE) else self.text(node)

    def known(self, line: int, *kinds: str) -> list[str]:
        """The names of some kinds whose values are known before a line."""
        return [
            name
            for name, kind in self.kinds.items()
            if kind.startswith(kinds) and self.first.get(name, 0) < line
        ]

    def is_mask(self, node: Any) -> bool:
        return isinstance(node, ast.Name) and self.kinds.get(node.id, "").startswith("mask")

    def apply(self, change: Change) -> Edit | None:
        """Return the edit, or None if the place is not in one line."""
        kind, (start, end), text = change
        number = next(i for i, first in enumerate(self.starts) if first > start)
        first, after = self.starts[number - 1], self.starts[number]
        if end > after:
            return None
        line = self.data[first:start].decode() + text + self.data[end:after].decode()
        before = self.text((first, after)).rstrip()
        return Edit(kind, number, before, line.rstrip())


def find_kind(x: Any) -> str:
    """Tell what may stand in place of what: 'float 2' is an array of floats with two axes."""
    if isinstance(x, (np.ndarray, np.floating)):
        return f"{ {'f': 'float', 'b': 'mask'}.get(x.dtype.kind, 'whole') } {x.ndim}"
    return {int: "length", float: "number"}.get(type(x), "other")
