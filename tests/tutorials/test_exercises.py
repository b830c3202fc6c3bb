"""The lessons run, and their exercises: open, solved, and answered as students answer them."""

import pytest

from tests.tutorials.lessons import LESSONS, OPEN, SOLVED, list_exercises, list_wrong, run

pytestmark = pytest.mark.host

EXERCISES = [
    (number, exercise)
    for number in LESSONS
    for exercise, _ in enumerate(list_exercises(number), start=1)
]
WRONG = [(number, *answer) for number in LESSONS for answer in list_wrong(number)]


def attempt(number, exercise, answer):
    """What an exercise of the notebook and its check print, and their error: kind, message."""
    process, outcomes = run(number)
    assert process.returncode == 0, process.stderr
    return outcomes[exercise, answer]


@pytest.mark.parametrize("number", LESSONS)
def test_a_lesson_runs_without_a_warning(number):
    process, _ = run(number)
    assert process.returncode == 0, process.stderr
    assert "Warning" not in process.stderr


@pytest.mark.parametrize(("number", "exercise"), EXERCISES)
def test_an_open_exercise_says_what_to_do(number, exercise):
    _, kind, message = attempt(number, exercise, OPEN)
    assert kind == "NotImplementedError"
    assert f"Exercise {exercise} is still open: write your code" in message


@pytest.mark.parametrize(("number", "exercise"), EXERCISES)
def test_the_solution_passes_its_check(number, exercise):
    printed, *error = attempt(number, exercise, SOLVED)
    assert error == ["", ""]
    assert printed.startswith("pass")


@pytest.mark.parametrize(("number", "exercise", "answer", "told"), WRONG)
def test_a_wrong_answer_is_explained(number, exercise, answer, told):
    printed, kind, message = attempt(number, exercise, answer)
    assert kind
    # A report breaks its lines wherever 79 columns are full.
    assert " ".join(told.split()) in " ".join(f"{printed} {message}".split())
