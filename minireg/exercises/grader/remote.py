"""RemoteStudent: the functions of a submission, which run in a process of their own."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..markers import pack
from ..student import NotWritten, Observation, Student, StudentError
from .frames import MAX_ERROR, FrameError, decode, encode
from .process import NO_ANSWER, PLACE, Ended, Limits, Process, Refused

KEPT = 2000  # characters of what a submission prints


@dataclass(frozen=True)
class Call:
    """A call of a function, ready to be sent.

    Args:
        function: its name.
        count: the number of arguments.
        request: the content of the frame.
    """

    function: str
    count: int
    request: bytes

    @classmethod
    def make(cls, exercise: str, function: str, arguments: tuple[Any, ...]) -> Call:
        request = {
            "do": "call",
            "exercise": exercise,
            "function": function,
            "arguments": pack(arguments),
        }
        return cls(function, len(arguments), encode(request))


@dataclass
class Answer:
    """What a call gave.

    Args:
        call: what was called.
        content: of the reply; it is not trusted.
        error: why there is none.
    """

    call: Call
    content: bytes = b""
    error: StudentError | None = None

    @cached_property
    def result(self) -> Observation | StudentError:
        """The reply, of which every field was checked."""
        if self.error is not None:
            return self.error
        try:
            reply = decode(self.content)
            return read_error(reply) or read_observation(reply, self.call.count)
        except FrameError:
            return StudentError(f"{self.call.function} {NO_ANSWER}")


def read_error(reply: Any) -> StudentError | None:
    """Return the error that a reply reports, if it does."""
    if type(reply) is not dict or "error" not in reply:
        return None
    text, is_open = reply["error"], reply.get("open")
    if type(text) is not str or len(text) > MAX_ERROR or type(is_open) is not bool:
        raise FrameError
    return NotWritten(text) if is_open else StudentError(text)


def read_observation(reply: Any, count: int) -> Observation:
    if type(reply) is not dict or reply.keys() != {"value", "changed", "shared", "twins"}:
        raise FrameError
    for key in ("changed", "shared"):
        found = reply[key]
        if type(found) is not tuple or not all(type(i) is int and 0 <= i < count for i in found):
            raise FrameError
    if type(reply["twins"]) is not bool:
        raise FrameError
    return Observation(**reply)


@dataclass
class Submission:
    """The process of a submission, started anew after it ended.

    Args:
        limits: what it may use.
    """

    limits: Limits
    process: Process | None = None
    printed: str = ""
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.deadline = time.monotonic() + self.limits.submission

    def ask(self, request: bytes) -> bytes:
        """Return the reply of the process, which is started if there is none.

        Raises:
            Ended: the process ended.
        """
        if time.monotonic() > self.deadline:
            raise Ended("was not run: the time for the whole submission is over.")
        try:
            if self.process is None:
                self.process = Process(self.limits, self.deadline)
                self.process.wait_until_ready()
            return self.process.ask(request, self.limits.call)
        except Ended as error:
            if isinstance(error, Refused):
                self.refused.append(str(error))
            self.close()
            raise

    def keep_printed(self) -> None:
        """Ask for what was printed since the last time."""
        if self.process is None:
            return
        try:
            reply = decode(self.ask(encode({"do": "print"})))
            text = reply["printed"] if type(reply) is dict and "printed" in reply else ""
        except (Ended, FrameError):
            return
        self.printed += text[: KEPT - len(self.printed)] if type(text) is str else ""

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
        request = {
            "do": "load",
            "exercise": exercise,
            "file": file,
            "source": source,
            "functions": list(functions),
        }
        self.loading = Call(file, 0, encode(request))
        self.loaded: Process | None = None  # in which the file was run
        self.places: dict[str, str] = {}
        self.ended: dict[str, StudentError] = {}  # what ended the process is not done again

    def load(self) -> None:
        """Run the file, if the process has not done so yet.

        Raises:
            StudentError: it cannot be run.
        """
        if self.loaded is not None and self.loaded is self.submission.process:
            return
        content = self.ask(self.loading)
        try:
            reply = decode(content)
            if error := read_error(reply):
                raise error
            places = dict(reply["places"])
            self.places = {
                name: place
                for name, place in places.items()
                if name in self.functions and type(place) is str and len(place) <= PLACE
            }
        except (FrameError, TypeError, ValueError, KeyError):
            raise StudentError(f"{self.file} {NO_ANSWER}") from None
        self.loaded = self.submission.process

    def ask(self, call: Call) -> bytes:
        if call.function in self.ended:
            raise self.ended[call.function]
        try:
            return self.submission.ask(call.request)
        except Ended as error:
            self.ended[call.function] = StudentError(f"{call.function} {error}")
            raise self.ended[call.function] from None

    def answer(self, call: Call) -> Answer:
        """Call a function, and return what came; a mistake is an answer, too."""
        try:
            self.load()
            return Answer(call, self.ask(call))
        except StudentError as error:
            return Answer(call, error=error)

    def observe(self, function: str, *arguments: Any) -> Observation:
        result = self.answer(Call.make(self.exercise, function, arguments)).result
        if isinstance(result, StudentError):
            raise result
        return result

    def locate(self, function: str) -> str:
        return self.places.get(function, "")
