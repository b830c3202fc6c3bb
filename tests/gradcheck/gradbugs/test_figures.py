"""What the checker must reach on shares of GradBugs; `measure.py` takes all of it."""

from __future__ import annotations

import pytest

from .measure import find_shortfalls, measure, measure_right, read_part

pytestmark = pytest.mark.host
EVERY = {"typed": 1, "held_out": 4, "automatic": 2, "automatic_held_out": 8}


@pytest.mark.parametrize("part", EVERY)
def test_the_checker_reaches_its_figures(part: str):
    outcomes = [measure(bug) for bug in read_part(part)[:: EVERY[part]]]
    assert find_shortfalls(part, outcomes) == []


def test_no_right_backward_is_refused():
    assert measure_right(settings=500) == {"pass": 500}
