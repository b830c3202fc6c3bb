"""Formulas are not taken for finite differences."""

from __future__ import annotations

import pytest

from minireg.exercises import ORDER, get_exercise
from minireg.exercises.checks import Gradient
from minireg.exercises.grader.flags import find_difference, find_names
from minireg.exercises.local import run_source
from tests.exercises.answers import SOLUTIONS

pytestmark = pytest.mark.host


@pytest.mark.parametrize("name", ORDER)
def test_a_formula_is_not_flagged(name):
    student = run_source(SOLUTIONS[name].encode(), f"{name}.py")
    assert not find_names(SOLUTIONS[name])
    for check in get_exercise(name).checks:
        if isinstance(check, Gradient):
            assert not any(find_difference(check, student, seed) for seed in range(5))
