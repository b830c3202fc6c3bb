"""Write automatic.jsonl: single edits of the right backward passes that make them wrong.

    python -m tests.gradcheck.gradbugs.automatic

For each operation, up to `PER_OPERATION` edits are drawn, of as many kinds as there are.  An edit
is kept if the edited backward pass raises an error or does not agree with a central difference
(`truth.py`) at an ordinary point.  The same operations give the same file.
"""

from __future__ import annotations

import ast
import json
import random
import sys
import warnings
from collections.abc import Iterator
from dataclasses import asdict
from hashlib import sha256
from types import FrameType
from typing import Any

import numpy as np

from . import AUTOMATIC, PARTS, Operation, compile_edit, load_operations
from .edits import list_edits
from .source import Code, Edit, find_kind
from .truth import agree, call, differentiate, points

PER_OPERATION = 7


def list_functions(operation: Operation) -> list[ast.FunctionDef]:
    """Return `backward` and the helpers that it uses and forward does not."""
    tree = ast.parse(operation.file.read_text(encoding="utf-8"))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    used = find_used(functions, "backward") - find_used(functions, "forward")
    chosen = [functions[name] for name in sorted(used)]
    # An edited `while` might not end.
    return [f for f in chosen if not any(isinstance(node, ast.While) for node in ast.walk(f))]


def find_used(functions: dict[str, ast.FunctionDef], name: str) -> set[str]:
    """The names of a function and of all that it uses."""
    used, todo = set(), [name]
    while todo:
        used.add(name := todo.pop())
        names = {node.id for node in ast.walk(functions[name]) if isinstance(node, ast.Name)}
        todo += [name for name in names & functions.keys() if name not in used]
    return used


def trace_kinds(operation: Operation) -> dict[str, dict[str, str]]:
    """Run backward, and return the kinds of the names in each function of its file."""
    kinds: dict[str, dict[str, str]] = {}

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code.co_filename == str(operation.file):
            if event == "return":
                values = vars(operation.module) | frame.f_locals
                found = {name: find_kind(x) for name, x in values.items()}
                kinds[frame.f_code.co_name] = {k: v for k, v in found.items() if v != "other"}
            return trace
        return None

    arguments, upstream = next(points(operation))
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call(operation, operation.backward, upstream, arguments)
    finally:
        sys.settrace(before)
    return kinds


def draw_edits(operation: Operation) -> Iterator[Edit]:
    """Yield all edits of an operation in a random order in which the kinds take turns."""
    text, kinds = operation.file.read_text(encoding="utf-8"), trace_kinds(operation)
    by_kind: dict[str, list[Edit]] = {}
    for function in list_functions(operation):
        for edit in list_edits(Code(text, function, kinds.get(function.name, {}))):
            by_kind.setdefault(edit.kind, []).append(edit)
    order = random.Random(operation.name)
    for edits in by_kind.values():
        order.shuffle(edits)
    while by_kind:
        for kind in order.sample(sorted(by_kind), len(by_kind)):
            yield by_kind[kind].pop()
            if not by_kind[kind]:
                del by_kind[kind]


def choose_edits(operation: Operation) -> list[Edit]:
    """Return the first edits that make backward wrong, in the order of their lines."""
    truth = [(*point, differentiate(operation, point[1], point[0])) for point in points(operation)]
    chosen: list[Edit] = []
    with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
        for edit in draw_edits(operation):
            if len(chosen) < PER_OPERATION and is_wrong(operation, edit, truth):
                chosen.append(edit)
    return sorted(chosen, key=lambda edit: (edit.line, edit.kind, edit.after))


def is_wrong(operation: Operation, edit: Edit, truth: list[Any]) -> bool:
    """True if the edited backward pass raises an error or gives a wrong gradient."""
    try:
        backward = compile_edit(operation, edit.line, edit.before, edit.after)
    except SyntaxError:
        return False
    try:
        for arguments, upstream, expected in truth:
            if not agree(call(operation, backward, upstream, arguments), expected):
                return True
    except Exception:
        return True
    return False


def make_records() -> list[dict[str, Any]]:
    """Return the lines of the file; a third of them is held out."""
    records = [
        {"operation": operation.name, "part": part, **asdict(edit)}
        for part in PARTS
        for operation in load_operations(part)
        for edit in choose_edits(operation)
    ]

    def rank(record: dict[str, Any]) -> tuple[bool, bytes]:
        return record["part"] != "held_out", sha256(json.dumps(record).encode()).digest()

    own = sum(record["part"] == "held_out" for record in records)
    last = sorted(map(rank, records))[max(own, len(records) // 3) - 1]
    return [record | {"held_out": rank(record) <= last} for record in records]


def main() -> None:
    records = make_records()
    lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in records]
    AUTOMATIC.write_text("".join(lines), encoding="utf-8")
    print(f"{len(records)} edits, {sum(record['held_out'] for record in records)} held out")


if __name__ == "__main__":
    main()
