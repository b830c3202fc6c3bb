"""Notebooks from the lessons: for students without the solutions, for teachers with them.

The lessons are Python files in jupytext's percent format, in `tutorials/`; a wheel has a copy of
this folder.  Solutions are between the marks of nbgrader, and the cell below an exercise is its
check.  Both kinds of cells get nbgrader's metadata, so that a course can use the teacher's
notebooks as source.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import ArgumentError
from .files import as_path, check_folder, write_files

if TYPE_CHECKING:
    from nbformat import NotebookNode

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
STILL_OPEN = "Exercise {number} is still open: write your code in place of this line."
STUB = ("# YOUR CODE HERE", f'raise NotImplementedError("{STILL_OPEN}")')
KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def list_lessons() -> list[Path]:
    """Return the files of all lessons, in order."""
    here = Path(__file__).parent
    places = here / "tutorials", here.parent / "tutorials"  # in a wheel, in the repository
    return sorted(lesson for place in places for lesson in place.glob("[0-9][0-9]_*.py"))


def write_notebooks(folder: str | Path, *, solutions: bool = False) -> list[Path]:
    """Write all lessons into a folder as notebooks, and return their paths.

    Args:
        folder: is made if it does not exist.
        solutions: for teachers: with the solutions.

    Raises:
        ArgumentError: a notebook is there already, or jupytext is not installed.
    """
    folder = as_path(folder)
    paths = {lesson: folder / lesson.with_suffix(".ipynb").name for lesson in list_lessons()}
    if there := [str(path) for path in paths.values() if path.exists()]:
        raise ArgumentError(
            f"{', '.join(there)}: exists already, perhaps with your answers. Choose another "
            f"folder, or remove it.",
            argument="folder",
        )
    try:
        from nbformat import writes  # noqa: PLC0415

        made = {path: make_notebook(lesson, solutions=solutions) for lesson, path in paths.items()}
    except ImportError as error:
        raise ArgumentError(
            "Notebooks are written by jupytext, which is not installed: pip install "
            '"minireg[lessons]".'
        ) from error
    check_folder(folder, "folder")
    write_files(folder, {path.name: f"{writes(made[path])}\n".encode() for path in made})
    return list(made)


def make_notebook(lesson: Path, *, solutions: bool = False) -> NotebookNode:
    """Return a lesson as a notebook without outputs; the same file gives the same notebook.

    Args:
        lesson: a file in percent format.
        solutions: keep the solutions (and their marks, which nbgrader needs).

    Raises:
        ValueError: a solution has no end, no beginning or no check.
    """
    import jupytext  # noqa: PLC0415
    import nbformat  # noqa: PLC0415

    made = jupytext.read(lesson, fmt="py:percent")
    made.metadata = nbformat.from_dict(KERNEL)
    exercise = 0  # the number of the last exercise
    waits_for_check = False
    for number, cell in enumerate(made.cells, start=1):
        cell.metadata = nbformat.NotebookNode()
        cell.id = f"cell-{number}"
        if cell.cell_type != "code":
            continue
        if waits_for_check:
            cell.id, waits_for_check = f"check-{exercise}", False
            cell.metadata.nbgrader = nbformat.from_dict(mark_for_nbgrader(cell.id, check=True))
        elif BEGIN in cell.source or END in cell.source:
            exercise, waits_for_check = exercise + 1, True
            cell.id = f"exercise-{exercise}"
            cell.metadata.nbgrader = nbformat.from_dict(mark_for_nbgrader(cell.id, check=False))
            student = remove_solution(cell.source, exercise, lesson.name)
            cell.source = cell.source if solutions else student
    if waits_for_check:
        raise ValueError(f"{lesson.name}: exercise {exercise} has no check in a cell below it.")
    nbformat.validate(made)
    return made


def remove_solution(source: str, number: int, lesson: str) -> str:
    """Return the source of an exercise with a stub in place of each solution."""
    kept: list[str] = []
    inside = False
    for line in source.splitlines():
        mark = line.strip()
        if mark in (BEGIN, END):
            if inside == (mark == BEGIN):
                raise ValueError(f"{lesson}, exercise {number}: {mark!r} is not expected here.")
            inside = not inside
            if inside:
                indent = line[: line.index("#")]
                kept += [indent + part.format(number=number) for part in STUB]
        elif not inside:
            kept.append(line)
    if inside:
        raise ValueError(f"{lesson}, exercise {number}: {END!r} is missing.")
    return "\n".join(kept)


def mark_for_nbgrader(name: str, *, check: bool) -> dict[str, Any]:
    """Return nbgrader's metadata of a check, which gives a point, or of a cell with a solution."""
    marks = {"grade_id": name, "grade": check, "locked": check, "solution": not check}
    marks |= {"schema_version": 3, "task": False} | ({"points": 1} if check else {})
    return marks
