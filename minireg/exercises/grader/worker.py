"""The process of a submission: it runs the student's functions, and judges nothing.

It is started as `python -I -S worker.py FOLDER NUMPY MEMORY SECONDS`, sees Python's library and
NumPy, and neither minireg nor any solution.  It reads requests from one pipe and writes replies to
another one; what the student prints reaches neither.

With one more argument, the folder of the package minireg, it is a process for a diagnosis: it runs
the checks of minireg itself, to find the line of a mistake.  It gives no points.
"""

from __future__ import annotations

import builtins
import contextlib
import importlib
import io
import linecache
import os
import sys
from types import ModuleType
from typing import Any

PRINTED = 1000  # characters that are kept of what a submission prints


class Printed(io.TextIOBase):
    """Keeps the beginning of what is printed."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        self.text += str(text)[: PRINTED - len(self.text)]
        return len(text)

    def take(self) -> str:
        text, self.text = self.text, ""
        return text.encode("utf-8", "replace").decode()


def main(folder: str, numpy_folder: str, memory: str, seconds: str, package: str = "") -> None:
    """Answer requests until the grader closes the pipe."""
    requests, replies = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    sys.path += [os.path.dirname(path) for path in (numpy_folder, package) if path]
    for name in () if package else ("ctypes", "_ctypes"):
        sys.modules[name] = None  # type: ignore[assignment]
    import numpy  # noqa: PLC0415  from that path

    frames, guard, local, markers, student = import_parts(
        "minireg.exercises" if package else folder
    )
    for part in (frames, local, markers, student):  # what a submission patches is not used here
        part.np = copy_module(numpy)
        part.np.random = copy_module(numpy.random)
        vars(part).update({**vars(builtins), **vars(part)})
    exercises: Any = importlib.import_module("minireg.exercises.path") if package else None
    server = make_server(requests, replies, frames, local, markers.unpack, student, exercises)
    guard.limit_resources(int(memory), int(seconds))
    library = os.path.dirname(os.__file__)
    guard.hide_modules([numpy_folder, package])
    del sys.argv[1:]
    packages = [path for path in (numpy_folder, package) if path]
    guard.install_hook(library, packages, replies, frames.LENGTH)
    server()


def copy_module(module: ModuleType) -> Any:
    """Return a module with the same names."""
    twin = ModuleType(module.__name__)
    vars(twin).update(vars(module))
    return twin


def import_parts(folder: str) -> list[Any]:
    """Import files of minireg/exercises, from a folder without the packages around them."""
    names = ["grader.frames", "grader.guard", "local", "markers", "student"]
    if folder == "minireg.exercises":
        return [importlib.import_module(f"{folder}.{name}") for name in names]
    for name, path in (("parts", folder), ("parts.grader", os.path.join(folder, "grader"))):
        package = ModuleType(name)
        package.__path__ = [path]
        sys.modules[name] = package
    found = [importlib.import_module(f"parts.{name}") for name in names]
    # A submission imports a json of its own.  A traceback shows lines of the files that it passes
    # through; ours may not be opened.
    for name in [name for name in sys.modules if name.split(".")[0] in ("parts", "json")]:
        file = getattr(sys.modules.pop(name), "__file__", None)
        if file:
            linecache.cache[file] = (0, None, [], file)
    linecache.cache[__file__] = (0, None, [], __file__)
    return found


def make_server(
    requests: int,
    replies: int,
    frames: Any,
    local: Any,
    unpack: Any,
    student: Any,
    exercises: Any,
) -> Any:
    """Return the loop that answers requests."""
    read_frame, make_frame, encode, decode = (
        frames.read_frame, frames.make_frame, frames.encode, frames.decode,
    )  # fmt: skip
    write, read, end = os.write, os.read, os._exit
    files: dict[str, Any] = {}
    printed = Printed()

    class RemoteFile(local.LocalStudent):  # type: ignore[misc, name-defined]
        """Without a time limit of its own: the grader ends the process."""

        limit = contextlib.nullcontext

    def load(exercise: str, file: str, source: str, functions: list[str]) -> dict[str, Any]:
        lines = source.splitlines(keepends=True)
        linecache.cache[file] = (len(source), None, lines, file)
        found = local.run_source(source.encode(), file, contextlib.nullcontext)
        if isinstance(found, student.Unreadable):
            raise found.reason
        files[exercise] = made = RemoteFile(found.functions, file)
        return {"places": {name: made.locate(name) for name in functions}}

    def call(exercise: str, function: str, arguments: list[list[Any]]) -> Any:
        return files[exercise].observe(function, *unpack(arguments)).__dict__

    def take_printed() -> dict[str, Any]:
        return {"printed": printed.take()}

    def diagnose(exercise: str, check: str, seed: int) -> dict[str, Any]:
        result = exercises.get_exercise(exercise).check(files[exercise], seed=seed)
        reports = [x.report for x in result.outcomes if x.name == check and x.report is not None]
        return {"repairs": [vars(repair) for report in reports for repair in report.repairs]}

    def answer(request: dict[str, Any]) -> bytes:
        actions: dict[str, Any] = {"load": load, "call": call, "print": take_printed}
        actions["diagnose"] = diagnose
        try:
            return encode(actions[request.pop("do")](**request), frames.MAX_REPLY)
        except frames.FrameError as error:
            said, is_open = f"{request.get('function', 'it')} returned a value that {error}", False
        except student.StudentError as error:
            said, is_open = str(error), isinstance(error, student.NotWritten)
        return encode({"error": said[: frames.MAX_ERROR], "open": is_open})

    def serve() -> None:
        for name in ("exit", "quit"):  # as Python has them without -S
            setattr(builtins, name, sys.exit)
        sys.stdout = sys.stderr = printed
        sys.stdin = io.StringIO()
        sys.excepthook = lambda *_: end(1)  # a traceback would read the file of this line
        while (frame := read_frame(lambda n: read(requests, n))) is not None:
            token, content = frame
            data = memoryview(make_frame(token, answer(decode(content))))
            while data:
                data = data[write(replies, data) :]
        end(0)

    return serve


if __name__ == "__main__":
    main(*sys.argv[1:])
