"""grade: points for each exercise of each submission."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from ..checks import Gradient
from ..path import ORDER, get_exercise
from ..result import Outcome
from ..student import StudentError
from .behaviour import Node, Tree
from .flags import find_complex, find_difference
from .process import Limits
from .remote import RemoteStudent, Submission
from .submissions import Files, Handed

NOT_HANDED_IN = "not handed in"
CONTRACT_ALONE = "This check counts as soon as another one passes."


@dataclass(frozen=True)
class ExerciseGrade:
    """What was found in one exercise of a submission.

    Attributes:
        exercise: its name.
        outcomes: one for each check.  Each is worth a point.
        clusters: for each check, the number of the cluster of the submission; 0 if there is none.
        flags: why a right answer should be read.
    """

    exercise: str
    outcomes: tuple[Outcome, ...]
    clusters: tuple[int, ...]
    flags: tuple[str, ...] = ()

    @property
    def points(self) -> int:
        return sum(outcome.passed for outcome in self.outcomes)


@dataclass(frozen=True)
class SubmissionGrade:
    """What was found in a submission.

    Attributes:
        name: of the submission.
        exercises: one for each exercise, in their order.
        printed: the beginning of what it printed.
        refused: what it tried and may not do.
    """

    name: str
    exercises: tuple[ExerciseGrade, ...]
    printed: str = ""
    refused: tuple[str, ...] = ()

    @property
    def points(self) -> int:
        return sum(grade.points for grade in self.exercises)

    @property
    def max_points(self) -> int:
        return sum(len(grade.outcomes) for grade in self.exercises)


@dataclass
class Cluster:
    """Submissions that do the same in a check, up to rounding.

    Attributes:
        number: from 1.
        exercise, check: where.
        outcome: of the check, in the words for the first of them.
        members: the names of the submissions.
    """

    number: int
    exercise: str
    outcome: Outcome
    members: list[str] = field(default_factory=list)


class Grader:
    """Grades submissions.  Behaviours and outcomes are kept from one to the next.

    Args:
        exercises: their names.
        seed: of all drawn inputs.
        limits: what a submission may use.
    """

    def __init__(
        self, exercises: Sequence[str] = ORDER, seed: int = 0, limits: Limits | None = None
    ) -> None:
        self.exercises, self.seed, self.limits = tuple(exercises), seed, limits or Limits()
        self.trees = {
            name: [Tree(name, check, seed) for check in get_exercise(name).all_checks]
            for name in self.exercises
        }
        self.clusters: dict[int, Cluster] = {}  # by the identity of their leaf
        self.leaves: list[Node] = []  # which keeps these identities
        self.flags: dict[int, str] = {}
        self.lock = threading.Lock()

    def grade(self, files: Files) -> SubmissionGrade:
        """Grade one submission."""
        submission = Submission(self.limits)
        try:
            grades = tuple(self.grade_exercise(x, files, submission) for x in self.exercises)
        finally:
            submission.close()
        return SubmissionGrade(files.name, grades, submission.printed, tuple(submission.refused))

    def grade_all(
        self, submissions: Sequence[Files], workers: int | None = None
    ) -> Iterator[SubmissionGrade]:
        """Grade submissions, several at the same time, and return them in their order."""
        with ThreadPoolExecutor(workers or 2 * (os.cpu_count() or 1)) as pool:
            yield from pool.map(self.grade, submissions)

    def grade_exercise(self, name: str, files: Files, submission: Submission) -> ExerciseGrade:
        handed, trees = files.find(name), self.trees[name]
        if handed is None or isinstance(handed.source, StudentError):
            why = NOT_HANDED_IN if handed is None else str(handed.source)
            verdict = "open" if handed is None else "fail"
            none = [Outcome(tree.check.name, verdict, why) for tree in trees]  # type: ignore[arg-type]
            return ExerciseGrade(name, tuple(none), (0,) * len(trees))
        student = make_student(name, handed, submission)
        outcomes: list[Outcome] = []
        numbers: list[int] = []
        flags: list[str] = []
        for tree in trees:
            leaf, outcome = tree.judge(student)
            outcomes.append(outcome)
            numbers.append(self.note(leaf, name, files.name))
            if outcome.passed and isinstance(tree.check, Gradient):
                flags.append(self.find_flag(leaf, tree.check, student))
                flags.append(find_complex(handed.source))
        submission.keep_printed()
        if not any(outcome.passed for outcome in outcomes[:-1]):
            # A function that returns 0 for everything would keep the contract.
            outcomes[-1] = Outcome(outcomes[-1].name, "fail", CONTRACT_ALONE)
        found = tuple(dict.fromkeys(filter(None, flags)))
        return ExerciseGrade(name, tuple(outcomes), tuple(numbers), found)

    def note(self, leaf: Node, exercise: str, name: str) -> int:
        """Add a submission to the cluster of a leaf, and return its number."""
        assert leaf.outcome is not None
        with self.lock:
            if id(leaf) not in self.clusters:
                number = len(self.clusters) + 1
                self.clusters[id(leaf)] = Cluster(number, exercise, leaf.outcome)
                self.leaves.append(leaf)
            self.clusters[id(leaf)].members.append(name)
            return self.clusters[id(leaf)].number

    def find_flag(self, leaf: Node, check: Gradient, student: RemoteStudent) -> str:
        """Return the flag of a gradient, which is found once for each behaviour."""
        if id(leaf) not in self.flags:
            self.flags[id(leaf)] = find_difference(check, student, self.seed)
        return self.flags[id(leaf)]


def make_student(name: str, handed: Handed, submission: Submission) -> RemoteStudent:
    assert isinstance(handed.source, str)
    functions = get_exercise(name).functions
    return RemoteStudent(submission, name, handed.file, handed.source, functions)
