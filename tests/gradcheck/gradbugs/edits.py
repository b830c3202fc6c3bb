"""Single edits of a function: each changes one place of one line, as a student might mistype it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from .source import Change, Code, Edit

SIGNS = {"Add": "+", "Sub": "-", "Mult": "*", "Div": "/", "Pow": "**", "MatMult": "@"}
EXCHANGED = {"+": "-", "-": "+", "*": "/+", "/": "*", "**": "*", "@": "*"}
COMPARED = {"Gt": "> < >=", "GtE": ">= <= >", "Lt": "< > <=", "LtE": "<= >= <", "Eq": "== !=",
            "NotEq": "!= =="}  # fmt: skip
AUGMENTED = {"Add": "+= = -=", "Sub": "-= +=", "Mult": "*= = /=", "Div": "/= *="}
REDUCTIONS = {"sum": "mean", "mean": "sum", "max": "min", "min": "max", "var": "std", "std": "var"}
MAPS = ("sqrt", "square", "sign", "exp", "log", "abs", "tanh", "log1p", "expm1", "sin", "cos")
PRODUCTS = (ast.Mult, ast.MatMult, ast.Div)


def list_edits(code: Code) -> list[Edit]:
    """Return all edits of a function that give another text, each once."""
    changes = [change for node in code.nodes for rule in RULES for change in rule(code, node)]
    edits = {
        (edit.line, edit.after): edit
        for change in reversed(changes)
        if (edit := code.apply(change)) and edit.before != edit.after
    }
    return sorted(edits.values(), key=lambda edit: (edit.line, edit.kind, edit.after))


def exchange_operators(code: Code, node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.BinOp) and (sign := SIGNS.get(type(node.op).__name__)):
        gap = code.between(node.left, node.right)
        for other in EXCHANGED[sign]:
            yield "operator", gap, code.text(gap).replace(sign, other, 1)


def drop_operands(code: Code, node: ast.AST) -> Iterator[Change]:
    if not isinstance(node, ast.BinOp):
        return
    left, right, whole = node.left, node.right, code.span(node)
    if isinstance(node.op, (*PRODUCTS, ast.Pow)):
        yield name_dropped(code, right), whole, code.place(left, node)
        if isinstance(node.op, (ast.Mult, ast.MatMult)):
            yield name_dropped(code, left), whole, code.place(right, node)
    elif isinstance(node.op, (ast.Add, ast.Sub)):
        minus = "-" * isinstance(node.op, ast.Sub)
        yield "term-dropped", whole, code.place(left, node)
        yield "term-dropped", whole, minus + code.enclose(right)


def name_dropped(code: Code, operand: ast.AST) -> str:
    if isinstance(operand, ast.Name) and operand.id == code.upstream:
        return "upstream-dropped"
    is_mask = isinstance(operand, ast.Compare) or code.is_mask(operand)
    return "mask-dropped" if is_mask else "factor-dropped"


def list_values(code: Code, node: ast.AST) -> list[Any]:
    """The expressions of floats that a statement assigns or returns."""
    if not isinstance(node, (ast.Assign, ast.AugAssign, ast.Return)) or node.value is None:
        return []
    target = node.targets[0] if isinstance(node, ast.Assign) else None
    kind = code.kinds.get(target.id, "") if isinstance(target, ast.Name) else "float"
    if not kind.startswith(("float", "number")):
        return []
    return node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]


def add_factors(code: Code, node: ast.AST) -> Iterator[Change]:
    for value in list_values(code, node):
        if isinstance(value, ast.Name) and not isinstance(node, ast.Return):
            continue  # another name for the same array
        product = isinstance(value, ast.BinOp) and isinstance(value.op, PRODUCTS)
        text = code.text(value) if product else code.enclose(value)
        arrays = code.known(node.lineno, "float 1", "float 2", "float 3", "float 4")
        factors = [*code.known(node.lineno, "number", "length", "float 0"), "2"]
        factors += [f"{name}.shape[0]" for name in arrays[:1]]
        for factor in factors:
            yield "factor-added", code.span(value), f"{text} * {factor}"
            yield "factor-added", code.span(value), f"{text} / {factor}"
        yield "sign", code.span(value), f"-{text}"


def drop_signs(code: Code, node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Invert)):
        start = code.span(node)[0]
        kind = "sign" if isinstance(node.op, ast.USub) else "mask-inverted"
        yield kind, (start, start + 1), ""
    if code.is_mask(node) and isinstance(node.ctx, ast.Load):
        yield "mask-inverted", code.span(node), f"~{node.id}"


def transpose(code: Code, node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Attribute) and node.attr == "T":
        end = code.span(node)[1]
        yield "transposed", (end - len(".T"), end), ""
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr in ("transpose", "swapaxes", "flip", "roll"):
            of = node.func.value
            inner = node.args[0] if isinstance(of, ast.Name) and of.id == "np" else of
            yield "transposed", code.span(node), code.enclose(inner)
            yield from exchange_arguments(code, "axis", node.args)
    elif isinstance(node, ast.Name) and code.kinds.get(node.id) == "float 2":
        parent = code.parents.get(node)
        product = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.MatMult)
        if product or isinstance(parent, ast.Return) or is_call(parent, "dot", "matmul", "outer"):
            yield "transposed", code.span(node), f"{node.id}.T"


def is_call(node: Any, *names: str) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "attr", "") in names


def change_reductions(code: Code, node: ast.AST) -> Iterator[Change]:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    if other := REDUCTIONS.get(node.func.attr):
        end = code.span(node.func)[1]
        yield "reduction", (end - len(node.func.attr), end), other
    parts: list[Any] = [*node.args, *node.keywords]
    for before, part in zip([node.func, *parts], parts):
        first = before is node.func
        whole = code.span(part) if first else (code.span(before)[1], code.span(part)[1])
        if isinstance(part, ast.keyword) and part.arg in ("keepdims", "axis"):
            kind = "keepdims-dropped" if part.arg == "keepdims" else "axis"
            yield kind, whole, ""
        if isinstance(part, ast.keyword) and part.arg == "axis":
            yield from change_axis(code, part.value)
        elif node.func.attr in REDUCTIONS and isinstance(part, (ast.Constant, ast.UnaryOp)):
            yield from change_axis(code, part)


def change_axis(code: Code, axis: Any) -> Iterator[Change]:
    if isinstance(axis, ast.Tuple):
        for kept in combinations(axis.elts, len(axis.elts) - 1):
            yield "axis", code.span(axis), f"({', '.join(map(code.text, kept))},)"
    elif code.text(axis) in ("0", "1", "2", "-1", "-2"):
        for other in ("0", "1", "-1"):
            yield "axis", code.span(axis), other


def exchange_names(code: Code, node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        kind = code.kinds.get(node.id, "other")
        if kind != "other":
            for other in code.known(node.lineno, kind):
                yield "name", code.span(node), other
        if node.id == code.upstream:
            yield "upstream-dropped", code.span(node), f"np.ones_like({node.id})"


def change_comparisons(code: Code, node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        sign, *others = COMPARED.get(type(node.ops[0]).__name__, "is").split()
        gap = code.between(node.left, node.comparators[0])
        for other in others:
            yield "comparison", gap, code.text(gap).replace(sign, other)


def change_constants(code: Code, node: ast.AST) -> Iterator[Change]:
    if not isinstance(node, ast.Constant) or type(node.value) not in (int, float):
        return
    value, inside = node.value, code.parents.get(node)
    call = is_call(inside, "where", "maximum", "minimum", "clip", "full", "full_like")
    if call or isinstance(inside, (ast.BinOp, ast.Compare, ast.Assign, ast.Return)):
        others = [value + 1, value - 1] if isinstance(value, int) else [value * 2, value / 2, 1.0]
        for other in others:
            yield "constant", code.span(node), code_number(other)


def code_number(value: float) -> str:
    return f"({value!r})" if value < 0 else repr(value)


def exchange_returned(code: Code, node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
        yield from exchange_arguments(code, "returned-exchanged", node.value.elts)


def exchange_arguments(code: Code, kind: str, nodes: list[Any]) -> Iterator[Change]:
    for one, other in combinations(nodes, 2):
        middle = code.text(code.between(one, other))
        whole = code.span(one)[0], code.span(other)[1]
        yield kind, whole, code.text(other) + middle + code.text(one)


def drop_masks(code: Code, node: ast.AST) -> Iterator[Change]:
    if is_call(node, "where") and len(node.args) == 3:
        _, yes, no = node.args
        yield "mask-dropped", code.span(node), code.place(yes, node)
        yield "mask-dropped", code.span(node), code.place(no, node)
        yield from exchange_arguments(code, "mask-inverted", [yes, no])
    elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
        for target in node.targets:
            if isinstance(target, ast.Subscript):
                yield "mask-dropped", code.span(node), ""


def drop_maps(code: Code, node: ast.AST) -> Iterator[Change]:
    if is_call(node, *MAPS) and len(node.args) == 1:
        yield "map-dropped", code.span(node), code.place(node.args[0], node)


def change_assignments(code: Code, node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.AugAssign):
        sign, *others = AUGMENTED.get(type(node.op).__name__, "none").split()
        gap = code.between(node.target, node.value)
        for other in others:
            yield "assignment", gap, code.text(gap).replace(sign, other)
    elif isinstance(node, ast.Assign) and len(node.targets) == 1:
        target, gap = node.targets[0], code.between(node.targets[0], node.value)
        again = isinstance(target, ast.Name) and code.first[target.id] < node.lineno
        if isinstance(target, ast.Subscript) or again:
            yield "assignment", gap, code.text(gap).replace("=", "+=")
    elif is_call(node, "at") and code.text(node.func) == "np.add.at":
        x, index, value = map(code.text, node.args)
        yield "assignment", code.span(node), f"{x}[{index}] += {value}"


def shift_indices(code: Code, node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Subscript):
        for part in ast.walk(node.slice):
            value = part.value if isinstance(part, ast.Constant) else None
            if type(value) is int:
                yield "index", code.span(part), str(value + 1)
                if value:
                    yield "index", code.span(part), str(value - 1)
            elif isinstance(part, ast.Name) and code.kinds.get(part.id) in ("length", "whole 1"):
                yield "index", code.span(part), f"{part.id} - 1"
            elif isinstance(part, ast.Slice) and part.step:
                yield "index", code.span(part), ":"


RULES = (
    exchange_operators, drop_operands, add_factors, drop_signs, transpose, change_reductions,
    exchange_names, change_comparisons, change_constants, exchange_returned, drop_masks, drop_maps,
    change_assignments, shift_indices,
)  # fmt: skip
