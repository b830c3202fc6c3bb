"""Steps: the parts of a forward pass, each of which can be changed to see what follows."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any

import numpy as np

from .probe import Probe
from .repairs.source import FUTURE, Source, find_code, read_source
from .subject import EarlyVerdict

STEP = "__step__"  # is called with each part of the forward pass
STATISTICS = {
    "sum", "mean", "average", "var", "std", "max", "min", "amax", "amin", "norm", "prod", "median",
    "logsumexp", "ptp",
}  # fmt: skip
PRODUCTS = ast.Mult | ast.Div | ast.Pow
BILINEAR = {ast.Mult: np.multiply, ast.MatMult: np.matmul}


def hold(y: Any, a: Any, now: Any) -> Any:
    """The change that holds a step constant."""
    return copy.copy(y)  # a later line may change it in place


class Step:
    """A part of the forward pass.

    Args:
        number: its place in the order of the source.
        text: its source.
        line: its line of the file.
        is_statistic: whether a sum, mean, maximum or similar is part of it.

    Attributes:
        in_product: whether it is a factor of an elementwise product.
        is_picked: whether entries of it are chosen by an index.
        in_statistic: whether it is a part of a sum, mean, maximum or similar.
        product: the function, if it is a product of two operands.
    """

    def __init__(self, number: int, text: str, line: int, is_statistic: bool) -> None:
        self.number, self.text, self.line = number, text, line
        self.is_statistic = is_statistic
        self.in_product = self.is_picked = self.in_statistic = False
        self.product: Any = None

    def __str__(self) -> str:
        return f"`{self.text}` (line {self.line})"


class Steps:
    """A subject whose forward pass tells its steps, and can change one of them.

    Args:
        subject: what is checked.
        source: the source of its forward pass.
        z: the vector of inputs at which steps are held.

    Attributes:
        subject: the subject with this forward pass.
        values: for each step the pairs of its value and its operands, one for each time it ran.
        conditions: the values of comparisons.
        kept: the numbers of the steps that are always held constant.
    """

    def __init__(self, subject: Any, source: Source, z: np.ndarray) -> None:
        self.subject = copy.copy(subject)
        self.values: dict[int, list[tuple[Any, Any]]] = {}
        self.conditions: dict[Step, np.ndarray] = {}
        self.kept: set[int] = set()
        self.chosen: Step | None = None
        self.change, self.recording = hold, True
        tree = source.parse(source.read(source.start, source.end))
        marker = Marker(source)
        marked = ast.fix_missing_locations(marker.visit(tree))
        self.found = marker.found
        function = subject.function
        flags = function.__code__.co_flags & FUTURE
        code = compile(marked, "<steps>", "exec", flags=flags, dont_inherit=True)
        if source.is_inner:
            code = find_code(code, "outer")
        code = find_code(code, function.__code__.co_name)
        cells = dict(zip(function.__code__.co_freevars, function.__closure__ or ()))
        closure = tuple(cells[name] for name in code.co_freevars)
        names = {**function.__globals__, STEP: self.step}
        built = FunctionType(code, names, function.__name__, function.__defaults__, closure)
        built.__kwdefaults__ = function.__kwdefaults__

        def run(*arguments: Any) -> Any:
            self.times = 0
            return built(*arguments)

        self.subject.function = run
        self.value = self.subject.value(z)
        self.recording = False

    def choose(self, step: Step, change: Callable) -> None:
        """Change a step to change(y, a, now): its value y and its operands a at the point, and its
        operands as they are now."""
        self.chosen, self.change = step, change

    def list_real(self) -> list[Step]:
        """Return the steps whose values are real numbers."""
        return [step for step in self.found if step.number in self.values]

    def step(self, number: int, value: Any, *operands: Any) -> Any:
        """Return the value of a step: its own, or if it is the chosen one, the changed one."""
        if self.recording:
            if isinstance(value, np.ndarray) and value.dtype.kind == "b":
                self.conditions[self.found[number]] = value.copy()
            elif is_real(value):
                self.values.setdefault(number, []).append(
                    (copy.copy(value), copy.deepcopy(operands))
                )
        elif number in self.kept:
            return copy.copy(self.values[number][-1][0])
        elif self.chosen is not None and number == self.chosen.number:
            y, a = self.values[number][self.times]
            self.times += 1
            return self.change(y, a, operands)
        return value


def trace_steps(probe: Probe) -> Steps | None:
    """Return the steps of a forward pass; None if it has no source, or does not run with them."""
    subject: Any = probe.subject
    function = getattr(subject, "function", None)
    source = read_source(function) if isinstance(function, FunctionType) else None
    if source is None:
        return None
    try:
        steps = Steps(subject, source, probe.z)
    except EarlyVerdict:
        return None
    # An operand is computed twice, which changes a function that counts its calls.
    return steps if np.array_equal(steps.value, probe.value) else None


def is_real(value: Any) -> bool:
    return isinstance(value, float) or getattr(getattr(value, "dtype", None), "kind", "") == "f"


class Marker(ast.NodeTransformer):
    """Puts a call of STEP around each part of a function that may be a step."""

    def __init__(self, source: Source) -> None:
        self.found: list[Step] = []
        self.first = source.find_line(source.start)
        self.offset = source.before.count("\n")
        self.statistics: set[str] = set()

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        if has_statistic(node.value, self.statistics):
            names = [target for target in node.targets if isinstance(target, ast.Name)]
            self.statistics |= {name.id for name in names}
        node.value = self.visit(node.value)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.body = [self.visit(statement) for statement in node.body]
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        node.body = self.visit(node.body)
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        if isinstance(node.ctx, ast.Load):
            node.value = self.visit(node.value)
            if isinstance(node.value, ast.Call) and not isinstance(node.slice, ast.Slice):
                self.found[-1].is_picked = True
        return node

    def visit_JoinedStr(self, node: ast.AST) -> ast.AST:
        return node

    visit_MatchValue = visit_JoinedStr

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self.mark(node, node) if isinstance(node.ctx, ast.Load) else node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        original = copy.deepcopy(node)
        node.left = self.visit(node.left)
        return self.mark(node, original)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        original, first = copy.deepcopy(node), len(self.found)
        if isinstance(node.func, ast.Attribute):
            node.func.value = self.visit(node.func.value)
        node.args = [self.visit(part) for part in node.args]
        if is_statistic(original):
            for step in self.found[first:]:
                step.in_statistic = True
        operands = [part for part in original.args if not isinstance(part, ast.Starred)]
        return self.mark(node, original, operands[-1:] if is_where(original) else operands[:1])

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        original = copy.deepcopy(node)
        for side in ("left", "right"):
            first = len(self.found)
            setattr(node, side, self.visit(getattr(node, side)))
            if isinstance(node.op, PRODUCTS) and len(self.found) > first:
                self.found[-1].in_product = True
        bilinear = isinstance(node.op, PRODUCTS | ast.MatMult)
        operands = [original.left, original.right] if bilinear else []
        return self.mark(node, original, operands)

    def mark(
        self, node: ast.expr, original: ast.expr, operands: Sequence[ast.expr] = ()
    ) -> ast.AST:
        line = self.first + original.lineno - 1 - self.offset
        statistic = has_statistic(original, self.statistics)
        self.found.append(Step(len(self.found), ast.unparse(original), line, statistic))
        arguments = [ast.Constant(len(self.found) - 1), node, *operands]
        if isinstance(original, ast.BinOp):
            self.found[-1].product = BILINEAR.get(type(original.op))
        called = ast.Call(ast.Name(STEP, ast.Load()), arguments, [])
        return ast.copy_location(called, original)


def is_where(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and node.func.attr == "where"


def has_statistic(node: ast.expr, names: set[str]) -> bool:
    """Whether a sum, mean, maximum or similar, or a name of one, is part of an expression."""
    return any(
        is_statistic(n) or (isinstance(n, ast.Name) and n.id in names) for n in ast.walk(node)
    )


def is_statistic(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "attr", "") in STATISTICS
