"""Several mistakes in one backward pass: if no single edit is enough, one for each gradient."""

from __future__ import annotations

import linecache

import numpy as np
import pytest

from minireg.gradcheck import Floats, check_backward

pytestmark = pytest.mark.host

INPUTS = {"x": Floats("N", "D"), "w": Floats("D", "M"), "b": Floats("M")}
RIGHT = """
def backward(upstream, x, w, b):
    dx = upstream @ w.T
    dw = x.T @ upstream
    db = upstream.sum(axis=0)
    return dx, dw, db
"""


def linear(x, w, b):
    return x @ w + b


def compile_lines(lines: list[str], name: str):
    """A function of this source, which is found where the source of a file is looked up."""
    text = "\n".join(lines)
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    names = {"np": np}
    exec(compile(text, name, "exec"), names)
    return names["backward"]


def check(lines: list[str], name: str):
    return check_backward(linear, compile_lines(lines, name), inputs=INPUTS)


@pytest.mark.parametrize(
    "wrong",
    [
        {4: "    dw = -x.T @ upstream", 5: "    db = upstream.mean(axis=0)"},
        {3: "    dx = 2 * upstream @ w.T", 5: "    db = upstream.copy()"},
        {3: "    dx = -upstream @ w.T", 4: "    dw = x.T @ upstream / len(x)"},
        {3: "    dx = -upstream @ w.T", 4: "    dw = 2 * x.T @ upstream", 5: "    db = -b"},
    ],
)
def test_the_edits_together_make_the_check_pass(wrong):
    lines = [wrong.get(number, line) for number, line in enumerate(RIGHT.split("\n"), start=1)]
    report = check(lines, "<two mistakes>")
    for repair in report.repairs:
        assert repair.before == lines[repair.line - 1]
        lines[repair.line - 1] = repair.after
    found = {repair.line for repair in report.repairs}
    there = {number for number, line in wrong.items() if "-b" not in line}  # else no edit is enough
    assert found == there
    assert bool(check(lines, "<repaired>")) == (there == wrong.keys())
    assert all(report.hint(1).count(f"line {number}:") == 1 for number in found)


def test_an_edit_names_the_gradients_that_it_repairs():
    lines = RIGHT.replace("x.T @ upstream", "x.T @ -upstream").replace("sum(", "mean(").split("\n")
    report = check(lines, "<named>")
    assert [repair.gradients for repair in report.repairs] == [("w",), ("b",)]
    assert "\n\nand\n\n" in report.solution


def test_one_edit_for_all_gradients_is_preferred():
    lines = RIGHT.replace("    dx =", "    upstream = -upstream\n    dx =").split("\n")
    report = check(lines, "<one mistake>")
    assert {repair.line for repair in report.repairs} == {3}
    assert not any(repair.gradients for repair in report.repairs)


def test_a_line_with_two_mistakes_is_shown_once():
    text = """
def backward(upstream, x, w, b):
    return upstream @ w.T, -x.T @ upstream, upstream.mean(axis=0)
"""
    report = check(text.split("\n"), "<one line>")
    assert [repair.gradients for repair in report.repairs] == [("w",), ("b",)]
    assert report.hint(1).count("line 3:") == 1
