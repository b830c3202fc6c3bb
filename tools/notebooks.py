"""Make notebooks from the lessons: python tools/notebooks.py OUT [--solutions]

The lessons in `tutorials/` are Python files in jupytext's percent format.  This writes each of them
as a notebook into the folder OUT: for students without the solutions, for teachers with them.
Needs the extra `lessons`: pip install -e ".[lessons]".

Solutions are between the marks of nbgrader, and the cell below an exercise is its check.  Both
kinds of cells get nbgrader's metadata, so that a course can use the teacher's notebooks as source.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

LESSONS = Path(__file__).parents[1] / "tutorials"
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
STILL_OPEN = "Exercise {number} is still open: write your code in place of this line."
STUB = ("# YOUR CODE HERE", f'raise NotImplementedError("{STILL_OPEN}")')
KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def list_lessons() -> list[Path]:
    """Return the files of all lessons, in order."""
    return sorted(LESSONS.glob("[0-9][0-9]_*.py"))


def make_notebook(lesson: Path, *, solutions: bool = False) -> NotebookNode:
    """Return a lesson as a notebook without outputs; the same file gives the same notebook.

    Args:
        lesson: a file in percent format.
        solutions: keep the solutions (and their marks, which nbgrader needs).

    Raises:
        ValueError: a solution has no end, no beginning or no check.
    """
    made = jupytext.read(lesson, fmt="py:percent")
    made.metadata = nbformat.from_dict(KERNEL)
    exercise = 0  # the number of the last exercise
    waits_for_check = False
    for number, cell in enumerate(made.cells, start=1):
        cell.metadata = NotebookNode()
        cell.id = f"cell-{number}"
        if cell.cell_type != "code":
            continue
        if waits_for_check:
            cell.id, waits_for_check = f"check-{exercise}", False
            cell.metadata.nbgrader = mark_for_nbgrader(cell.id, check=True)
        elif BEGIN in cell.source or END in cell.source:
            exercise, waits_for_check = exercise + 1, True
            cell.id = f"exercise-{exercise}"
            cell.metadata.nbgrader = mark_for_nbgrader(cell.id, check=False)
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


def mark_for_nbgrader(name: str, *, check: bool) -> NotebookNode:
    """Return nbgrader's metadata of a check, which gives a point, or of a cell with a solution."""
    marks = {"grade_id": name, "grade": check, "locked": check, "solution": not check}
    marks |= {"schema_version": 3, "task": False} | ({"points": 1} if check else {})
    return nbformat.from_dict(marks)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Make notebooks from the lessons.")
    parser.add_argument("out", type=Path, help="the folder to write to")
    parser.add_argument("--solutions", action="store_true", help="with solutions, for teachers")
    chosen = parser.parse_args(arguments)
    chosen.out.mkdir(parents=True, exist_ok=True)
    for lesson in list_lessons():
        path = chosen.out / lesson.with_suffix(".ipynb").name
        made = make_notebook(lesson, solutions=chosen.solutions)
        path.write_text(nbformat.writes(made) + "\n", encoding="utf-8", newline="\n")
        print(path)


if __name__ == "__main__":
    main()
