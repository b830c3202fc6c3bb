"""Every submission that cheats gets the points that it deserves, and the words that say why.

`cheats/NAME.py` begins with `#: exercise points`, and lines with what must be said (`#: says: …`),
flagged (`#: flag: …`) or kept of what it prints (`#: printed: …`).
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from minireg.exercises import ORDER
from minireg.exercises.grader import Grader, Limits, list_submissions

pytestmark = pytest.mark.host
FOLDER = Path(__file__).parents[1] / "cheats"
CHEATS = {path.stem: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.py"))}
LIMITS = Limits(call=2, submission=30, memory=2**30)


def read_exercise(name):
    return re.match(r"#: (\w+) \d+\n", CHEATS[name])[1]


@pytest.fixture(scope="session")
def grades(tmp_path_factory):
    """What a grader finds in all of them: a class of cheats."""
    folder = tmp_path_factory.mktemp("cheats")
    for name in CHEATS:
        (folder / name).mkdir()
        shutil.copy(FOLDER / f"{name}.py", folder / name / f"{read_exercise(name)}.py")
    exercises = [name for name in ORDER if name in set(map(read_exercise, CHEATS))]
    graded = Grader(exercises, limits=LIMITS).grade_all(list_submissions(folder))
    return {grade.name: grade for grade in graded}


@pytest.mark.parametrize("name", CHEATS)
def test_a_cheat_gets_what_it_deserves(name, grades):
    words = dict(re.findall(r"^#: (\w+): (.*)$", CHEATS[name], re.MULTILINE))
    points = int(re.match(r"#: \w+ (\d+)\n", CHEATS[name])[1])
    found = next(x for x in grades[name].exercises if x.exercise == read_exercise(name))
    said = "\n".join(outcome.message for outcome in found.outcomes)
    assert grades[name].points == found.points == points, said
    # Some depend on how Python was built: which modules are parts of the interpreter.
    assert any(part in said for part in words.get("says", "").split(" | ")), said
    assert words.get("printed", "") in grades[name].printed
    assert len(grades[name].printed) <= 2000
    assert bool(found.flags) == ("flag" in words), found.flags
    assert words.get("flag", "") in "\n".join(found.flags)


def test_there_are_at_least_forty_cheats():
    assert len(CHEATS) >= 40
