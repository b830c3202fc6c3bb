"""Every solution passes, and every wrong answer is refused with the words that help."""

from __future__ import annotations

import ast

import pytest

from minireg.exercises import ORDER, get_exercise, time_limit
from minireg.exercises.local import open_file
from tests.exercises.answers import SOLUTIONS, list_wrong

pytestmark = [
    pytest.mark.host,
    # An interrupt that falls into a callback of the garbage collector is lost, and repeated.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
WRONG = list_wrong()


@pytest.fixture
def check(tmp_path, monkeypatch):
    """Check the text of a student's file."""
    monkeypatch.setattr(time_limit, "SECONDS", 2.0)

    def check(name, source, seed=0):
        path = tmp_path / f"{name}.py"
        path.write_text(source, encoding="utf-8")
        return get_exercise(name).check(open_file(path), seed=seed)

    return check


@pytest.mark.parametrize("name", ORDER)
@pytest.mark.parametrize("seed", range(3))
def test_a_solution_passes(name, seed, check):
    assert check(name, SOLUTIONS[name], seed), check(name, SOLUTIONS[name], seed)


@pytest.mark.parametrize(
    ("name", "phrase", "source"), WRONG, ids=[f"{name}: {phrase}" for name, phrase, _ in WRONG]
)
def test_a_wrong_answer_is_told_why(name, phrase, source, check):
    result = check(name, source)
    said = " ".join(str(result).split())
    assert result.passed == phrase.startswith("pass")
    assert phrase.lower() in said.lower(), f"{result}\n\n{source}"


@pytest.mark.parametrize("name", ORDER)
def test_a_solution_needs_numpy_alone(name):
    tree = ast.walk(ast.parse(SOLUTIONS[name]))
    modules = [
        node.names[0].name if isinstance(node, ast.Import) else node.module
        for node in tree
        if isinstance(node, (ast.Import, ast.ImportFrom))
    ]
    assert set(modules) <= {"numpy", "math", "itertools", "functools"}


@pytest.mark.parametrize("name", ORDER)
def test_every_exercise_has_wrong_answers(name):
    assert any(name == wrong for wrong, _, _ in WRONG)
