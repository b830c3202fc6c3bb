"""Scope: the names that an edit may use, and how the nodes of a function are written."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator, Mapping, Sequence
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

import numpy as np

from ..raised import PURE
from .source import CLOSE, OPEN, Edit, Source

SIZED = {
    "zeros", "ones", "empty", "full", "eye", "identity", "arange", "linspace", "range", "tile",
    "repeat", "reshape", "broadcast_to", "pad", "resize",
}  # fmt: skip
SHORT = 20  # characters of an expression that an edit may repeat
LONG = 40  # and of one of the forward pass
# Calls that change nothing, beside those of ufuncs.
PURE_CALLS = {
    "sum", "mean", "max", "min", "var", "std", "prod", "argmax", "argmin", "where", "clip", "dot",
    "norm", "zeros_like", "ones_like", "outer", "round", "flip", "cumsum",
}  # fmt: skip
LARGEST = 10_000  # a candidate could create an array of the length of a number
FITTING = 8  # of a tuple, list or dictionary (a cache), at most this many parts are used
RESHAPING = ("T", "shape", "size", "ndim", "dtype")


class Scope:
    """What is known about a function that ran.

    Args:
        source: its source.
        values: the values of its local variables, and of the globals that it uses.
        inputs: the inputs of forward.

    Attributes:
        values: the names, and parts of a cache such as cache["x"], with their values; the
            arguments come first.
        arrays, masks, labels: those that are floating-point, boolean and whole arrays.
        formulas: expressions of the forward pass, in brackets, with their values.
        numbers: those that are numbers; the lengths of arrays, too.
        arguments: the names of the arguments.
        upstream: the name of the first argument.
    """

    def __init__(
        self, source: Source, values: Mapping[str, Any], inputs: Sequence[np.ndarray] = ()
    ) -> None:
        self.source, self.node, self.inputs = source, source.node, inputs
        self.parents: dict[ast.AST, ast.AST] = {
            child: node for node in ast.walk(self.node) for child in ast.iter_child_nodes(node)
        }
        arguments = [a.arg for a in (*self.node.args.posonlyargs, *self.node.args.args)]
        self.arguments = arguments[arguments[:1] == ["self"] :]
        self.upstream = self.arguments[0] if self.arguments else ""
        self.code = {"np": np, **{n: v for n, v in values.items() if classify(v) == "code"}}
        self.modules = self.code.keys()
        self.formulas: dict[str, Any] = {}
        order = {name: i for i, name in enumerate(self.arguments)}
        self.values: dict[str, Any] = {}
        for name in sorted(values, key=lambda name: order.get(name, len(order))):
            self.values.update(list_parts(name, values[name]))
        self.values.update(self.evaluate_parts(values))
        self.arrays = self.select("f")
        self.masks, self.labels = self.select("b"), self.select("i")
        numbers = self.select("number")
        self.numbers = {name: float(n) for name, n in numbers.items() if abs(n) <= LARGEST}
        self.add_lengths()

    def select(self, kind: str) -> dict[str, Any]:
        return {name: value for name, value in self.values.items() if classify(value) == kind}

    def evaluate_parts(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the short expressions x[i] and np.f(x) of the function, with their values."""
        found = {}
        for node in self.list_values():
            text, part = self.text(node), isinstance(node, (ast.Subscript, ast.Call))
            if part and len(text) <= SHORT and self.is_pure(node):
                with contextlib.suppress(Exception):  # it may have no value at the end
                    found[text] = eval(text, dict(values))
        return found

    def add_formulas(self, node: ast.AST) -> None:
        """Add the short expressions of another function that have a value here."""
        for part in ast.walk(node):
            if isinstance(part, (ast.BinOp, ast.Compare)) and self.is_pure(part):
                formula = ast.unparse(part)
                with contextlib.suppress(Exception):  # it may use names that are not known here
                    value = eval(formula, dict(self.code), dict(self.values))
                    if len(formula) <= LONG and classify(value) in ("f", "b"):
                        self.formulas.setdefault(f"({formula})", value)

    def is_pure(self, expression: ast.AST) -> bool:
        """Whether to evaluate an expression changes nothing: also not with `out=`."""
        for node in ast.walk(expression):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                module = self.code.get(getattr(node.func.value, "id", ""))
                function = getattr(module, node.func.attr, None)
                if node.func.attr not in PURE_CALLS and not isinstance(function, np.ufunc):
                    return False
                if any(keyword.arg in ("out", None) for keyword in node.keywords):
                    return False
            elif not isinstance(node, (*PURE, ast.Compare, ast.cmpop, ast.keyword)):
                return False
        return True

    def add_lengths(self) -> None:
        """Add the lengths and sizes of the arrays, one name for each number."""
        arrays = {**self.arrays, **self.labels}
        lengths = {f"{n}.shape[{k}]": v for n, a in arrays.items() for k, v in enumerate(a.shape)}
        sizes = {f"{n}.size": a.size for n, a in arrays.items()}
        products = {
            f"({n}.shape[{i}] * {n}.shape[{j}])": a.shape[i] * a.shape[j]
            for n, a in arrays.items()
            for j in range(2, a.ndim)
            for i in range(j)
        }
        for text, value in {**lengths, **sizes, **products}.items():
            if value not in (0, 1, *self.numbers.values()) and value <= LARGEST:
                self.numbers[text] = float(value)

    @property
    def every_array(self) -> dict[str, np.ndarray]:
        return {**self.arrays, **self.masks, **self.labels}

    @property
    def ndim(self) -> int:
        """The largest number of axes."""
        return max((a.ndim for a in self.every_array.values()), default=0)

    # -- nodes -------------------------------------------------------------------------------------

    def text(self, node: ast.AST) -> str:
        return self.source.read(*self.source.span(node))

    def put(self, node: ast.AST, text: str, cost: float, kind: str) -> Edit:
        """Return the edit that writes `text` in place of a node."""
        start, end = self.source.span(node)
        if self.is_enclosed(node, start, end):
            start, end = start - 1, end + 1
        return Edit(start, end, f"{OPEN}{text}{CLOSE}", cost, kind)

    def put_statement(self, node: ast.stmt, text: str, cost: float, kind: str) -> Edit:
        return Edit(*self.source.span(node), text, cost, kind)

    def insert(self, node: ast.stmt, line: str, cost: float, kind: str) -> Edit:
        """Return the edit that inserts a line before a statement."""
        start = self.source.span(node)[0]
        return Edit(start, start, f"{line}\n{' ' * node.col_offset}", cost, kind)

    def remove(self, node: ast.stmt, following: ast.stmt, cost: float, kind: str) -> Edit:
        """Return the edit that removes a statement."""
        return Edit(self.source.span(node)[0], self.source.span(following)[0], "", cost, kind)

    def exchange(self, a: ast.AST, b: ast.AST, cost: float, kind: str) -> Edit:
        """Return the edit that exchanges two nodes; what stands between them stays."""
        (start, end), (begin, stop) = self.source.span(a), self.source.span(b)
        between = self.source.read(end, begin)
        return Edit(start, stop, self.text(b) + between + self.text(a), cost, kind)

    def is_enclosed(self, node: ast.AST, start: int, end: int) -> bool:
        """Whether brackets of its own stand directly around a node."""
        text, parent = self.source.text, self.parents.get(node)
        if text[start - 1 : start] != b"(" or text[end : end + 1] != b")":
            return False
        return not (isinstance(parent, ast.Call) and node is not parent.func)

    def replace_gap(
        self, left: ast.AST, right: ast.AST, old: str, new: str, cost: float, kind: str
    ) -> Iterator[Edit]:
        """Yield the edit of the operator `old` between two nodes."""
        start, stop = self.source.span(left)[1], self.source.span(right)[0]
        place = self.source.text.find(old.encode(), start, stop)
        if place >= 0:
            yield Edit(place, place + len(old), new, cost, kind)

    def list_values(self) -> list[ast.expr]:
        """Return the expressions that may be arrays or numbers, in the order of the text."""
        body: list[Any] = self.node.body if isinstance(self.node.body, list) else [self.node.body]
        found: list[Any] = [n for part in body for n in ast.walk(part) if self.is_value(n)]
        return sorted(
            found, key=lambda node: (self.source.span(node)[0], -self.source.span(node)[1])
        )

    def is_value(self, node: Any) -> bool:
        if not isinstance(node, ast.expr) or isinstance(
            node, (ast.Tuple, ast.List, ast.Slice, ast.Starred, ast.Dict, ast.JoinedStr, ast.Lambda)
        ):
            return False
        if isinstance(getattr(node, "ctx", ast.Load()), (ast.Store, ast.Del)):
            return False
        parent = self.parents.get(node)
        if isinstance(parent, ast.Call) and node is parent.func:
            return False
        if isinstance(node, ast.Name):
            return node.id not in self.modules
        if isinstance(node, ast.Attribute):
            return not (isinstance(node.value, ast.Name) and node.value.id in self.modules)
        return not (isinstance(node, ast.Constant) and isinstance(node.value, (str, type(None))))

    def is_term(self, node: ast.AST) -> bool:
        """Whether a factor here differs from one at the node above: not within a product."""
        parent = self.parents.get(node)
        if isinstance(parent, ast.BinOp):
            return isinstance(parent.op, (ast.Add, ast.Sub, ast.Pow))
        if isinstance(parent, ast.Attribute) and parent.attr in RESHAPING:
            return False
        return not isinstance(parent, (ast.UnaryOp, ast.keyword)) and not self.is_index(node)

    def is_input(self, name: str) -> bool:
        """Whether a name has the value of an input of forward."""
        return any(np.array_equal(self.values[name], x) for x in self.inputs)

    def is_upstream(self, name: str) -> bool:
        """Whether a name has the value of the upstream gradient."""
        known = self.upstream in self.values  # a function that returns its loss has none
        return known and np.array_equal(self.values[name], self.values[self.upstream])

    def find_comparison(self, node: ast.AST) -> ast.AST | None:
        """Return the comparison that a node is part of; None if it is in none."""
        return next((n for n, _ in self.climb(node) if isinstance(n, ast.Compare)), None)

    def climb(self, node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST | None]]:
        """Yield a node and its parent, and those above it inside of the same statement."""
        while not isinstance(node, ast.stmt):
            parent = self.parents.get(node)
            yield node, parent
            if parent is None:
                return
            node = parent

    def is_index(self, node: ast.AST) -> bool:
        """Whether a node is part of an index or of an argument by name (axis=0)."""
        return any(
            isinstance(p, ast.keyword) or (isinstance(p, ast.Subscript) and n is p.slice)
            for n, p in self.climb(node)
        )

    def is_length(self, node: ast.AST) -> bool:
        """Whether a node is a shape or decides about one: with a factor more, an array could fill
        the memory."""
        return any(
            (isinstance(n, ast.Attribute) and n.attr == "shape")
            or (isinstance(p, ast.Call) and n is not p.func and self.name_call(p) in SIZED)
            for n, p in self.climb(node)
        )

    def name_call(self, node: Any) -> str:
        """Return the name of the function that a node calls, without its module."""
        return getattr(node.func, "attr", getattr(node.func, "id", ""))

    def is_root(self, node: ast.AST) -> bool:
        """Whether a node is a whole right side, or a returned gradient."""
        parent = self.parents.get(node)
        if isinstance(parent, (ast.Tuple, ast.List, ast.Dict)):
            parent = self.parents.get(parent)
        return isinstance(
            parent, (ast.Assign, ast.AugAssign, ast.Return, ast.AnnAssign, ast.Lambda)
        )


def classify(value: Any) -> str:
    """Return the kind of an array (f, b, i), `number`, `code`, or `other`."""
    if isinstance(value, np.ndarray) and value.ndim:
        return {"f": "f", "b": "b", "i": "i", "u": "i"}.get(value.dtype.kind, "other")
    if isinstance(value, (ModuleType, FunctionType, BuiltinFunctionType, type, np.ufunc)):
        return "code"
    number = isinstance(value, (int, float, np.number, np.ndarray)) and not isinstance(value, bool)
    return "number" if number else "other"


def list_parts(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield a variable, or the parts of a cache."""
    yield name, value
    if isinstance(value, dict):
        parts = [(f"{name}[{key!r}]", part) for key, part in value.items()]
    elif isinstance(value, (tuple, list)):
        parts = [(f"{name}[{i}]", part) for i, part in enumerate(value)]
    elif hasattr(value, "__dict__") and classify(value) == "other":
        parts = [(f"{name}.{key}", part) for key, part in vars(value).items()]
    else:
        parts = []
    yield from parts[:FITTING]
