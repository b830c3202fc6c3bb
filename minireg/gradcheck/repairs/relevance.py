"""Relevance: the lines on which a wrong gradient depends."""

from __future__ import annotations

import ast
from collections.abc import Collection
from typing import Any

from .scope import Scope


def find_relevant(scope: Scope, inputs: list[str], wrong: Collection[str]) -> list[tuple[int, int]]:
    """Return the parts of the source on which the gradients of the wrong inputs depend.

    Args:
        inputs: the names of all inputs, in the order of the gradients.
        wrong: those whose gradients are wrong.
    """
    if isinstance(scope.node, ast.Lambda):
        return [scope.source.span(scope.node)]
    chosen: list[Any] = []
    for node in ast.walk(scope.node):
        if isinstance(node, ast.Return) and node.value is not None:
            chosen += choose_parts(node.value, inputs, wrong)
    statements = [n for n in ast.walk(scope.node) if isinstance(n, (ast.stmt, ast.comprehension))]
    size = 0
    while size < len(chosen):
        size = len(chosen)
        names = {name for part in chosen for name in list_names(part)}
        for statement in statements:
            if statement not in chosen and names & find_targets(statement):
                chosen.append(statement)
    # A line may be inserted before any of them, and before the end.
    ends = [scope.source.span(n)[0] for n in ast.walk(scope.node) if isinstance(n, ast.Return)]
    return [scope.source.span(part) for part in chosen] + [(end, end) for end in ends]


def choose_parts(value: ast.expr, inputs: list[str], wrong: Collection[str]) -> list[ast.expr]:
    """Return the parts of a returned expression that belong to the wrong inputs."""
    if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(inputs):
        return [part for name, part in zip(inputs, value.elts) if name in wrong]
    return [value]


def list_names(node: ast.AST) -> list[str]:
    return [n.id for n in ast.walk(node) if isinstance(n, ast.Name)]


def find_targets(statement: Any) -> set[str]:
    """Return the names that a statement gives a value to, or changes."""
    targets: list[ast.AST] = []
    if isinstance(statement, ast.Assign):
        targets = list(statement.targets)
    elif isinstance(statement, (ast.AugAssign, ast.AnnAssign, ast.For)):
        targets = [statement.target]
    elif isinstance(statement, ast.Expr):
        targets = [statement.value]  # a call may change its arguments
    found = set()
    for target in targets:
        index = {id(n) for sub in ast.walk(target) if isinstance(sub, ast.Subscript)
                 for n in ast.walk(sub.slice)}  # fmt: skip
        found |= {n.id for n in ast.walk(target) if isinstance(n, ast.Name) and id(n) not in index}
    return found
