"""The cells of the lessons, and attempts at their exercises."""

import re
import textwrap
from functools import cache

import matplotlib.pyplot as plt
import pytest

from minireg.lessons import list_lessons, make_notebook

LESSONS = {lesson.name[:2]: lesson for lesson in list_lessons()}


def is_check(cell):
    return cell.id.startswith("check-")


def attempt(number, exercise, answer=None):
    """Run an exercise of the student notebook, with `answer` for the stub, then its check."""
    cells = {cell.id: cell for cell in make_notebook(LESSONS[number]).cells}
    source = cells[exercise].source
    if answer is not None:
        source = fill_in(source, answer)
    namespace = dict(before(number, exercise))
    exec(source, namespace)
    exec(cells[exercise.replace("exercise", "check")].source, namespace)


def fill_in(source, answer):
    """The source of an exercise with an answer in place of the stub."""
    stub = re.search(r"^( *)# YOUR CODE HERE\n.*$", source, flags=re.MULTILINE)
    return source.replace(stub[0], textwrap.indent(answer, stub[1]))


@cache
def before(number, exercise):
    """What the cells above an exercise define, with the earlier exercises solved."""
    plt.switch_backend("agg")
    namespace = {"__name__": "lesson"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plt, "show", lambda: plt.close("all"))
        for cell in make_notebook(LESSONS[number], solutions=True).cells:
            if cell.id == exercise:
                return namespace
            if cell.cell_type == "code":
                exec(cell.source, namespace)
    raise AssertionError(f"lesson {number} has no {exercise}")
