"""Exercise: a statement, a stub, checks and hints."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..gradcheck.parsing import parse
from ..gradcheck.raised import FITTING, MISFIT
from .checks import Check, Failure
from .contract import Contract, Recorder
from .result import Outcome, Result
from .student import NotWritten, Student, StudentError


@dataclass(frozen=True)
class Exercise:
    """An exercise.

    Args:
        title: one line.
        statement: what to write, with formulas and shapes; plain text in ASCII.
        stub: the functions to complete, as source.  Lines to replace are marked as in
            `return ...  # replace this line`.
        checks: what the functions must do.  The contract of all functions is checked as well.
        hints: from a first question to nearly the answer.
        name: the name of its file, which `minireg.exercises.path` fills in.
    """

    title: str
    statement: str
    stub: str
    checks: Sequence[Check]
    hints: Sequence[str]
    name: str = field(default="", compare=False)

    @property
    def functions(self) -> tuple[str, ...]:
        """The names of the functions to write, in the order of the stub."""
        return tuple(self.arguments)

    @property
    def arguments(self) -> dict[str, tuple[str, ...]]:
        """The names of the arguments of each function."""
        made = [node for node in parse(self.stub).body if isinstance(node, ast.FunctionDef)]
        return {node.name: tuple(x.arg for x in node.args.args) for node in made}

    @property
    def source(self) -> str:
        """The file that a student begins with."""
        head = f"{self.title}\n\n{self.statement.strip()}"
        return f'"""{head}\n"""\n\nimport numpy as np\n\n\n{self.stub.strip()}\n'

    def run(self, student: Student, seed: int = 0) -> Iterator[Outcome]:
        """Run one check after the other, the contract at last, and yield their outcomes."""
        recorder = Recorder(student)
        for check in (*self.checks, Contract(recorder, self.arguments)):
            yield run_check(check, recorder, seed)

    def check(self, student: Student, *, hint_level: int = 0, seed: int = 0) -> Result:
        """Check the functions of a student.

        Args:
            student: gives access to the functions.
            hint_level: how many hints are shown if a check fails.
            seed: of all drawn inputs.
        """
        outcomes = tuple(self.run(student, seed))
        shown = tuple(self.hints[:hint_level])
        return Result(self.name, outcomes, shown, len(self.hints) - len(shown))


def run_check(check: Check, student: Student, seed: int) -> Outcome:
    """Run one check; whatever is wrong with the student's functions is an outcome."""
    try:
        with np.errstate(all="ignore"):  # special values may overflow
            return Outcome(check.name, "pass", report=check.run(student, seed))
    except NotWritten as error:
        return Outcome(check.name, "open", str(error))
    except StudentError as error:
        return Outcome(check.name, "fail", MISFIT.sub(FITTING, str(error)))
    except Failure as failure:
        return Outcome(check.name, "fail", str(failure), failure.report)
