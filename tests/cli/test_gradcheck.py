"""`minireg gradcheck` checks the named examples, and its exit code tells the result."""

from __future__ import annotations

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
