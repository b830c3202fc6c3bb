"""Behaviours: what submissions did in an exercise, each judged once.

The checks of an exercise are a sequence of calls that depends only on what the calls return.  So
the behaviours of all submissions form a tree: a node is a call, its branches are what was returned,
at a leaf there are the outcomes.  A submission that does what another one did reaches its leaf with
its calls alone, and nothing is judged again.  Submissions that do the same in one check form a
cluster, on which a teacher comments once.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np

from ...gradcheck.repairs import Repair
from ..exercise import Exercise
from ..result import Outcome
from ..student import Observation, Student, StudentError
from .remote import Answer, Call, RemoteStudent

ROUNDING = 1e-13  # relative to the largest entry: formulas that are equal differ by less


@dataclass
class Cluster:
    """Submissions that do the same in a check, up to rounding.

    Attributes:
        exercise: where.
        outcome: of the check, in the words for the first of them.
        answers, file, source: of the first of them.
        members: the names of the submissions.
        repairs: single edits of this source that make it right, if they were searched for.
    """

    exercise: str
    outcome: Outcome
    answers: list[Answer]
    file: str
    source: str
    members: list[str] = field(default_factory=list)
    repairs: tuple[Repair, ...] = ()


@dataclass
class Leaf:
    """The end of a behaviour.

    Attributes:
        outcomes: one for each check, in the words for the first submission that came here.
        clusters: one for each check.
        flags: why a right answer should be read.
        answers, places: of the first submission.
    """

    outcomes: list[Outcome]
    clusters: list[Cluster]
    flags: list[str]
    answers: list[Answer]
    places: dict[str, str]


@dataclass
class Node:
    """A place in the tree.

    Attributes:
        call: the call that follows; None at a leaf.
        branches: what it returned, and where that leads.
        known: the branches by the bytes of the reply.
        leaf: what was found.
    """

    call: Call | None = None
    branches: list[tuple[Answer, Node]] = field(default_factory=list)
    known: dict[bytes, Node] = field(default_factory=dict)
    leaf: Leaf | None = None

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
    """All behaviours in one exercise.

    Args:
        exercise: what is checked.
        seed: of all drawn inputs.
        find_flags: returns the flags of a student whose outcomes are given.
    """

    def __init__(
        self,
        exercise: Exercise,
        seed: int,
        find_flags: Callable[[Student, list[Outcome]], list[str]],
    ) -> None:
        self.exercise, self.seed, self.find_flags = exercise, seed, find_flags
        self.root = Node()
        self.clusters: list[list[Cluster]] = []  # for each check
        self.lock = threading.Lock()

    def judge(self, name: str, student: RemoteStudent) -> tuple[Leaf, list[Outcome]]:
        """Return the leaf of a submission, and the outcomes in words for it."""
        node, answers = self.root, []
        while node.call is not None:
            answers.append(student.answer(node.call))
            following = node.follow(answers[-1])
            if following is None:
                break
            node = following
        leaf = node.leaf
        if leaf is None:
            leaf, answers = self.judge_anew(student, answers)
        with self.lock:
            for cluster in leaf.clusters:
                cluster.members.append(name)
        return leaf, [adapt(outcome, leaf, answers, student) for outcome in leaf.outcomes]

    def judge_anew(
        self, student: RemoteStudent, answers: list[Answer]
    ) -> tuple[Leaf, list[Answer]]:
        """Run the checks, and add what was found to the tree."""
        recorder, outcomes, ends = Recorder(student, answers), [], [0]
        for outcome in self.exercise.run(recorder, self.seed):
            outcomes.append(outcome)
            ends.append(len(recorder.answers))
        flags = self.find_flags(student, outcomes)
        made = student.file, student.source
        parts = [recorder.answers[a:b] for a, b in pairwise(ends)]
        with self.lock:
            clusters = [
                self.find_cluster(i, Cluster(self.exercise.name, x, part, *made))
                for i, (x, part) in enumerate(zip(outcomes, parts))
            ]
            leaf = Leaf(outcomes, clusters, flags, recorder.answers, student.places)
            self.insert(leaf)
        return leaf, recorder.answers

    def find_cluster(self, i: int, new: Cluster) -> Cluster:
        """Return the cluster with the same answers in check i, perhaps a new one."""
        if i == len(self.clusters):
            self.clusters.append([])
        for known in self.clusters[i]:
            verdicts = new.outcome.verdict, known.outcome.verdict
            if verdicts[0] == verdicts[1] and same(new.answers, known.answers):
                return known
        self.clusters[i].append(new)
        return new

    def insert(self, leaf: Leaf) -> None:
        """Add a new behaviour.

        Where the checks ask otherwise than for the first submission, although all answers were the
        same up to rounding, it is not added.
        """
        node = self.root
        for answer in leaf.answers:
            if node.call is None and node.leaf is None:
                node.call = answer.call
            if node.call is None or node.call.request != answer.call.request:
                return
            node = node.follow(answer) or node.add(answer)
        if node.call is None and node.leaf is None:
            node.leaf = leaf


def same(a: list[Answer], b: list[Answer]) -> bool:
    """Whether two submissions gave the same answers to the same calls."""
    return len(a) == len(b) and all(
        x.call.request == y.call.request and is_alike(x.result, y.result) for x, y in zip(a, b)
    )


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


def adapt(outcome: Outcome, leaf: Leaf, answers: list[Answer], student: RemoteStudent) -> Outcome:
    """Return an outcome of the first submission of a leaf with the lines of another one."""
    message = outcome.message
    for name, place in leaf.places.items():
        message = message.replace(f"{name}{place}", f"{name}{student.locate(name)}")
    for first, own in zip(leaf.answers, answers):
        if isinstance(first.result, StudentError) and isinstance(own.result, StudentError):
            message = message.replace(str(first.result), str(own.result))
    return replace(outcome, message=message)


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
