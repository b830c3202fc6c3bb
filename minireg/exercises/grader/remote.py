"""RemoteStudent: the functions of a submission, which run in a process of their own."""

from __future__ import annotations

import time
from typing import Any

from ..student import Observation, Random, Student, StudentError
from .process import Ended, Limits, Process, check_error

KEPT = 2000  # characters of what a submission prints
PLACE = 200  # characters of `, line 12 of relu.py`


class Submission:
    """The process of a submission, started anew after it ended.

    Args:
        limits: what it may use.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.deadline = time.monotonic() + limits.submission
        self.process: Process | None = None
        self.printed = ""
        self.refused: list[str] = []

    def ask(self, **request: Any) -> dict[str, Any]:
        """Return the reply of the process, which is started if there is none.

        Raises:
            Ended: the process ended.
            StudentError: the reply is one.
        """
        if time.monotonic() > self.deadline:
            raise Ended("was not run: the time for the whole submission is over.")
        if self.process is None:
            self.process = Process(self.limits, self.deadline)
        try:
            reply = self.process.ask(**request)
            if type(printed := reply.get("printed")) is not str:
                raise Ended("wrote what is no answer to the grader.")
            self.printed += printed[: KEPT - len(self.printed)]
            check_error(reply)
        except Ended as error:
            if "may use NumPy only" in str(error):
                self.refused.append(str(error))
            self.close()
            raise
        return reply

    def close(self) -> None:
        if self.process is not None:
            self.process.close()
            self.process = None


class RemoteStudent(Student):
    """The functions of one file of a submission.

    Args:
        submission: whose process runs them.
        exercise: the name of the exercise.
        file: the name of the student's file, for messages.
        source: its text.
        functions: the names of the functions to write.
    """

    def __init__(
        self,
        submission: Submission,
        exercise: str,
        file: str,
        source: str,
        functions: tuple[str, ...],
    ) -> None:
        self.submission, self.exercise, self.file = submission, exercise, file
        self.source, self.functions = source, functions
        self.loaded_in: Process | None = None
        self.places: dict[str, str] = {}
        self.ended: dict[str, StudentError] = {}  # what ended the process is not done again

    def load(self) -> None:
        """Run the file, if the process has not done so yet.

        Raises:
            StudentError: it cannot be run.
        """
        if self.loaded_in is not None and self.loaded_in is self.submission.process:
            return
        reply = self.ask(
            self.file,
            do="load",
            exercise=self.exercise,
            file=self.file,
            source=self.source,
            functions=list(self.functions),
        )
        self.loaded_in = self.submission.process
        places = reply.get("places")
        if type(places) is dict:
            self.places = {
                name: place
                for name, place in places.items()
                if name in self.functions and type(place) is str and len(place) <= PLACE
            }

    def ask(self, what: str, **request: Any) -> dict[str, Any]:
        if what in self.ended:
            raise self.ended[what]
        try:
            return self.submission.ask(**request)
        except Ended as error:
            self.ended[what] = StudentError(f"{what} {error}")
            raise self.ended[what] from None

    def observe(self, function: str, *arguments: Any) -> Observation:
        self.load()
        reply = self.ask(
            function,
            do="call",
            exercise=self.exercise,
            function=function,
            arguments=[x.seed if isinstance(x, Random) else x for x in arguments],
            random=[i for i, x in enumerate(arguments) if isinstance(x, Random)],
        )
        indices = range(len(arguments))
        changed, shared = (as_indices(reply.get(key), indices) for key in ("changed", "shared"))
        twins = reply.get("twins")
        if "value" not in reply or changed is None or shared is None or type(twins) is not bool:
            raise StudentError(f"{function} wrote what is no answer to the grader.")
        return Observation(reply["value"], changed, shared, twins)

    def locate(self, function: str) -> str:
        return self.places.get(function, "")


def as_indices(found: Any, valid: range) -> tuple[int, ...] | None:
    """Return a list of valid indices as a tuple; None if it is something else."""
    if type(found) is list and all(type(i) is int and i in valid for i in found):
        return tuple(found)
    return None
