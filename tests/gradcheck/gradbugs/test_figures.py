"""What the checker must reach on GradBugs; `measure.py` prints the figures."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from .measure import MEASURED, Outcome, measure, measure_right, read_part

pytestmark = pytest.mark.host


@cache
def outcomes(part: str) -> list[Outcome]:
    return [measure(bug) for bug in read_part(part)]


@cache
def right_verdicts() -> list[tuple[str, str]]:
    return measure_right()


def share(part: str, name: str) -> float:
    found = [getattr(outcome, name) for outcome in outcomes(part)]
    return sum(found) / len(found)


@pytest.mark.parametrize("part", MEASURED)
def test_every_wrong_backward_is_refused(part: str):
    assert [str(x.bug) for x in outcomes(part) if x.verdict in ("pass", "cannot tell")] == []


@pytest.mark.parametrize("part", MEASURED)
def test_no_wrong_backward_breaks_the_checker(part: str):
    assert [f"{x.bug}: {x.error}" for x in outcomes(part) if x.verdict == "raised"] == []


def test_no_right_backward_is_refused():
    assert Counter(verdict for _, verdict in right_verdicts()) == {"pass": len(right_verdicts())}


@pytest.mark.parametrize("part", ["typed"])
def test_causes_of_typed_mistakes_are_named(part: str):
    assert share(part, "named") >= 0.95


@pytest.mark.parametrize("part", ["automatic"])
def test_lines_of_automatic_edits_are_found(part: str):
    assert share(part, "located") >= 0.90
