"""`minireg exercise grade`: as a teacher uses it."""

from __future__ import annotations

import json

import pytest

from minireg.cli import app
from tests.exercises.answers import SOLUTIONS

pytestmark = pytest.mark.host


@pytest.fixture
def grade(tmp_path, monkeypatch, capsys):
    """Run the command where a folder `class` has two submissions."""

    def run(*words):
        code = app.run(["exercise", "grade", *words])
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    (tmp_path / "class" / "ada").mkdir(parents=True)
    (tmp_path / "class" / "ada" / "relu.py").write_text(SOLUTIONS["relu"], encoding="utf-8")
    (tmp_path / "class" / "bob.py").write_text("def relu(x):\n    return 3\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return run


def test_a_class_is_graded_and_written(grade, tmp_path):
    files = (
        "--json",
        "a.json",
        "--junit",
        "a.xml",
        "--nbgrader",
        "a.csv",
        "--gradescope-zip",
        "a.zip",
    )
    code, shown = grade("class", "--only", "relu", *files)
    assert code == 0
    assert "ada     3 of 3\nbob     0 of 3" in shown
    assert "relu, relu: values\n  1 times: bob" in shown
    assert all(
        (tmp_path / f"a.{suffix}").stat().st_size for suffix in ("json", "xml", "csv", "zip")
    )
    found = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert [x["points"] for x in found["submissions"]] == [3, 0]


def test_gradescope_grades_one_submission(grade, tmp_path):
    assert grade("class/ada", "--only", "relu", "--gradescope", "results.json")[0] == 0
    assert json.loads((tmp_path / "results.json").read_text("utf-8"))["score"] == 3


def test_an_unknown_exercise_is_refused(grade):
    code, shown = grade("class", "--only", "rellu")
    assert code != 0
    assert "There is no exercise 'rellu'" in shown
