"""Source: the text of a function in its file, edits of it, and the code of the edited function.

Only the function is compiled, never its file.  Positions are bytes, as in the syntax tree.
"""

from __future__ import annotations
import __future__

import ast
import functools
import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import or_
from types import CodeType
from typing import Any, NamedTuple

from ..parsing import parse

FUTURE = functools.reduce(
    or_, (getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
)
# An inserted text marks its brackets with these; those that change nothing are not shown.
OPEN, CLOSE = "\x01", "\x02"
TICK = "__tick__"  # is called in each round of a while loop


class Edit(NamedTuple):
    """Text to put in place of a part of a file.

    Attributes:
        start, end: the part, in bytes.
        text: the new text; optional brackets are OPEN and CLOSE.
        cost: how large or unlikely the edit is; small ones are tried first.
        kind: which question and rule belong to it: a key of `CAUSES`.
    """

    start: int
    end: int
    text: str
    cost: float
    kind: str


@dataclass(frozen=True)
class Change:
    """An edit as it is shown: the line of the file, and its text before and after."""

    line: int
    before: str
    after: str


class Source:
    """The source of a function.

    Args:
        function: a Python function.
        text: its file.
        node: the function in the syntax tree of the file.

    Attributes:
        start, end: the lines of the function without its decorators, in bytes.
    """

    def __init__(self, function: Any, text: str, node: ast.FunctionDef | ast.Lambda) -> None:
        self.function, self.node = function, node
        self.text = text.encode()
        self.starts = [0]
        for line in self.text.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        self.start, self.end = self.span(node)
        if not self.is_lambda:
            self.start = self.starts[node.lineno - 1]
        # Names of enclosing functions stay such names if the code is inside of a function.
        code = function.__code__
        outer = f"def outer({', '.join(code.co_freevars)}):\n"
        self.is_inner = self.is_lambda or node.col_offset > 0
        self.before, self.after = outer if self.is_inner else "", ""
        if self.is_lambda:
            self.before, self.after = f"{outer} return (\n", "\n)"
        elif self.is_inner and code.co_name not in code.co_freevars:  # its name is a global one
            indent = self.read(self.start, self.start + node.col_offset)
            self.before += f"{indent}global {code.co_name}\n"

    @property
    def is_lambda(self) -> bool:
        return isinstance(self.node, ast.Lambda)

    def span(self, node: Any) -> tuple[int, int]:
        """Return where a node of the tree begins and ends."""
        return (
            self.starts[node.lineno - 1] + node.col_offset,
            self.starts[node.end_lineno - 1] + node.end_col_offset,
        )

    def read(self, start: int, end: int) -> str:
        return self.text[start:end].decode()

    def apply(self, edit: Edit) -> str:
        """Return the text of the edited function, with the brackets that are marked."""
        before, after = self.read(self.start, edit.start), self.read(edit.end, self.end)
        return before + edit.text + after

    def complete(self, text: str) -> str:
        """Return the program that defines the function with this text."""
        return self.before + text.replace(OPEN, "(").replace(CLOSE, ")") + self.after

    def parse(self, text: str) -> ast.Module:
        """Return the tree of this program; raise SyntaxError if it is none."""
        return parse(self.complete(text))

    def compile(self, text: str) -> CodeType:
        """Return the code of the function with this text; its while loops end at some time."""
        program = limit_loops(self.parse(text)) if "while" in text else self.complete(text)
        flags = self.function.__code__.co_flags & FUTURE
        code = compile(program, "<edited>", "exec", flags=flags, dont_inherit=True)
        if self.is_inner:
            code = find_code(code, "outer")
        return find_code(code, self.function.__code__.co_name)

    def show(self, edit: Edit) -> Change:
        """Return the lines that an edit changes, without superfluous brackets."""
        text = self.remove_brackets(edit)
        old = self.read(edit.start, edit.end)
        first = count_equal(old, text)
        last = count_equal(old[first:][::-1], text[first:][::-1])
        start = edit.start + len(old[:first].encode())
        end = edit.end - len(old[len(old) - last :].encode())
        new = text[first : len(text) - last]
        begin = self.text.rfind(b"\n", 0, start) + 1
        stop = self.text.find(b"\n", end)
        stop = len(self.text) if stop < 0 else stop
        after = self.read(begin, start) + new + self.read(end, stop)
        return Change(self.find_line(start), self.read(begin, stop), after)

    def find_line(self, place: int) -> int:
        """Return the line of the file, from 1, of a place in it."""
        return self.text.count(b"\n", 0, place) + 1

    def remove_brackets(self, edit: Edit) -> str:
        """Return the new text with those of the marked brackets that it needs."""
        text, meaning = edit.text, ast.dump(self.parse(self.apply(edit)))
        while OPEN in text:
            first = text.index(OPEN)
            depth, last = 1, first
            while depth:
                last += 1
                depth += (text[last] == OPEN) - (text[last] == CLOSE)
            inner = text[first + 1 : last]
            text = self.choose(edit, text[:first], inner, text[last + 1 :], meaning)
        return text

    def choose(self, edit: Edit, before: str, inner: str, after: str, meaning: str) -> str:
        """Return the text without a pair of brackets if the meaning stays, else with it."""
        bare = before + inner + after
        try:
            trial = Edit(edit.start, edit.end, bare, edit.cost, edit.kind)
            if ast.dump(self.parse(self.apply(trial))) == meaning:
                return bare
        except SyntaxError:
            pass
        return f"{before}({inner}){after}"


def count_equal(a: str, b: str) -> int:
    """Return how many characters at the beginning are equal."""
    pairs = enumerate(zip(a, b))
    return next((i for i, (x, y) in pairs if x != y), min(len(a), len(b)))


def limit_loops(node: ast.Module) -> ast.Module:
    """Add a call of TICK to each round of the while loops in a tree, and return it."""
    for loop in ast.walk(node):
        if isinstance(loop, ast.While):
            loop.body.insert(0, parse(f"{TICK}()").body[0])
    return node


def find_code(code: CodeType, name: str) -> CodeType:
    """Return the code of the last function called `name` in `code`: after its default values."""
    found = [c for c in code.co_consts if isinstance(c, CodeType) and c.co_name == name]
    return found[-1]


def read_source(function: Callable) -> Source | None:
    """Return the source of a Python function; None if there is none, or it has changed since."""
    if not inspect.isfunction(function):
        return None
    code = function.__code__
    try:
        text = "".join(inspect.findsource(function)[0])
        tree = parse(text)
        flags = code.co_flags & FUTURE
        module = compile(text, code.co_filename, "exec", flags=flags, dont_inherit=True)
    except (OSError, SyntaxError):
        return None
    if not any(c.co_code == code.co_code for c in list_codes(module)):
        return None
    places = [(a, c, b, d) for a, b, c, d in code.co_positions() if d and None not in (a, b, c)]
    found = [
        Source(function, text, node)
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.Lambda))
        and getattr(node, "name", "<lambda>") == code.co_name
        and contains(node, places)
    ]
    return min(found, key=lambda source: source.end - source.start, default=None)


def contains(node: Any, places: Iterable[tuple[Any, ...]]) -> bool:
    """Whether all places (line, column, last line, last column) are inside of a node."""
    begin, end = (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)
    return all(begin <= place[:2] and place[2:] <= end for place in places)


def list_codes(code: CodeType) -> Iterator[CodeType]:
    """Yield a code, and those of the functions in it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from list_codes(constant)
