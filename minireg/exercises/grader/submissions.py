"""Submissions: the files of students, as sources for each exercise."""

from __future__ import annotations

import ast
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ...errors import ArgumentError
from ...files import as_path
from ...gradcheck.parsing import parse
from ..path import ORDER, get_exercise
from ..student import StudentError

MAX_BYTES = 20_000_000  # of a file; notebooks may have pictures
MAX_SOURCE = 300_000  # bytes of a source, which must fit into a frame
MAX_FILES = 1000  # of a submission
MAX_DEPTH = 10  # of folders in folders
MAGIC = r"^([ \t]*)(?:[%!?].*|[\w.]+\?{1,2}[ \t]*|\w+[ \t]*=[ \t]*[!%].*)$"
SUFFIXES = (".py", ".ipynb")


@dataclass(frozen=True)
class Handed:
    """What was handed in for an exercise.

    Args:
        file: the name of the file, for messages.
        source: its text; or why it cannot be read.
    """

    file: str
    source: str | StudentError


@dataclass(frozen=True)
class Files:
    """The files of one student.

    Args:
        name: of the submission.
        paths: of the files that can hold answers.
    """

    name: str
    paths: tuple[Path, ...]

    def find(self, exercise: str) -> Handed | None:
        """Return what was handed in for an exercise; None if nothing was.

        It is the file of this name.  Otherwise it is the first other file in which one of the
        functions is defined, so that a notebook may hold several exercises.
        """
        for path in self.paths:
            if path.stem == exercise:
                return read_source(path)
        functions = get_exercise(exercise).functions
        for path in self.paths:
            if path.stem not in ORDER:
                handed = read_source(path)
                if isinstance(handed.source, str) and defines(handed.source, functions):
                    return handed
        return None


def list_submissions(folder: str | Path) -> list[Files]:
    """Return the submissions in a folder: each is a folder, or a single file, in it.

    Links are left out: they could lead to files that are not the student's.

    Raises:
        ArgumentError: there are none.
    """
    path = find_folder(folder)
    found = [
        Files(entry.stem if entry.is_file() else entry.name, list_files(entry))
        for entry in sorted(path.iterdir())
        if not entry.name.startswith((".", "_")) and not entry.is_symlink()
        if entry.is_dir() or (entry.is_file() and entry.suffix in SUFFIXES)
    ]
    if not found:
        raise ArgumentError(
            f"There are no submissions in {str(path)!r}. Put a folder, a .py or a .ipynb file "
            f"there for each student.",
            argument="folder",
        )
    return found


def one_submission(folder: str | Path) -> Files:
    """Return a folder that is a single submission.

    Raises:
        ArgumentError: there is no such folder.
    """
    path = find_folder(folder)
    return Files(path.resolve().name, list_files(path))


def find_folder(folder: str | Path) -> Path:
    path = as_path(folder)
    if not path.is_dir():
        raise ArgumentError(f"There is no folder {str(path)!r}.", argument="folder")
    return path


def list_files(entry: Path) -> tuple[Path, ...]:
    """Return the files of a submission that can hold answers, those nearest to the top first."""
    if entry.is_file():
        return (entry,)
    found = islice((path for path in walk(entry) if path.suffix in SUFFIXES), MAX_FILES)
    return tuple(sorted(found, key=lambda path: (len(path.parts), path)))


def walk(folder: Path, depth: int = 0) -> Iterator[Path]:
    """The files in a folder; links, and folders that cannot be read, are left out."""
    for entry in sorted(folder.iterdir()) if os.access(folder, os.R_OK | os.X_OK) else ():
        if entry.is_symlink() or entry.name.startswith((".", "__")):
            continue
        if entry.is_file():
            yield entry
        elif entry.is_dir() and depth < MAX_DEPTH:
            yield from walk(entry, depth + 1)


def read_source(path: Path) -> Handed:
    """Return the Python source of a file; of a notebook, its code cells one after the other."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise StudentError(f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB.")
        text = path.read_bytes().decode("utf-8-sig")
        source = join_cells(json.loads(text)) if path.suffix == ".ipynb" else text
        size = len(source.encode())
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        why = "cannot be read: it is not text, or not a notebook."
        return Handed(path.name, StudentError(f"{path.name} {why}"))
    except StudentError as error:
        return Handed(path.name, error)
    if size > MAX_SOURCE:
        long = StudentError(f"{path.name} has more than {MAX_SOURCE // 1000} kB of code.")
        return Handed(path.name, long)
    return Handed(path.name, source)


def join_cells(notebook: dict) -> str:
    """Return the code cells of a notebook as one source, without the commands of IPython."""
    cells = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    texts = [cell if isinstance(cell, str) else "".join(cell) for cell in cells]
    return "\n\n".join(remove_magics(text) for text in texts if not text.lstrip().startswith("%%"))


def remove_magics(cell: str) -> str:
    """Replace lines that only IPython understands by `pass`.

    >>> remove_magics("%matplotlib inline\\nx = 5 % 3\\n!ls\\nx?")
    'pass\\nx = 5 % 3\\npass\\npass'
    """
    return re.sub(MAGIC, r"\1pass", cell, flags=re.MULTILINE)


def defines(source: str, functions: tuple[str, ...]) -> bool:
    """Whether a source defines one of the functions; also if it is not valid Python."""
    try:
        body = parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return any(re.search(rf"^def {name}\b", source, re.MULTILINE) for name in functions)
    names = {node.name for node in body if isinstance(node, ast.FunctionDef)}
    for node in body:
        if isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return not names.isdisjoint(functions)
