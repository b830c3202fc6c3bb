"""Process: the process of a submission, as the grader sees it."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .frames import LENGTH, MAX_REPLY, FrameError, decode, encode, make_frame, read_frame

HERE = Path(__file__).parent
CHECKED = 0.1  # seconds between two looks at the clock
START = 60.0  # seconds in which Python and NumPy must have started
PLACE = 200  # characters
NO_ANSWER = "sent the grader something that is not an answer."


@dataclass(frozen=True)
class Limits:
    """What a submission may use.

    Args:
        call: seconds of one call.
        submission: seconds of all exercises together.
        memory: bytes of the process.
    """

    call: float = 5.0
    submission: float = 120.0
    memory: int = 2 * 2**30


class Ended(Exception):
    """The process ended, or was ended.  The message says why, in words for the student."""


class Refused(Ended):
    """The process did what it may not do."""


class Process:
    """A new Python that knows NumPy and neither minireg nor solutions.

    Args:
        limits: what it may use.
        deadline: when all must be done, by `time.monotonic`.
        package: the folder of minireg, for a diagnosis; points come from processes without it.
    """

    def __init__(self, limits: Limits, deadline: float, package: str = "") -> None:
        self.limits, self.end = limits, deadline
        self.until = float("inf")  # when the running request must be answered
        self.stopped = ""
        self.folder = tempfile.TemporaryDirectory(prefix="submission-")
        numpy_folder = str(Path(np.__file__).parent)
        words = [str(HERE.parent), numpy_folder, str(limits.memory), str(int(limits.submission))]
        words += [package] if package else []
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-B", str(HERE / "worker.py"), *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self.folder.name,
            env=make_environment(),
            bufsize=0,
            start_new_session=True,
        )
        self.watch = threading.Thread(target=self.keep_time, daemon=True)
        self.watch.start()

    def wait_until_ready(self) -> None:
        """Wait until Python and NumPy have started.

        Raises:
            Ended: they have not.
        """
        self.ask(encode({"do": "print"}), START)

    def keep_time(self) -> None:
        """End the process when its time is over."""
        while self.process.poll() is None:
            now = time.monotonic()
            if now > min(self.until, self.end):
                whole = now > self.end
                self.stopped = (
                    "was not run to its end: the time for the whole submission is over."
                    if whole
                    else f"was still running after {self.limits.call:g} seconds. Is there a loop "
                    f"without end?"
                )
                self.process.kill()
            time.sleep(CHECKED)

    def ask(self, request: bytes, seconds: float) -> bytes:
        """Send the content of a request and return that of the reply, which may take some seconds.

        Raises:
            Ended: there is none.
        """
        assert self.process.stdout
        token = secrets.token_bytes(LENGTH)
        self.until = time.monotonic() + seconds
        try:
            self.send(make_frame(token, request))
            frame = read_frame(self.process.stdout.read, MAX_REPLY)
        except OSError:
            frame = None
        except FrameError:
            raise Ended(NO_ANSWER) from None
        self.until = float("inf")
        if frame is None:
            raise Ended(self.explain_end())
        found, content = frame
        if found == token:
            return content
        if found == bytes(LENGTH):
            raise Refused(f"{read_refused(content)}: a submission may use NumPy only.")
        raise Ended(NO_ANSWER)

    def send(self, data: bytes) -> None:
        assert self.process.stdin
        view = memoryview(data)
        while view:
            view = view[self.process.stdin.write(view) :]

    def explain_end(self) -> str:
        """Return why the process closed its pipe."""
        try:
            code = self.process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return NO_ANSWER
        self.watch.join()
        return self.stopped or f"ended Python (exit code {code})."

    def close(self) -> None:
        """End the process and remove its folder."""
        self.process.kill()
        self.process.wait()
        self.watch.join()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()
        self.folder.cleanup()


def make_environment() -> dict[str, str]:
    """Nothing of the grader's environment; Windows needs its folder to start Python."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    return {**kept, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def read_refused(content: bytes) -> str:
    """Return what the process was ended for."""
    try:
        return str(decode(content)["refused"])[:PLACE]
    except (FrameError, TypeError, KeyError):
        return NO_ANSWER.removesuffix(".")
