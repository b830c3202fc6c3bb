"""The lessons, each run once, with all attempts at its exercises."""

import json
import os
import re
import subprocess
import sys
import tempfile
import textwrap
from functools import cache
from importlib import import_module
from itertools import pairwise
from pathlib import Path

from minireg.lessons import list_lessons, make_notebook

LESSONS = {lesson.name[:2]: lesson for lesson in list_lessons()}
ROOT = Path(__file__).parents[2]
OPEN, SOLVED = "open", "solved"  # in place of an answer


def is_check(cell):
    return cell.id.startswith("check-")


def list_exercises(number, solutions=False):
    """The cells of the exercises of a lesson, each with its check."""
    cells = make_notebook(LESSONS[number], solutions=solutions).cells
    return [pair for pair in pairwise(cells) if is_check(pair[1])]


def list_wrong(number):
    """Wrong answers to the exercises of a lesson: exercise, answer, what is told."""
    return import_module(f"tests.tutorials.wrong.lesson_{number}").WRONG


def fill_in(source, answer):
    """The source of an exercise with an answer in place of the stub."""
    stub = re.search(r"^( *)# YOUR CODE HERE\n.*$", source, flags=re.MULTILINE)
    return source.replace(stub[0], textwrap.indent(answer, stub[1]))


def list_attempts(number):
    """By exercise and answer: the source of the exercise with this answer, and its check."""
    attempts = {}
    both = zip(list_exercises(number), list_exercises(number, solutions=True))
    for exercise, ((cell, check), (solved, _)) in enumerate(both, start=1):
        sources = {OPEN: cell.source, SOLVED: solved.source}
        for place, answer, _ in list_wrong(number):
            if place == exercise:
                sources[answer] = fill_in(cell.source, answer)
        for answer, source in sources.items():
            attempts[exercise, answer] = f"{source}\n{check.source}"
    return attempts


@cache
def run(number):
    """Run a lesson with all attempts: the process, and what each attempt comes to."""
    attempts = list_attempts(number)
    environment = {**os.environ, "MPLBACKEND": "agg", "PYTHONPATH": str(ROOT)}
    # With a screen, matplotlib warns that agg draws nowhere, which the lesson cannot change.
    command = [sys.executable, "-W", "ignore:FigureCanvasAgg:UserWarning"]
    command += [str(Path(__file__).with_name("run_lesson.py")), str(LESSONS[number])]
    with tempfile.TemporaryDirectory() as folder:
        sources, results = Path(folder, "sources.json"), Path(folder, "results.json")
        listed = [(exercise, source) for (exercise, _), source in attempts.items()]
        sources.write_text(json.dumps(listed), encoding="utf-8")
        process = subprocess.run(
            [*command, sources.name, results.name],
            cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=300,
        )  # fmt: skip
        found = json.loads(results.read_text("utf-8")) if results.exists() else []
    return process, dict(zip(attempts, found))
