"""The text of a result."""

from __future__ import annotations

import pytest

from minireg.exercises import Outcome, Result

pytestmark = pytest.mark.host


@pytest.mark.parametrize(
    ("verdicts", "verdict", "explained"),
    [
        (["pass", "pass"], "pass", None),
        (["pass", "open", "open"], "open", 1),
        (["open", "fail", "fail"], "fail", 1),
        (["fail", "open", "pass"], "fail", 0),
    ],
)
def test_a_mistake_is_explained_before_what_is_open(verdicts, verdict, explained):
    outcomes = tuple(Outcome(f"check {i}", v, f"message {i}") for i, v in enumerate(verdicts))
    result = Result("relu", outcomes)
    lines = str(result).splitlines()
    assert result.verdict == verdict
    assert bool(result) == (verdict == "pass")
    assert lines[0] == f"{verdict}: relu, {verdicts.count('pass')} of {len(verdicts)} points"
    assert lines[1 : 1 + len(verdicts)] == [f"  {v}  check {i}" for i, v in enumerate(verdicts)]
    rest = [] if explained is None else ["", f"message {explained}"]
    assert lines[1 + len(verdicts) :] == rest
