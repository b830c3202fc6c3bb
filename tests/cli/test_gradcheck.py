"""`minireg gradcheck` checks the named examples, and its exit code tells the result."""

from __future__ import annotations

import json

import pytest

import minireg as mr
from minireg import catalogue
from minireg.catalogue import Example
from minireg.cli import app

pytestmark = pytest.mark.host


def test_only_named_examples_are_checked(capsys):
    longest = max((example.name for example in catalogue.examples()), key=len)
    assert app.run(["gradcheck", "relu", "L1 + L2", longest]) == 0
    shown = capsys.readouterr().out
    assert "3 of 3 pass." in shown
    assert f"\n{longest} " in shown
    assert "sigmoid" not in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_a_wrong_derivative_is_shown_and_gives_exit_code_1(monkeypatch, capsys):
    @mr.primitive
    def crooked(x):
        return x * x, (lambda g: g * x,)  # half of what it should be

    exp = catalogue.find_examples(["exp"])
    table = [Example("crooked", "operation", crooked, (catalogue.numbers(3),)), *exp]
    monkeypatch.setattr(catalogue, "examples", lambda: table)
    assert app.run(["gradcheck"]) == 1
    shown = capsys.readouterr().out
    assert "1 of 2 pass." in shown
    assert "fail: crooked" in shown


def test_what_cannot_be_told_is_shown_and_gives_exit_code_0(monkeypatch, capsys):
    table = [Example("rough", "operation", lambda x: mr.log(0 * x), (catalogue.numbers(3),))]
    monkeypatch.setattr(catalogue, "examples", lambda: table)
    assert app.run(["gradcheck"]) == 0
    shown = capsys.readouterr().out
    assert "0 of 1 pass." in shown
    assert "cannot tell: " in shown


# -- functions of a file ---------------------------------------------------------------------------

RIGHT = """
import numpy as np
print("hello")
def tanh(x):
    return np.tanh(x)
def tanh_backward(dout, x):
    return dout * (1 - np.tanh(x) ** 2)
"""
WRONG = RIGHT.replace("1 -", "1 +")
UNCLEAR = """
def f(x):
    return x.astype("float32")
def f_backward(dout, x):
    return dout
"""


@pytest.fixture
def checked(tmp_path, monkeypatch, capsys):
    """Write mine.py, check it with these words, and return exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)

    def run(text, *words):
        (tmp_path / "mine.py").write_text(text)
        code = app.run(["gradcheck", *words])
        return code, *capsys.readouterr()

    return run


@pytest.mark.parametrize(
    ("text", "words", "code"),
    [
        (RIGHT, ["mine.py"], 0),
        (RIGHT, ["mine.py::tanh"], 0),
        (WRONG, ["mine.py::tanh"], 1),
        (RIGHT + WRONG.replace("def tanh", "def other"), ["mine.py"], 1),
        (UNCLEAR, ["mine.py"], 1),
        (RIGHT, ["mine.py::relu"], 2),
        (RIGHT, ["other.py"], 2),
        ("1 / 0", ["mine.py"], 2),
        (RIGHT, ["mine.py", "relu"], 2),
        (RIGHT, ["relu", "--json"], 2),
        (RIGHT, ["mine.py", "--hint", "4"], 2),
    ],
)
def test_the_exit_code_tells_whether_all_functions_of_a_file_pass(checked, text, words, code):
    got, shown, error = checked(text, *words)
    assert got == code
    assert (code == 2) == (shown == "")
    assert "Traceback" not in error


def test_hints_and_solution_are_shown_on_demand(checked):
    edit = "  +     return dout * (1 - np.tanh(x) ** 2)"
    _, plain, _ = checked(WRONG, "mine.py")
    assert "mine.py, line 7:   return dout * (1 + np.tanh(x) ** 2)" in plain
    assert "Hint" not in plain
    assert edit not in plain
    _, second, _ = checked(WRONG, "mine.py", "--hint", "2")
    assert second.startswith(plain.rstrip())
    assert "\nHint 2:\n" in second
    assert max(map(len, second.splitlines())) <= 79
    assert edit not in second
    assert edit in checked(WRONG, "mine.py", "--hint", "3")[1]
    assert edit in checked(WRONG, "mine.py", "--solution")[1]
    assert "Hint" not in checked(RIGHT, "mine.py", "--hint", "3")[1]


def test_what_a_file_prints_is_not_part_of_the_json(checked):
    code, shown, error = checked(WRONG, "mine.py", "--json")
    assert code == 1
    (report,) = json.loads(shown)
    assert (report["verdict"], report["repairs"][0]["line"]) == ("fail", 7)
    assert error.startswith("hello")


def test_a_mistyped_name_is_a_verdict_with_its_line(checked):
    code, shown, error = checked(RIGHT.replace("1 - np.tanh", "1 - np.tanhh"), "mine.py")
    assert code == 1
    assert "AttributeError" in shown
    assert "line 7 of mine.py" in " ".join(shown.split())
    assert "Traceback" not in error


def test_a_warning_of_a_file_is_shown_once(checked):
    text = RIGHT.replace(
        "    return np.tanh(x)", "    warnings.warn('slow')\n    return np.tanh(x)"
    )
    code, _, error = checked(f"import warnings\n{text}", "mine.py")
    assert code == 0
    assert error.count("slow") == 1
