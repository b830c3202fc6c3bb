"""What the checker must reach on shares of GradBugs; `measure.py` takes all of it."""

from __future__ import annotations

import pytest

from .measure import REQUIRED, find_shortfalls, measure, measure_right, read_part

pytestmark = pytest.mark.host
EVERY = {"typed": 2, "held_out": 8, "automatic": 5, "automatic_held_out": 10}


@pytest.mark.parametrize("part", EVERY)
def test_the_checker_reaches_its_figures(part: str):
    locate = REQUIRED.get(part, ("", 0))[0] == "located"
    outcomes = [measure(bug, locate) for bug in read_part(part)[:: EVERY[part]]]
    assert find_shortfalls(part, outcomes) == []


def test_no_right_backward_is_refused():
    assert measure_right(settings=300) == {"pass": 300}
