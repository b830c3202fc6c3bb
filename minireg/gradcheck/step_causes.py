"""Causes that a change of one step of the forward pass shows.

The gradient through a step is linear in the derivative of the step.  With c times this derivative
it is g0 + c * (g1 - g0), where g1 is right and g0 is that with the step held constant.  So c is
known from a few slopes: 0 for a forgotten contribution, -1 for a wrong sign.  For a step f(a) of an
array a of the same shape, other formulas are put in place of f'(a), too.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any

import numpy as np

from .cause import Cause, make_cause
from .factor_causes import MANY, UNSURE, name_factor
from .formula_causes import FORMULAS
from .mismatch import Mismatch
from .probe import Probe
from .repairs.source import FUTURE, Source, find_code, read_source
from .subject import EarlyVerdict, Subject

STEP = "__step__"  # is called with each part of the forward pass
STATISTICS = {
    "sum", "mean", "average", "var", "std", "max", "min", "amax", "amin", "norm", "prod", "median",
    "logsumexp", "ptp",
}  # fmt: skip
PRODUCTS = ast.Mult | ast.Div | ast.Pow


def find_steps(m: Mismatch) -> list[Cause]:
    """The derivative of one step of the forward pass has a wrong factor, or is another formula."""
    probe = m.probe
    if probe is None or not m.wrong.any() or m.bad_factor is not None or not probe.near:
        return []
    steps = trace_steps(probe.subject, probe.z)
    if steps is None:
        return []
    factors = {step: find_step_factor(step, steps, probe) for step in steps.list_real()}
    found = [(step, c) for step, c in factors.items() if c is not None]
    for step, c in sorted(found, key=lambda row: not row[0].is_statistic):
        if abs(c) <= UNSURE:
            return name_held(step)
    for step, c in found:
        if abs(c + 1) <= UNSURE:
            return [make_cause("sign-flipped", f"it is right if the sign of {step} is turned")]
    if int(m.wrong.sum()) < MANY:
        return []
    for step in steps.list_real():
        if causes := find_step_formula(step, steps, probe):
            return causes
    for step, c in found:
        if names := name_factor(abs(c), UNSURE, m):
            evidence = f"the derivative of {step} is multiplied by {c:.6g}: {' or '.join(names)}"
            return [make_cause("constant-factor", evidence)]
    return []


def find_step_factor(step: Step, steps: Steps, probe: Probe) -> float | None:
    """Return by how much the derivative of a step is multiplied in what was returned."""
    steps.choose(step, hold)
    held = []
    for v in probe.directions:
        held.append(probe.find_slope(steps.subject, probe.z, v))
    through, claimed = probe.slopes - held, probe.claimed - held
    c = float(through @ claimed / (through @ through or 1.0))
    near = 10 * probe.near
    if not np.abs(through).max() > near or not np.abs(claimed - c * through).max() <= near:
        return None
    return c


def find_step_formula(step: Step, steps: Steps, probe: Probe) -> list[Cause]:
    """Return the causes if a formula of a and y was taken for the derivative of a step y = f(a)."""
    pairs = steps.values[step.number]
    if not all(np.shape(y) == np.shape(a) and is_real(a) for y, a in pairs):
        return []
    masked = all(is_masked(*pair) for pair in pairs)
    steps.choose(step, leave_out)
    if probe.is_gradient_of(subject=steps.subject):
        return [make_cause("output-for-input", f"it is right if {step} is left out")]
    for text, formula in FORMULAS:
        steps.choose(step, put_derivative(formula))
        if not probe.is_gradient_of(subject=steps.subject):
            continue
        steps.choose(step, put_derivative(formula, turned=True))
        slopes = [probe.find_slope(steps.subject, probe.z, v) for v in probe.directions]
        names = ["missing-chain-factor"]
        if np.abs(slopes - probe.slopes).max() <= probe.near:
            names.insert(0, "output-for-input")
        elif masked:
            names.insert(0, "mask-missing" if text == "upstream" else "mask-inverted")
        evidence = (
            f"it is right if {text} goes back through {step}, where x is what the step takes and y "
            f"what it gives"
        )
        return [make_cause(name, evidence) for name in names]
    return []


def hold(y: Any, a: Any, now: Any) -> Any:
    return y


def leave_out(y: Any, a: Any, now: Any) -> Any:
    return now


def put_derivative(formula: Callable, turned: bool = False) -> Callable:
    """Return a step with the value y at a and the derivative formula(a, y), or formula(y, a)."""
    return lambda y, a, now: y + (formula(y, a) if turned else formula(a, y)) * (now - a)


def name_held(step: Step) -> list[Cause]:
    evidence = f"it is right if {step} is held constant"
    if step.is_statistic:
        return [make_cause("statistics-held-constant", evidence)]
    names = ["overwritten-not-accumulated", "missing-chain-factor"]
    if step.in_product:  # the product rule has a term for each factor
        names.reverse()
    return [make_cause(name, evidence) for name in names]


def is_masked(result: Any, operand: Any) -> bool:
    """Whether a step passes some entries on, all with one factor, and replaces the others by one
    or two numbers."""
    result, operand = np.asarray(result), np.asarray(operand)
    ratios = result[(operand != 0) & (result != 0)] / operand[(operand != 0) & (result != 0)]
    factor = float(np.median(ratios)) if ratios.size else 0.0
    cut = ~np.isclose(result, factor * operand)
    return bool(factor and cut.any() and not cut.all() and np.unique(result[cut]).size <= 2)


class Step:
    """A part of the forward pass.

    Args:
        number: its place in the order of the source.
        text: its source.
        line: its line of the file.
        in_product: whether it is a factor of an elementwise product.
        is_statistic: whether a sum, mean, maximum or similar is part of it.
    """

    def __init__(
        self, number: int, text: str, line: int, in_product: bool, is_statistic: bool
    ) -> None:
        self.number, self.text, self.line = number, text, line
        self.in_product, self.is_statistic = in_product, is_statistic

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
        values: for each step the pairs of its value and its operand, one for each time it ran.
    """

    def __init__(self, subject: Any, source: Source, z: np.ndarray) -> None:
        self.subject = copy.copy(subject)
        self.values: dict[int, list[tuple[Any, Any]]] = {}
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
        self.subject.value(z)
        self.recording = False

    def choose(self, step: Step, change: Callable) -> None:
        """Change a step to change(y, a, now): from y and a at the point, and a as it is now."""
        self.chosen, self.change = step, change

    def list_real(self) -> list[Step]:
        """Return the steps whose values are real numbers."""
        return [step for step in self.found if step.number in self.values]

    def step(self, number: int, value: Any, operand: Any = None) -> Any:
        """Return the value of a step: its own, or if it is the chosen one, the changed one."""
        if self.recording:
            if is_real(value):
                self.values.setdefault(number, []).append((value, copy.copy(operand)))
        elif self.chosen is not None and number == self.chosen.number:
            y, a = self.values[number][self.times]
            self.times += 1
            return self.change(y, a, operand)
        return value


def trace_steps(subject: Subject, z: np.ndarray) -> Steps | None:
    """Return the steps of a forward pass; None if it has no source, or does not run with them."""
    function = getattr(subject, "function", None)
    source = read_source(function) if isinstance(function, FunctionType) else None
    if source is None:
        return None
    try:
        return Steps(subject, source, z)
    except EarlyVerdict:
        return None


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
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self.mark(node, node) if isinstance(node.ctx, ast.Load) else node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        original = copy.deepcopy(node)
        if isinstance(node.func, ast.Attribute):
            node.func.value = self.visit(node.func.value)
        node.args = [self.visit(part) for part in node.args]
        operands = [part for part in original.args if not isinstance(part, ast.Starred)]
        return self.mark(node, original, operands[-1:] if is_where(original) else operands[:1])

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        original = copy.deepcopy(node)
        for side in ("left", "right"):
            first = len(self.found)
            setattr(node, side, self.visit(getattr(node, side)))
            if isinstance(node.op, PRODUCTS) and len(self.found) > first:
                self.found[-1].in_product = True
        operands = [original.left] if isinstance(node.op, PRODUCTS) else []
        return self.mark(node, original, operands)

    def mark(
        self, node: ast.expr, original: ast.expr, operands: Sequence[ast.expr] = ()
    ) -> ast.AST:
        line = self.first + original.lineno - 1 - self.offset
        statistic = has_statistic(original, self.statistics)
        self.found.append(Step(len(self.found), ast.unparse(original), line, False, statistic))
        arguments = [ast.Constant(len(self.found) - 1), node, *operands]
        called = ast.Call(ast.Name(STEP, ast.Load()), arguments, [])
        return ast.copy_location(called, original)


def is_where(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and node.func.attr == "where"


def has_statistic(node: ast.expr, names: set[str]) -> bool:
    """Whether a sum, mean, maximum or similar, or a name of one, is part of an expression."""
    return any(
        (isinstance(n, ast.Call) and getattr(n.func, "attr", "") in STATISTICS)
        or (isinstance(n, ast.Name) and n.id in names)
        for n in ast.walk(node)
    )
