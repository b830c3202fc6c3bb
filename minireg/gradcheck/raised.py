"""An error of the checked code, explained: its line, the operands there, and what would fit."""

from __future__ import annotations

import ast
import linecache
import os
import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

import numpy as np

from .cause import Cause, make_cause
from .parsing import parse

LIBRARIES = tuple(f"{Path(file).parent}{os.sep}" for file in (np.__file__, Path(__file__).parent))
PRODUCTS = ("dot", "matmul")
# What NumPy says about a product of matrices whose lengths differ, and what a student reads.
MISFIT = re.compile(r"matmul: Input operand 1 .* \(size (\d+) is different from (\d+)\)")
FITTING = r"the factors of @ do not fit: the first has \2 columns, the second has \1 rows"
# Expressions that may be evaluated again without any effect.
PURE = (
    ast.Name, ast.Attribute, ast.Subscript, ast.Constant, ast.Slice, ast.Tuple, ast.UnaryOp,
    ast.BinOp, ast.operator, ast.unaryop, ast.expr_context,
)  # fmt: skip


def explain_error(
    error: BaseException, who: str, form: str, shapes: Mapping[str, tuple[int, ...]]
) -> tuple[str, tuple[Cause, ...]]:
    """Return a sentence about an error, and the causes that it shows.

    Args:
        who: the function that raised it.
        form: how it is called.
        shapes: the shapes of the inputs, one of which a product should perhaps have.
    """
    text = MISFIT.sub(FITTING, " ".join(str(error).split()))
    why = f"{who} raised {type(error).__name__}{': ' if text else ''}{text}"
    places = list_places(error.__traceback__)
    if not places:
        question, rule = "With which arguments is this function called?", f"The call is {form}."
        return why, (replace(make_cause("raised", f"the call is {form}"), hints=(question, rule)),)
    place, *callers = places
    frame, node = place.tb_frame, find_node(place)
    evidence = describe_line(place)
    operands = find_operands(frame, node)
    if operands:
        evidence += f"; there {', '.join(f'{n} is {describe(v)}' for n, v in operands.items())}"
    fitting = find_fitting_products(frame, node, shapes)
    if fitting:
        evidence += f"; what fits: {', '.join(fitting)}"
    evidence += "".join(f"; called in {describe_line(caller)}" for caller in callers[:1])
    raised = make_cause("raised", evidence)
    if not operands:
        question = "What does this line do, and which values does it get?"
        raised = replace(raised, hints=(question, *raised.hints[1:]))
    causes = [raised]
    if fitting:
        causes.append(make_cause("transposed", fitting[0]))
    elif isinstance(error, IndexError):
        causes.append(make_cause("labels-shifted", text))
    elif "Cannot cast" in text:
        causes.append(make_cause("integer-input", text))
    return f"{why} ({name_line(place)})", tuple(causes)


def list_places(traceback: TracebackType | None) -> list[TracebackType]:
    """Return the places outside of the libraries that a traceback leads through, the last first."""
    found: list[TracebackType] = []
    while traceback is not None:
        if not traceback.tb_frame.f_code.co_filename.startswith(LIBRARIES):
            found.insert(0, traceback)
        traceback = traceback.tb_next
    return found


def name_line(place: TracebackType) -> str:
    return f"line {place.tb_lineno} of {Path(place.tb_frame.f_code.co_filename).name}"


def describe_line(place: TracebackType) -> str:
    """Return the number of a line, and the line itself if it is known."""
    source = linecache.getline(place.tb_frame.f_code.co_filename, place.tb_lineno).strip()
    return name_line(place) + (f": {source}" if source else "")


def find_node(place: TracebackType) -> ast.AST | None:
    """Return the expression or statement that raised an error."""
    code = place.tb_frame.f_code
    position = next(islice(code.co_positions(), place.tb_lasti // 2, None))
    lines = [line.encode() for line in linecache.getlines(code.co_filename)]
    first, last, start, end = position  # its lines, and its first and last byte
    if None in position or not (lines := lines[first - 1 : last]):  # type: ignore[operator]
        return None
    lines[-1] = lines[-1][:end]
    source = b"".join([lines[0][start:], *lines[1:]]).decode(errors="replace")
    for text in (f"({source})", source):  # an expression over several lines, a statement
        try:
            node = parse(text).body[0]
        except (SyntaxError, IndexError):  # the position is that of a part of an f-string
            continue
        return node.value if isinstance(node, ast.Expr) else node
    return None


def find_operands(frame: FrameType, node: ast.AST | None) -> dict[str, Any]:
    """Return the operands of an expression whose values are known, by their source."""
    if node is None:
        return {}
    found = {}
    for part in ast.iter_child_nodes(node):
        value = evaluate(frame, part)
        if isinstance(part, ast.Name | ast.Attribute | ast.Subscript) and is_data(value):
            found[ast.unparse(part)] = value
        elif not isinstance(part, ast.Constant | ast.expr_context | ast.operator):
            found |= find_operands(frame, part)
    return found


def evaluate(frame: FrameType, node: ast.AST) -> Any:
    """Return the value of an expression without effects; None if it has none."""
    if not isinstance(node, ast.expr) or not all(isinstance(n, PURE) for n in ast.walk(node)):
        return None
    try:
        with np.errstate(all="ignore"):
            return eval(ast.unparse(node), frame.f_globals, frame.f_locals)
    except Exception:  # the operand itself raised the error
        return None


def find_fitting_products(
    frame: FrameType, node: ast.AST | None, shapes: Mapping[str, tuple[int, ...]]
) -> list[str]:
    """Return the transposed or exchanged products of two matrices whose shapes fit; first those
    that have the shape of an input."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        pair = [node.left, node.right]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        pair = node.args if len(node.args) == 2 else [node.func.value, *node.args]
        if node.func.attr not in PRODUCTS:
            return []
    else:
        return []
    values = [evaluate(frame, part) for part in pair]
    if len(values) != 2 or not all(getattr(value, "ndim", 0) == 2 for value in values):
        return []
    sides = [
        [(ast.unparse(p), v.shape), (transpose(p), v.shape[::-1])] for p, v in zip(pair, values)
    ]
    found, others = [], []
    for first, second in ((0, 1), (1, 0)):
        for one, m in sides[first]:
            for two, n in sides[second]:
                if m[1] != n[0]:
                    continue
                shape = (m[0], n[1])
                names = [name for name, wanted in shapes.items() if wanted == shape]
                text = f"{one} @ {two} gives {shape}"
                if names:
                    found.append(f"{text}, the shape of {' and '.join(names)}")
                else:
                    others.append(text)
    return (found + others)[:3]


def transpose(node: ast.AST) -> str:
    """Return the source of the transpose of an expression."""
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return ast.unparse(node.value)
    source = ast.unparse(node)
    return f"{source}.T" if isinstance(node, ast.Name | ast.Attribute) else f"({source}).T"


def is_data(value: Any) -> bool:
    """Whether a value is an array or a number."""
    return isinstance(getattr(value, "shape", None), tuple) or isinstance(value, int | float)


def describe(value: Any) -> str:
    return str(tuple(value.shape)) if getattr(value, "shape", ()) else f"{value!r:.20}"
