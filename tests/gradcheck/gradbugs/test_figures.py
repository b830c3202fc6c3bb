"""A share of GradBugs is refused, right ones pass, and missed figures are told.

`measure.py` measures all of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from . import Bug
from .measure import MEASURED, Outcome, find_shortfalls, measure, measure_right, read_part

pytestmark = pytest.mark.host
BUG = Bug(None, "wrong", None, ("sign-flipped",), line=3)  # type: ignore[arg-type]
FOUND = Outcome(BUG, "fail", ("sign-flipped",), (3,), 0.0, "")


@pytest.mark.parametrize("part", MEASURED)
def test_a_wrong_backward_is_refused(part: str):
    bugs = read_part(part)
    outcomes = [measure(bug) for bug in bugs[7 :: len(bugs) // 5]]
    assert {outcome.verdict for outcome in outcomes} <= {"fail", "noted"}, outcomes


def test_a_right_backward_passes():
    assert measure_right(settings=100) == {"pass": 100}


@pytest.mark.parametrize("part", MEASURED)
@pytest.mark.parametrize("changed", [{"verdict": "pass"}, {"verdict": "raised"}])
def test_one_verdict_that_is_wrong_is_a_shortfall(part: str, changed: dict[str, Any]):
    assert find_shortfalls(part, [FOUND] * 99) == []
    assert find_shortfalls(part, [FOUND] * 99 + [replace(FOUND, **changed)])


@pytest.mark.parametrize(
    ("part", "changed", "most"), [("typed", {"causes": ()}, 5), ("automatic", {"lines": ()}, 10)]
)
def test_too_few_named_or_located_are_a_shortfall(part: str, changed: dict[str, Any], most: int):
    missed = replace(FOUND, **changed)
    assert find_shortfalls(part, [missed] * most + [FOUND] * (100 - most)) == []
    assert find_shortfalls(part, [missed] * (most + 1) + [FOUND] * (99 - most))
