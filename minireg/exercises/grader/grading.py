"""grade: points for each exercise of each submission."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from ..path import ORDER, get_exercise
from ..result import Outcome
from ..student import NotWritten, StudentError, Unreadable
from .behaviour import Cluster, Tree
from .flags import find_flags, find_names
from .process import Limits
from .remote import RemoteStudent, Submission
from .submissions import Files

NOT_HANDED_IN = "not handed in"
CONTRACT_ALONE = "This check counts as soon as another one passes."


@dataclass(frozen=True)
class ExerciseGrade:
    """What was found in one exercise of a submission.

    Attributes:
        exercise: its name.
        outcomes: one for each check.  Each is worth a point.
        clusters: for each check, what others did, too; empty if nothing was handed in.
        flags: why a right answer should be read.
    """

    exercise: str
    outcomes: tuple[Outcome, ...]
    clusters: tuple[Cluster, ...] = ()
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


class Grader:
    """Grades submissions.  What was found for one helps to grade the others.

    Args:
        exercises: their names.
        seed: of all drawn inputs.
        limits: what a submission may use.
    """

    def __init__(
        self, exercises: Sequence[str] = ORDER, seed: int = 0, limits: Limits | None = None
    ) -> None:
        self.exercises, self.limits = tuple(exercises), limits or Limits()
        self.trees = {}
        for name in self.exercises:
            exercise = get_exercise(name)
            self.trees[name] = Tree(exercise, seed, partial(find_flags, exercise, seed))

    @property
    def clusters(self) -> list[Cluster]:
        """All clusters, in the order of exercises and checks."""
        return [x for tree in self.trees.values() for check in tree.clusters for x in check]

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
    ) -> list[SubmissionGrade]:
        """Grade submissions, several at the same time, and return them in their order."""
        # The judge ignores warnings for a while, and threads would restore each other's filters.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with ThreadPoolExecutor(workers or 2 * (os.cpu_count() or 1)) as pool:
                return list(pool.map(self.grade, submissions))

    def grade_exercise(self, name: str, files: Files, submission: Submission) -> ExerciseGrade:
        handed, tree = files.find(name), self.trees[name]
        if handed is None or isinstance(handed.source, StudentError):
            why = NotWritten(NOT_HANDED_IN) if handed is None else handed.source
            result = tree.exercise.check(Unreadable(why))  # type: ignore[arg-type]
            return ExerciseGrade(name, result.outcomes)
        functions = tree.exercise.functions
        student = RemoteStudent(submission, name, handed.file, handed.source, functions)
        leaf, outcomes = tree.judge(files.name, student)
        submission.keep_printed()
        if not any(outcome.passed for outcome in outcomes[:-1]):
            # A function that returns 0 for everything would keep the contract.
            outcomes[-1] = Outcome(outcomes[-1].name, "fail", CONTRACT_ALONE)
        flags = [*leaf.flags]
        if any(outcome.passed for outcome in outcomes):
            flags += find_names(handed.source)
        return ExerciseGrade(name, tuple(outcomes), tuple(leaf.clusters), tuple(flags))
