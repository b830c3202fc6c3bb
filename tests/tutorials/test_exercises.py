"""The exercises of the lessons: open, solved, and answered as students answer them."""

from importlib import import_module

import pytest

from minireg.lessons import make_notebook
from tests.tutorials.lessons import LESSONS, attempt, before

pytestmark = pytest.mark.host

EXERCISES = [
    (number, cell.id)
    for number, lesson in LESSONS.items()
    for cell in make_notebook(lesson).cells
    if cell.id.startswith("exercise-")
]
WRONG = [
    (number, *answer)
    for number in LESSONS
    for answer in import_module(f"tests.tutorials.wrong.lesson_{number}").WRONG
]


@pytest.mark.parametrize(("number", "exercise"), EXERCISES)
def test_an_open_exercise_says_what_to_do(number, exercise):
    expected = f"Exercise {exercise[-1]} is still open: write your code"
    with pytest.raises(NotImplementedError, match=expected):
        attempt(number, exercise)


@pytest.mark.parametrize(("number", "exercise"), EXERCISES)
def test_the_solution_passes_its_check(number, exercise, capsys):
    cells = {cell.id: cell for cell in make_notebook(LESSONS[number], solutions=True).cells}
    namespace = dict(before(number, exercise))
    exec(cells[exercise].source, namespace)
    capsys.readouterr()  # what earlier cells printed
    exec(cells[exercise.replace("exercise", "check")].source, namespace)
    assert capsys.readouterr().out.startswith("pass")


@pytest.mark.parametrize(("number", "exercise", "answer", "told"), WRONG)
def test_a_wrong_answer_is_explained(number, exercise, answer, told, capsys):
    with pytest.raises(Exception) as refused:  # noqa: PT011  any error may be shown to a student
        attempt(number, f"exercise-{exercise}", answer)
    shown = f"{capsys.readouterr().out} {refused.value}"
    # A report breaks its lines wherever 79 columns are full.
    assert " ".join(told.split()) in " ".join(shown.split())
