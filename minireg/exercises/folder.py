"""The folder of a student: a file for each exercise, and what is done."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import ArgumentError
from ..files import as_path, check_folder, write_file
from .local import open_file
from .path import ORDER, get_exercise
from .result import Result

STATE = "progress.json"


@dataclass
class Folder:
    """The exercises of a student.

    Attributes:
        path: the folder.
        passed: the names of the exercises whose last check passed.
        hints: how many hints were shown, by name.
    """

    path: Path
    passed: set[str] = field(default_factory=set)
    hints: dict[str, int] = field(default_factory=dict)

    @property
    def current(self) -> str | None:
        """The first exercise that is not done; None if all are."""
        return next((name for name in ORDER if name not in self.passed), None)

    def file(self, name: str) -> Path:
        """Return the path of the student's file of an exercise."""
        return self.path / f"{get_exercise(name).name}.py"

    def check(self, name: str) -> Result:
        """Check the file of an exercise, and remember whether it passed."""
        student, level = open_file(self.file(name)), self.hints.get(name, 0)
        result = get_exercise(name).check(student, hint_level=level)
        if result.passed != (name in self.passed):
            self.passed ^= {name}
            self.save()
        return result

    def show_hint(self, name: str) -> tuple[int, int, str]:
        """Return the number of the next hint, how many there are, and the hint."""
        hints = get_exercise(name).hints
        number = min(self.hints.get(name, 0) + 1, len(hints))
        self.hints[name] = number
        self.save()
        return number, len(hints), hints[number - 1]

    def reset(self, name: str) -> Path | None:
        """Restore the stub of an exercise; return where the file that was there is now.

        It is renamed `relu.bak`, or `relu.bak2`, …: none is replaced.
        """
        path, kept = self.file(name), None
        if path.exists():
            kept = next(other for other in name_backups(path) if not other.exists())
            path.rename(kept)
        write_file(path, get_exercise(name).source.encode())
        self.passed.discard(name)
        self.save()
        return kept

    def save(self) -> None:
        state = json.dumps({"passed": sorted(self.passed), "hints": self.hints}, indent=2)
        write_file(self.path / STATE, f"{state}\n".encode())


def name_backups(path: Path) -> Iterator[Path]:
    yield path.with_suffix(".bak")
    number = 2
    while True:
        yield path.with_suffix(f".bak{number}")
        number += 1


def start_folder(folder: str | Path) -> list[Path]:
    """Write the files of all exercises that are not there yet, and return those written.

    Args:
        folder: is made if it does not exist.  Files that are there are not changed.
    """
    path = as_path(folder)
    check_folder(path, "folder")
    made = open_folder(path) if (path / STATE).exists() else Folder(path)
    written = []
    for name in ORDER:
        if not made.file(name).exists():
            write_file(made.file(name), get_exercise(name).source.encode())
            written.append(made.file(name))
    made.save()
    return written


def open_folder(folder: str | Path) -> Folder:
    """Open a folder that `start_folder` made.

    Raises:
        ArgumentError: it is not such a folder, or its state is damaged.
    """
    path = as_path(folder)
    state = path / STATE
    try:
        text = state.read_text(encoding="utf-8")
    except OSError:
        raise ArgumentError(
            f"There are no exercises in the folder {str(path)!r}. Write them with `minireg "
            f"exercise start DIR`; run the other commands in DIR, or with --dir DIR.",
            argument="folder",
        ) from None
    try:
        found = json.loads(text)
        hints = {str(name): int(number) for name, number in found["hints"].items()}
        return Folder(path, {name for name in ORDER if name in found["passed"]}, hints)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ArgumentError(
            f"The file {str(state)!r} is damaged. Remove it, run `minireg exercise start` again "
            f"(your answers stay), and check each exercise again.",
            argument="folder",
        ) from None
