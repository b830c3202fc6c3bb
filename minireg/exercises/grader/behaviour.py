"""Behaviours: what submissions did in a check, each judged once.

A check is a sequence of calls that depends only on what the calls return.  So the behaviours of all
submissions form a tree: a node is a call, its branches are what was returned, a leaf is an outcome.
A submission that does what another one did reaches its leaf with its calls alone: nothing is
judged again, and all submissions of a leaf form a cluster, on which a teacher comments once.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..checks import Check
from ..exercise import run_check
from ..result import Outcome
from ..student import Observation, Student, StudentError
from .remote import Answer, Call, RemoteStudent

ROUNDING = 1e-13  # relative to the largest entry: formulas that are equal differ by less


@dataclass
class Node:
    """A place in the tree.

    Attributes:
        call: the call that follows; None at a leaf.
        branches: what it returned, and where that leads.
        known: the branches by the bytes of the reply.
        outcome: of the check, at a leaf.
        answers: of the first submission that came here.
        places: of the functions of this submission.
    """

    call: Call | None = None
    branches: list[tuple[Answer, Node]] = field(default_factory=list)
    known: dict[bytes, Node] = field(default_factory=dict)
    outcome: Outcome | None = None
    answers: list[Answer] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)

    def follow(self, answer: Answer) -> Node | None:
        """Return where an answer leads; None if there was no such answer yet."""
        if answer.content in self.known:
            return self.known[answer.content]
        for other, node in list(self.branches):
            if is_alike(answer.result, other.result):
                return node
        return None

    def add(self, answer: Answer) -> Node:
        node = Node()
        self.branches.append((answer, node))
        if answer.content:
            self.known[answer.content] = node
        return node


class Tree:
    """All behaviours in one check.

    Args:
        exercise: the name of the exercise.
        check: what is checked.
        seed: of all drawn inputs.
    """

    def __init__(self, exercise: str, check: Check, seed: int) -> None:
        self.exercise, self.check, self.seed = exercise, check, seed
        self.root = Node()
        self.lock = threading.Lock()

    def judge(self, student: RemoteStudent) -> tuple[Node, Outcome]:
        """Return the leaf of a submission, and its outcome."""
        node, answers = self.root, []
        while node.call is not None:
            answers.append(student.answer(node.call))
            following = node.follow(answers[-1])
            if following is None:
                break
            node = following
        if node.outcome is None:
            recorder = Recorder(student, answers)
            outcome = run_check(self.check, recorder, self.seed)
            with self.lock:
                node = self.insert(recorder.answers, outcome, student)
            answers = recorder.answers
        assert node.outcome is not None
        message = adapt(node.outcome.message, node, answers, student)
        return node, Outcome(node.outcome.name, node.outcome.verdict, message, node.outcome.report)

    def insert(self, answers: list[Answer], outcome: Outcome, student: RemoteStudent) -> Node:
        """Add a new behaviour and return its leaf."""
        node = self.root
        for answer in answers:
            if node.call is None and node.outcome is None:
                node.call = answer.call
            if node.call is None or node.call.request != answer.call.request:
                node = Node()  # a judge that asks otherwise than before: no branch of this tree
                break
            node = node.follow(answer) or node.add(answer)
        if node.call is not None:
            node = Node()
        if node.outcome is None:
            node.outcome, node.answers, node.places = outcome, answers, student.places
        return node


class Recorder(Student):
    """Gives the answers that came already, then those of a student, and keeps all."""

    def __init__(self, student: RemoteStudent, given: list[Answer]) -> None:
        self.student, self.given = student, given
        self.answers: list[Answer] = []

    def observe(self, function: str, *arguments: Any) -> Observation:
        call = Call.make(self.student.exercise, function, arguments)
        i = len(self.answers)
        ready = i < len(self.given) and self.given[i].call.request == call.request
        self.answers.append(self.given[i] if ready else self.student.answer(call))
        result = self.answers[-1].result
        if isinstance(result, StudentError):
            raise result
        return result

    def locate(self, function: str) -> str:
        return self.student.locate(function)


def adapt(message: str, node: Node, answers: list[Answer], student: RemoteStudent) -> str:
    """Return a message about the first submission of a leaf with the lines of another one."""
    for name, place in node.places.items():
        message = message.replace(f"{name}{place}", f"{name}{student.locate(name)}")
    for first, own in zip(node.answers, answers):
        if isinstance(first.result, StudentError) and isinstance(own.result, StudentError):
            message = message.replace(str(first.result), str(own.result))
    return message


def is_alike(a: Any, b: Any) -> bool:
    """Whether two results are the same up to rounding; of errors, wherever they were raised."""
    if isinstance(a, StudentError) or isinstance(b, StudentError):
        return type(a) is type(b) and without_lines(str(a)) == without_lines(str(b))
    same = (a.changed, a.shared, a.twins) == (b.changed, b.shared, b.twins)
    return same and is_close(a.value, b.value)


def without_lines(text: str) -> str:
    return re.sub(r"\bline \d+( of \S+:\n    .*)?", "line", text)


def is_close(a: Any, b: Any) -> bool:
    """Whether two plain values are the same up to rounding."""
    if isinstance(a, (tuple, list)):
        return type(a) is type(b) and len(a) == len(b) and all(map(is_close, a, b))
    if isinstance(a, dict):
        same = isinstance(b, dict) and a.keys() == b.keys()
        return same and all(is_close(a[key], b[key]) for key in a)
    if isinstance(a, np.ndarray):
        if not isinstance(b, np.ndarray) or (a.shape, a.dtype) != (b.shape, b.dtype):
            return False
        if a.dtype.kind not in "fc":
            return bool((a == b).all())
    elif type(a) is not type(b) or not isinstance(a, (float, complex)):
        return type(a) is type(b) and a == b
    with np.errstate(all="ignore"):
        largest = np.max(np.abs(b), initial=0, where=np.isfinite(b))
        return bool(np.allclose(a, b, rtol=0, atol=ROUNDING * largest, equal_nan=True))
