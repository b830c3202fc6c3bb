"""Statement, stub, checks and hints of every exercise agree."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

from minireg import exercises
from minireg.exercises import ORDER, get_exercise
from minireg.exercises.checks import Compared
from minireg.exercises.contract import Recorder
from minireg.exercises.local import open_file
from tests.exercises.answers import SOLUTIONS

pytestmark = pytest.mark.host
every_exercise = pytest.mark.parametrize("name", ORDER)


@pytest.fixture
def stub(tmp_path):
    """The file that a student begins with."""

    def write(name):
        path = tmp_path / f"{name}.py"
        path.write_text(get_exercise(name).source, encoding="utf-8")
        return path

    return write


@every_exercise
def test_each_function_is_called_but_not_often(name, tmp_path):
    """A call of another process takes longer than one of this, and watch answers at once."""
    path = tmp_path / f"{name}.py"
    path.write_text(SOLUTIONS[name], encoding="utf-8")
    calls = []

    class Counter(Recorder):
        def observe(self, function, *arguments):
            calls.append(function)
            return super().observe(function, *arguments)

    assert get_exercise(name).check(Counter(open_file(path)))
    assert set(calls) == set(get_exercise(name).functions)
    assert len(calls) <= 200


@every_exercise
def test_a_stub_is_open_and_names_the_line_to_replace(name, stub):
    path = stub(name)
    result = get_exercise(name).check(open_file(path))
    assert result.verdict == "open"
    assert result.points == 0
    line = int(re.search(rf"Replace line (\d+) of\s+{name}.py", str(result))[1])
    assert path.read_text("utf-8").splitlines()[line - 1].endswith("# replace this line")


@every_exercise
def test_texts_are_ascii_of_79_columns(name, stub):
    exercise = get_exercise(name)
    text = stub(name).read_text("utf-8")
    assert text.isascii()
    assert all(line == line.rstrip() and len(line) <= 79 for line in text.splitlines())
    assert "".join(exercise.hints).isascii()


@every_exercise
def test_the_statement_names_every_argument(name):
    exercise = get_exercise(name)
    for function in ast.parse(exercise.stub).body:
        for argument in function.args.args:
            assert re.search(rf"\b{argument.arg}\b", exercise.statement), argument.arg


@every_exercise
def test_references_are_plain_numpy(name):
    """They use NumPy and each other, nothing of minireg."""
    for check in get_exercise(name).checks:
        if isinstance(check, Compared):
            names, known = check.reference.__code__.co_names, check.reference.__globals__
            used = [known[name] for name in names if name in known]
            modules = {getattr(x, "__module__", None) or x.__name__ for x in used}
            assert modules <= {"numpy", check.reference.__module__}


@every_exercise
def test_there_are_several_hints(name):
    assert len(get_exercise(name).hints) >= 3


def test_every_file_of_the_path_is_in_the_order():
    files = Path(exercises.__file__).parent.joinpath("path").glob("*.py")
    assert {file.stem for file in files} == {"__init__", *ORDER}


def test_no_exercise_hides_a_module_of_python():
    assert not set(ORDER) & {*sys.stdlib_module_names, "numpy", "minireg"}
