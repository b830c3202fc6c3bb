"""The lessons state their numbers first, give a hint and a check, and show no solution."""

import re

import pytest

from minireg.lessons import BEGIN, END, make_notebook
from tests.tutorials.lessons import LESSONS, is_check

pytestmark = pytest.mark.host

each_lesson = pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)


@each_lesson
def test_a_lesson_has_12_to_25_cells(lesson):
    assert 12 <= len(make_notebook(lesson).cells) <= 25


@each_lesson
def test_a_lesson_states_its_numbers_first(lesson):
    cells = make_notebook(lesson).cells
    confirming = [
        i
        for i, cell in enumerate(cells)
        if cell.cell_type == "code" and "assert " in cell.source and not is_check(cell)
    ]
    assert confirming
    for i in confirming:
        assert cells[i - 1].cell_type == "markdown", cells[i].source
        assert "**Expect" in cells[i - 1].source, cells[i].source


@each_lesson
def test_an_exercise_has_a_hint_and_a_check(lesson):
    cells = make_notebook(lesson).cells
    exercises = [i for i, cell in enumerate(cells) if cell.id.startswith("exercise-")]
    assert exercises
    for i in exercises:
        assert "<details><summary>Hint</summary>" in cells[i - 1].source
        assert is_check(cells[i + 1])
        assert "assert " in cells[i + 1].source


@each_lesson
def test_student_notebooks_hold_no_line_of_a_solution(lesson):
    text = lesson.read_text(encoding="utf-8")
    solutions = re.findall(rf"{BEGIN}\n(.*?)\n *{END}", text, flags=re.DOTALL)
    lines = {line.strip() for solution in solutions for line in solution.splitlines()}
    student = "\n".join(cell.source for cell in make_notebook(lesson).cells)
    assert lines
    assert [line for line in lines if line in student] == []
