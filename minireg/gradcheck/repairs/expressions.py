"""Small edits of what is written: operators, numbers, names, comparisons, indices.

Each function yields the edits of one node.  The costs say how likely a mistake is: they order the
search, and nothing else depends on them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from .calls import REDUCTIONS, edit_call, list_axes
from .scope import Scope, classify
from .source import CLOSE, OPEN, Edit

OPERATORS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@", ast.Pow: "**",
    ast.FloorDiv: "//", ast.BitAnd: "&", ast.BitOr: "|", ast.Mod: "%",
}  # fmt: skip
OTHER_OPERATORS = {
    "+": "-*/", "-": "+*/", "*": ("/", "@", "+", "-", "**"), "/": "*-+", "@": "*", "**": "*/",
    "//": "/", "&": "|", "|": "&",
}  # fmt: skip
MATES = ("+-", "-+", "*/", "/*", "*@", "@*")
COMPARISONS = {
    ast.Gt: ">", ast.Lt: "<", ast.GtE: ">=", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip
LATER = 0.1  # what the copy of a name costs more
OPPOSITES = {">": "<", "<": ">", ">=": "<=", "<=": ">=", "==": "!=", "!=": "=="}


def edit_operator(scope: Scope, node: ast.BinOp) -> Iterator[Edit]:
    """Another operator, one side only, or the sides exchanged."""
    old = OPERATORS.get(type(node.op))
    if old is None:
        return
    left, right = scope.text(node.left), scope.text(node.right)
    kind = {"+": "sign-flipped", "-": "sign-flipped", "@": "transposed"}.get(
        old, "missing-chain-factor"
    )
    for new in OTHER_OPERATORS.get(old, ""):
        cost = 1.0 if old + new in MATES else 1.4
        yield from scope.replace_gap(node.left, node.right, old, new, cost, kind)
    numbers = scope.numbers.keys() | {"2"}
    constant = left in numbers or right in numbers or isinstance(node.right, ast.Constant)
    part = "constant-factor" if constant else "missing-chain-factor"
    yield scope.put(node, left, 1.2, part)
    yield scope.put(node, f"-{OPEN}{right}{CLOSE}" if old == "-" else right, 1.3, part)
    if old == "/":
        yield scope.put(node, f"np.sign({left})", 1.9, "not-finite")
    if old in ("-", "/", "@"):
        first, second = f"{OPEN}{right}{CLOSE}", f"{OPEN}{left}{CLOSE}"
        cost = {"-": 1.1, "/": 1.4, "@": 1.3}[old]
        yield scope.put(
            node, f"{first} {old} {second}", cost, "sign-flipped" if old == "-" else kind
        )
        if old == "@":
            a, b = toggle_transpose(node.right, right), toggle_transpose(node.left, left)
            for pair in ((a, second), (first, b), (a, b)):
                yield scope.put(node, " @ ".join(pair), 1.6, "transposed")


def toggle_transpose(node: ast.AST, text: str) -> str:
    """Return the text with .T, or without the one that it has."""
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return text.removesuffix(".T")
    return f"{OPEN}{text}{CLOSE}.T"


def edit_sign(scope: Scope, node: ast.UnaryOp) -> Iterator[Edit]:
    """Without - or ~, and 1 - x for -x."""
    kind = "sign-flipped" if isinstance(node.op, ast.USub) else "mask-inverted"
    if isinstance(node.op, ast.USub):
        text = f"1 - {OPEN}{scope.text(node.operand)}{CLOSE}"
        yield scope.put(node, text, 1.4, "missing-chain-factor")
    if scope.is_index(node):
        step = isinstance(scope.parents.get(node), ast.Slice)
        kind = "order-not-undone" if step else "labels-shifted"
    yield scope.put(node, scope.text(node.operand), 1.0, kind)


def edit_comparison(scope: Scope, node: ast.Compare) -> Iterator[Edit]:
    """Another comparison, or another bound."""
    sides = [node.left, *node.comparators]
    for left, right, op in zip(sides, sides[1:], node.ops):
        old = COMPARISONS.get(type(op))
        if old is not None:
            for new in OPPOSITES:
                cost = 1.0 if new == OPPOSITES[old] else 1.3
                if new != old:
                    yield from scope.replace_gap(left, right, old, new, cost, "mask-inverted")


def edit_number(scope: Scope, node: ast.Constant) -> Iterator[Edit]:
    """Another number."""
    value = node.value
    parent = scope.parents.get(node)
    axis = isinstance(parent, ast.keyword) and parent.arg == "axis"
    if isinstance(value, bool):
        yield scope.put(node, str(not value), 1.0, "wrong-shape")
    elif axis or is_axis_argument(scope, node):
        for text in [*map(str, range(scope.ndim)), "None", *list_axes(scope)]:
            if text != str(value):
                yield scope.put(node, text, 1.0, "wrong-axis")
    elif isinstance(value, (int, float)):
        wholes = [0, 1, 2, value + 1, value - 1, -value]
        others = [] if scope.is_index(node) else [2 * value, value / 2, 0.5, 3]
        kind = name_number(scope, node)
        for new in dict.fromkeys(v for v in (*wholes, *others) if v != value):
            text = f"{new:g}" if isinstance(new, float) else str(new)
            sign = new == -value and kind == "constant-factor"
            yield scope.put(node, text, 1.1, "sign-flipped" if sign else kind)
        for name in scope.numbers:
            yield scope.put(node, name, 1.7, kind)


def name_number(scope: Scope, node: ast.Constant) -> str:
    """Return the mistake if this number is wrong."""
    comparison = scope.find_comparison(node)
    if scope.is_index(node):
        return "labels-shifted"
    if comparison is not None:
        names = {n.id for n in ast.walk(comparison) if isinstance(n, ast.Name)}
        return "labels-shifted" if names & scope.labels.keys() else "mask-inverted"
    if (power := find_power(scope, node)) is not None:
        power_of = scope.text(power.left)
        return "upstream-nonlinear" if power_of == scope.upstream else "missing-chain-factor"
    return "constant-factor"


def find_power(scope: Scope, node: ast.AST) -> ast.BinOp | None:
    """Return the power of which this is the exponent."""
    parent = scope.parents.get(node)
    if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Pow) and node is parent.right:
        return parent
    return None


def is_axis_argument(scope: Scope, node: ast.AST) -> bool:
    """Whether a number is the axis in x.sum(0) or np.sum(x, 0)."""
    call = scope.parents.get(node)
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return False
    first = int(not scope.is_value(call.func.value))
    return call.func.attr in REDUCTIONS and call.args[first:] == [node]


def edit_name(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """Another name: one of the same kind and shape is likelier."""
    text, index = scope.text(node), scope.is_index(node)
    if text not in scope.values:
        return
    old, kind = scope.values[text], "output-for-input"
    if text in scope.numbers:
        kind = "labels-shifted" if index else "constant-factor"
        if 0 < scope.numbers[text] < 1:
            yield scope.put(node, f"1 - {text}", 1.1, kind)
    for name, value in scope.values.items():
        if classify(value) == "number" and name not in scope.numbers:
            continue
        if name != text and (name.isidentifier() or not isinstance(node, ast.Subscript)):
            same = classify(value) == classify(old)
            equal = getattr(value, "shape", ()) == getattr(old, "shape", ())
            cost = 1.2 if same and equal else 1.6 if same else 2.1
            cost += LATER * (name != scope.upstream and scope.is_upstream(name))
            yield scope.put(node, name, cost, name_exchange(scope, node, text, name) or kind)
    if text in scope.masks:
        yield scope.put(node, f"~{text}", 1.1, "mask-inverted")
    if text in scope.numbers and find_power(scope, node) is not None:
        yield scope.put(node, f"{text} - 1", 1.1, "missing-chain-factor")
    if index and (text in scope.labels or text in scope.numbers):
        for new in (f"{text} - 1", f"{text} + 1"):
            yield scope.put(node, new, 1.6, "labels-shifted")


def name_exchange(scope: Scope, node: ast.AST, old: str, new: str) -> str:
    """Return the mistake if `old` stands where `new` belongs; "" if it is not a certain one."""
    if old == scope.upstream and scope.find_comparison(node) is not None:
        return "mask-from-upstream"
    if scope.is_upstream(new):
        return "upstream-ignored"
    if new in scope.masks:
        return "mask-resampled"
    variables = scope.is_index(node) and old.isidentifier() and new.isidentifier()
    if variables or (scope.is_input(old) and scope.is_input(new)):
        return "swapped-arguments"
    return ""


def edit_attribute(scope: Scope, node: ast.Attribute) -> Iterator[Edit]:
    """x for x.T."""
    if node.attr == "T":
        yield scope.put(node, scope.text(node.value), 1.0, "transposed")


def edit_length(scope: Scope, node: ast.expr) -> Iterator[Edit]:
    """Another number in place of len(x), x.size or x.shape[0]."""
    text = scope.text(node)
    length = text.startswith("len(") or (text.endswith((".size", "]")) and ".shape" in text)
    if length and (isinstance(node, (ast.Call, ast.Attribute, ast.Subscript))):
        for name in [*scope.numbers, *(f"{n}.size" for n in scope.arguments if n in scope.arrays)]:
            if name != text:
                yield scope.put(node, name, 1.1, "constant-factor")


def edit_subscript(scope: Scope, node: ast.Subscript) -> Iterator[Edit]:
    """Another index: of rows and labels, a new axis elsewhere, or none."""
    index = node.slice
    if isinstance(node.ctx, ast.Load) and not scope.text(node.value).endswith("shape"):
        yield scope.put(node, scope.text(node.value), 1.6, "wrong-shape")
    parts = index.elts if isinstance(index, ast.Tuple) else [index]
    if len(parts) == 2:
        for labels in scope.labels:
            rows = f"np.arange(len({labels})), {labels}"
            yield scope.put(index, rows, 1.3, "one-hot-missing")
    for a, b in combinations(parts, 2):
        yield scope.exchange(a, b, 1.3, "swapped-arguments")


TABLE: dict[type, tuple[Any, ...]] = {
    ast.BinOp: (edit_operator,), ast.UnaryOp: (edit_sign,), ast.Compare: (edit_comparison,),
    ast.Constant: (edit_number,), ast.Name: (edit_name,), ast.Call: (edit_call, edit_length),
    ast.Attribute: (edit_attribute, edit_name, edit_length),
    ast.Subscript: (edit_subscript, edit_name, edit_length),
}  # fmt: skip


def edit_expressions(scope: Scope) -> Iterator[Edit]:
    """Yield the small edits of all expressions."""
    seen = set(scope.list_values())
    for node in ast.walk(scope.node):
        stored = isinstance(getattr(node, "ctx", None), (ast.Store, ast.Del))
        if stored and not isinstance(node, ast.Subscript):
            continue
        if node in seen or isinstance(node, (ast.Constant, ast.Subscript)):
            for edit in TABLE.get(type(node), ()):
                yield from edit(scope, node)
