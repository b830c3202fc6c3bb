"""Every submission that cheats gets the points that it deserves, and the words that say why.

`cheats/NAME.py` begins with `#: exercise points`, and lines with what must be said (`#: says: …`),
flagged (`#: flag: …`) or kept of what it prints (`#: printed: …`).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from minireg.exercises.grader import Grader, Limits
from minireg.exercises.grader.submissions import Files

pytestmark = pytest.mark.host
FOLDER = Path(__file__).parent / "cheats"
CHEATS = {path.stem: path for path in sorted(FOLDER.glob("*.py"))}
LIMITS = Limits(call=1.5, submission=30, memory=2**30)


def read_marks(text):
    exercise, points = re.match(r"#: (\w+) (\d+)\n", text).groups()
    return exercise, int(points), dict(re.findall(r"^#: (\w+): (.*)$", text, re.MULTILINE))


@pytest.fixture(scope="session")
def graders():
    """A grader for each exercise, which judges each behaviour once."""
    return {}


@pytest.mark.parametrize("name", CHEATS)
def test_a_cheat_gets_what_it_deserves(name, graders):
    exercise, points, words = read_marks(CHEATS[name].read_text("utf-8"))
    if exercise not in graders:
        graders[exercise] = Grader([exercise], limits=LIMITS)
    graded = graders[exercise].grade(Submitted(exercise, CHEATS[name]))
    (found,) = graded.exercises
    said = "\n".join(outcome.message for outcome in found.outcomes)
    assert found.points == points, said
    assert words.get("says", "") in said
    assert words.get("printed", "") in graded.printed
    assert len(graded.printed) <= 2000
    assert bool(found.flags) == ("flag" in words), found.flags
    assert words.get("flag", "") in "\n".join(found.flags)


class Submitted(Files):
    """A single file as the file of an exercise."""

    def __init__(self, exercise, path):
        super().__init__(path.stem, (path,))
        object.__setattr__(self, "exercise", exercise)

    def find(self, exercise):
        from minireg.exercises.grader.submissions import Handed  # noqa: PLC0415

        return Handed(f"{exercise}.py", self.paths[0].read_text("utf-8"))


def test_there_are_at_least_forty_cheats():
    assert len(CHEATS) >= 40
