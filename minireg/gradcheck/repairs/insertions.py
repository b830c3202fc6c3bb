"""Edits that insert what is missing: a factor, a sum, a transpose, a mask, a term."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from itertools import combinations_with_replacement, permutations, product

from .calls import REDUCTIONS, list_axes
from .scope import RESHAPING, Scope
from .source import CLOSE, OPEN, Edit

LATER = 0.3
SUMS = 3.1
FORMULAS = 8  # at most so many are tried
Insertion = Callable[[Scope, ast.expr, str], Iterator[Edit]]

# What may stand beside an expression s, and the costs.  The cause of all is a missing factor of the
# chain rule, where `OTHER_CAUSES` has no other.
FACTORS = {  # of an array v
    "{s} * {v}": 1.9, "{s} * ({v} > 0)": 1.8, "{s} * (1 - {v}**2)": 2.3, "{s} * (1 - {v})": 2.3,
    "{s} * {v} * (1 - {v})": 2.4, "{s} * np.sign({v})": 2.4, "{s} * {v}**2": 2.5,
    "{s} * np.exp({v})": 2.8, "{s} * ({v} < 0)": 2.4, "{s} * (1 + {v})": 2.8,
    "{s} * np.cos({v})": 3.0, "{s} * np.ones_like({v})": 2.2,
    "{s} * np.exp({v}) / (1 + np.exp({v}))": 3.0, "{s} / {v}": 2.2,
}  # fmt: skip
FORMS = (  # of an expression f of the forward pass
    "{s} * {f}", "{s} * ({f} > 0)", "{s} * np.sign{f}", "{s} * {f}**2", "{s} * (1 - {f})",
    "{s} * (1 - {f}**2)", "{s} * np.exp{f}", "{s} / {f}", "{s} / {f}**2",
)  # fmt: skip
WRAPS = {  # b is the expression in brackets
    "{s}**2": 1.9, "np.sign{b}": 1.8, "np.sqrt{b}": 2.0, "1 - {s}": 1.9, "1 / {s}": 2.2,
    "np.abs{b}": 2.3, "{s} > 0": 2.1, "{s}[::-1]": 2.3, "{s}[:, ::-1]": 2.3,
    "{s}[:, :, ::-1]": 2.4, "np.exp{b}": 2.5, "np.log{b}": 2.6, "1 + {s}": 2.6,
    "1 - {s}**2": 2.4, "{s} * (1 - {s})": 2.6, "{s}**3": 2.6, "np.cos{b}": 2.9,
    "np.tanh{b}": 2.9,
}  # fmt: skip
OTHER_CAUSES = {
    "{s} * ({v} > 0)": "mask-missing", "{s} * ({v} < 0)": "mask-missing",
    "{s} * np.ones_like({v})": "wrong-shape", "{s} > 0": "mask-missing",
    "{s}[::-1]": "order-not-undone", "{s}[:, ::-1]": "order-not-undone",
    "{s}[:, :, ::-1]": "order-not-undone",
}  # fmt: skip
GENERAL = "missing-chain-factor"


def insert_factors(scope: Scope, node: ast.expr, s: str) -> Iterator[Edit]:
    """A number, an array, a mask as a factor; the sign."""
    if not scope.is_term(node):
        return
    if not isinstance(node, ast.UnaryOp):
        yield scope.put(node, f"-{s}", 1.2, "sign-flipped")
    for number in [*scope.numbers, "2"]:
        kind = "upstream-ignored" if number.startswith(f"{scope.upstream}[") else "constant-factor"
        cost = 1.5 if number.isidentifier() else 1.6
        forms = ["{s} / {n}", "{s} * {n}"]
        if 0 < scope.numbers.get(number, 0) < 1:
            forms += ["{s} / (1 - {n})", "{s} * (1 - {n})"]
        for form in forms:
            yield scope.put(node, form.format(s=s, n=number), cost, kind)
    for mask in scope.masks:
        yield scope.put(node, f"{s} * {mask}", 1.6, "mask-missing")
    for name, value in scope.arrays.items():
        if name == scope.upstream:
            yield scope.put(node, f"{s} * {name}", 1.5, "upstream-ignored")
            if value.ndim == 1 < scope.ndim:
                yield scope.put(node, f"{s} * {name}[:, None]", 1.6, "upstream-ignored")
        else:
            for text, cost in FACTORS.items():
                kind = OTHER_CAUSES.get(text, GENERAL)
                yield scope.put(node, text.format(s=s, v=name), cost, kind)
        if value.ndim == 2:
            yield scope.put(node, f"{s} * {name}.T", 2.4, GENERAL)
        if value.ndim in (1, 2) and scope.ndim > 1:
            for text in (f"{s} @ {name}.T", f"{s} @ {name}", f"{name}.T @ {s}", f"{name} @ {s}"):
                yield scope.put(node, text, 2.3, GENERAL)
    if scope.upstream in scope.numbers:
        yield scope.put(node, f"{scope.upstream} * {s}", 1.4, "upstream-ignored")


def insert_formulas(scope: Scope, node: ast.expr, s: str) -> Iterator[Edit]:
    """An expression of the forward pass, as a factor or a term."""
    for f, value in list(scope.formulas.items())[:FORMULAS] if scope.is_term(node) else ():
        for form in FORMS[:1] if value.dtype == bool else FORMS:
            yield scope.put(node, form.format(s=s, f=f), 2.0, GENERAL)
        for sign in "+-":
            yield scope.put(node, f"{s} {sign} {f}", 2.6, GENERAL)


def insert_calls(scope: Scope, node: ast.expr, s: str) -> Iterator[Edit]:
    """A transpose, a sum over some axes, a function."""
    name = scope.text(node)
    value = scope.every_array.get(name)
    ndim = scope.ndim if value is None else value.ndim
    if ndim > 1:
        yield scope.put(node, f"{s}.T", 1.1 if value is not None else 1.6, "transposed")
    reduced = isinstance(node, ast.Call) and getattr(node.func, "attr", "") in REDUCTIONS
    if ndim and not reduced and not name.startswith(("np.add(", "np.sum(")):
        several = list_axes(scope) if ndim > 2 else []
        for axes in [*map(str, range(ndim)), *several]:
            kind, cost = "not-summed-over-broadcast", 1.6
            yield scope.put(node, f"{s}.sum(axis={axes})", cost, kind)
            yield scope.put(node, f"{s}.sum(axis={axes}, keepdims=True)", cost + 0.1, kind)
        yield scope.put(node, f"{s}.sum()", 1.8, "not-summed-over-broadcast")
    for order in permutations(range(ndim)) if 2 < ndim < 5 else ():
        yield scope.put(node, f"{s}.transpose{order}", 1.9, "order-not-undone")
    if value is not None and value.ndim == 1:
        yield scope.put(node, f"{s}[:, None]", 1.7, "wrong-shape")
    if scope.is_root(node) or value is not None:
        for other in scope.arguments:
            if other in scope.arrays and other != name:
                yield scope.put(node, f"{s}.reshape({other}.shape)", 2.0, "wrong-shape")
        together = isinstance(scope.parents.get(node), (ast.Tuple, ast.List))
        kind = "aliased-gradients" if together else "input-mutated"
        yield scope.put(node, f"{s}.copy()", 1.5, kind)
    for text, cost in WRAPS.items():
        kind = OTHER_CAUSES.get(text, GENERAL)
        if text == "np.sign{b}" and value is not None and scope.is_input(name):
            kind = "penalty-kind-confused"
        yield scope.put(node, text.format(s=s, b=f"({name})"), cost, kind)


def insert_terms(scope: Scope, node: ast.expr, s: str) -> Iterator[Edit]:
    """A name added or subtracted, with a factor or its sign: terms of sums and of penalties."""
    root, parent = scope.is_root(node), scope.parents.get(node)
    target = scope.text(parent.targets[0]) if root and isinstance(parent, ast.Assign) else ""
    numbers = [name for name in scope.numbers if name.isidentifier()]
    for name in [*scope.arrays, *scope.labels, *numbers, "1"]:
        kind = "overwritten-not-accumulated" if name == target else GENERAL
        for sign in "-+":
            yield scope.put(node, f"{s} {sign} {name}", 2.6, kind)
        yield scope.put(node, f"{name} - {s}", 2.7, GENERAL)
    for name in scope.arrays if root else ():
        for n in [n for n in numbers if n != scope.upstream]:
            for part in (f"{n} * {name}", f"2 * {n} * {name}", f"{n} * np.sign({name})"):
                for sign in "+-":
                    yield scope.put(node, f"{s} {sign} {part}", 2.8, "penalty-missing")
    for labels in scope.labels:
        for sign in "-+":
            text = f"{s} {sign} np.eye({s}.shape[1])[{labels}]"
            yield scope.put(node, text, 2.4, "one-hot-missing")


def insert_sums(scope: Scope, node: ast.expr, s: str) -> Iterator[Edit]:
    """A sum or mean over an axis is subtracted: what softmax and normalisations need.

    No edit costs less than SUMS."""
    largest = [name for name, value in scope.arrays.items() if value.ndim == scope.ndim]
    for axis in range(scope.ndim):
        over = f"(axis={axis}, keepdims=True)"
        for name, reduction in product(largest, ("sum", "mean")):
            part = f"{name}.{reduction}{over}"
            yield scope.put(node, f"{s} - {part}", 3.1, "statistics-held-constant")
            yield scope.put(node, f"{s} * {part}", 3.1, "upstream-ignored")
        for a, b in combinations_with_replacement(largest[:6], 2):
            total = f"({a} * {b}).sum{over}"
            texts = {f"{s} - {total}": 3.2}
            if scope.is_root(node):
                texts |= {f"{b} * ({a} - {total})": 3.1, f"{a} * ({b} - {total})": 3.1}
            texts |= {f"{s} - {factor} * {total}": 3.4 for factor in largest[:6]}
            for text, cost in texts.items():
                yield scope.put(node, text, cost, "jacobian-diagonal-only")
            for factor in largest[:6]:
                text = f"{s} - {factor} * ({a} * {b}).mean{over}"
                yield scope.put(node, text, 3.4, "statistics-held-constant")


def insert_parts(scope: Scope) -> Iterator[Edit]:
    """Yield the insertions at all expressions."""
    yield from insert_at_places(scope, insert_calls, insert_terms, insert_factors, insert_formulas)


def insert_every_sum(scope: Scope) -> Iterator[Edit]:
    """Yield the sums and means to subtract at all expressions."""
    yield from insert_at_places(scope, insert_sums)


def insert_at_places(scope: Scope, *kinds: Insertion) -> Iterator[Edit]:
    """Yield insertions of some kinds at all expressions where something may be missing."""
    for node in scope.list_values():
        parent = scope.parents.get(node)
        if scope.is_index(node) or scope.is_length(node):
            continue
        if isinstance(parent, ast.Attribute) and parent.attr in RESHAPING:
            continue
        s = f"{OPEN}{scope.text(node)}{CLOSE}"
        # The mistake is where a variable is computed, rather than where it is returned.
        later = isinstance(node, ast.Name) and node.id not in scope.arguments
        more = LATER * (later and scope.is_root(node))
        for insert in kinds:
            if isinstance(node, ast.Compare) and insert is not insert_factors:
                continue
            for edit in insert(scope, node, s):
                yield edit._replace(cost=edit.cost + more) if more else edit
