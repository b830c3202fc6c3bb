"""`minireg exercise`: as a student uses it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from minireg.cli import app
from minireg.exercises import ORDER, get_exercise
from tests.exercises.answers import SOLUTIONS

pytestmark = pytest.mark.host
FIRST, SECOND = ORDER[:2]


@pytest.fixture
def exercise(tmp_path, monkeypatch, capsys):
    """Run a command in the student's folder; return its exit code and what it printed."""

    def run(*words):
        code = app.run(["exercise", *words])
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    monkeypatch.chdir(tmp_path)
    assert run("start", "course")[0] == 0
    monkeypatch.chdir("course")
    return run


def answer(name, source=None):
    with open(f"{name}.py", "w", encoding="utf-8") as file:
        file.write(SOLUTIONS[name] if source is None else source)


def test_the_path_can_be_walked_to_its_end(exercise):
    for number, name in enumerate(ORDER):
        code, shown = exercise("next")
        assert code == 0
        assert shown.startswith(f"{name}: {get_exercise(name).title}")
        code, shown = exercise("check")
        assert code == 1
        assert shown.startswith(f"open: {name}, 0 of ")
        assert f"{number} of {len(ORDER)} done" in exercise("progress")[1]
        answer(name)
        code, shown = exercise("check")
        assert code == 0
        assert shown.startswith(f"pass: {name}, ")
    assert "All exercises are done." in shown
    for command in ("next", "check", "progress"):
        code, shown = exercise(command)
        assert code == 0
        assert "All exercises are done." in shown


def test_a_list_shows_what_is_done(exercise):
    answer(FIRST)
    exercise("check", FIRST)
    lines = exercise("list")[1].splitlines()
    assert [line.split()[1] for line in lines[:2]] == ["done", "next"]
    assert [name in line for name, line in zip(ORDER, lines)] == [True] * len(ORDER)


def test_an_exercise_that_broke_is_no_longer_done(exercise):
    answer(FIRST)
    assert exercise("check")[0] == 0
    answer(FIRST, "")
    assert exercise("check", FIRST)[0] == 1
    assert f"next  {FIRST}" in exercise("list")[1]


def test_starting_again_changes_no_answer(exercise, tmp_path):
    answer(FIRST)
    exercise("check")
    os.remove(f"{SECOND}.py")
    assert "course: 1." in exercise("start", str(tmp_path / "course"))[1]
    assert exercise("check", FIRST)[0] == 0
    assert f"done  {FIRST}" in exercise("list")[1]
    with open(f"{SECOND}.py", encoding="utf-8") as file:
        assert file.read() == get_exercise(SECOND).source


def test_reset_keeps_every_old_file(exercise):
    for number, name in enumerate((f"{FIRST}.bak", f"{FIRST}.bak2"), 1):
        answer(FIRST, f"# version {number}")
        assert name in exercise("reset", FIRST)[1]
        with open(name, encoding="utf-8") as file:
            assert file.read() == f"# version {number}"
    assert exercise("check", FIRST)[1].startswith(f"open: {FIRST}")


def test_hints_come_one_by_one(exercise):
    hints = get_exercise(FIRST).hints
    for number, hint in enumerate([*hints, hints[-1]], 1):
        shown = " ".join(exercise("hint", FIRST)[1].split())
        assert shown == f"Hint {min(number, len(hints))} of {len(hints)}: {hint}"


def test_a_failed_check_names_the_way_to_a_hint(exercise):
    answer(FIRST, "def add_backward(upstream, a, b):\n    return upstream, upstream\n")
    assert f"minireg exercise hint {FIRST}" in exercise("check")[1]
    exercise("hint", FIRST)
    assert f"Hint 1: {get_exercise(FIRST).hints[0]}" in exercise("check")[1]


@pytest.mark.parametrize(
    "source",
    [
        "def",
        "exit()",
        "raise SystemExit('bye')",
        "1/0",
        "def add_backward(*a): return add_backward()",
        "class A:\n def __getattr__(self, name): raise KeyError\nadd_backward = A()",
        "class A:\n def __getattr__(self, name): raise KeyError\n def __call__(self, *x): 1/0\n"
        "add_backward = A()",
        "\udcff",
    ],
)
def test_no_mistake_shows_a_traceback(exercise, source):
    with open(f"{FIRST}.py", "wb") as file:
        file.write(source.encode("utf-8", "surrogateescape"))
    code, shown = exercise("check")
    assert code == 1
    assert shown.startswith(f"fail: {FIRST}, 0 of ")
    assert "Traceback" not in shown
    assert "minireg/" not in shown


def test_a_missing_file_is_a_verdict(exercise):
    os.remove(f"{FIRST}.py")
    code, shown = exercise("check")
    assert code == 1
    assert f"minireg exercise reset {FIRST}" in shown


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"passed": 1, "hints": {}}', '{"hints": []}'])
def test_a_damaged_state_is_a_sentence(exercise, text):
    with open("progress.json", "w", encoding="utf-8") as file:
        file.write(text)
    code, shown = exercise("list")
    assert code == 2
    assert "The file 'progress.json' is damaged." in shown


def test_commands_elsewhere_tell_how_to_start(exercise, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    code, shown = exercise("list")
    assert code == 2
    assert "minireg exercise start DIR" in shown
    assert exercise("list", "--dir", "course")[0] == 0


def test_an_unknown_name_is_told_the_nearest_or_all(exercise):
    code, shown = exercise("check", "rellu")
    assert code == 2
    assert shown == "Error: There is no exercise 'rellu'. Did you mean relu?\n"
    assert ", ".join(ORDER) in " ".join(exercise("check", "transformer")[1].split())


def test_the_file_of_an_exercise_names_it(exercise):
    assert exercise("check", "relu.py") == exercise("check", "relu")


def test_a_hint_without_a_name_is_for_the_next_exercise(exercise):
    hints = get_exercise(FIRST).hints
    assert f"Hint 1 of {len(hints)}: {hints[0]}" in " ".join(exercise("hint")[1].split())


@pytest.mark.skipif(sys.platform == "win32", reason="sends Ctrl-C as a signal")
def test_watch_checks_a_file_that_is_saved(exercise):
    with open("shown", "w", encoding="utf-8") as file:
        watching = subprocess.Popen(
            [sys.executable, "-m", "minireg", "exercise", "watch"], stdout=file
        )

    def wait_for(text):
        for _ in range(300):
            with open("shown", encoding="utf-8") as file:
                if text in (shown := file.read()):
                    return shown
            time.sleep(0.1)
        pytest.fail(f"{text} is not in {shown}")

    try:
        wait_for("Waiting for a file")
        answer(SECOND)
        wait_for(f"pass: {SECOND}, ")
        exercise("hint", SECOND)
        answer(SECOND, "def")
        wait_for(f"Hint 1: {get_exercise(SECOND).hints[0][:40]}")
        watching.send_signal(signal.SIGINT)
        assert watching.wait(timeout=30) == 0
        wait_for("No longer waiting.")
    finally:
        watching.kill()
