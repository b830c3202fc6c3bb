"""The backward passes that a student's gradient checker judges are what they claim to be."""

from __future__ import annotations

import numpy as np
import pytest

from minireg.exercises.backward_passes import RIGHT, SMOOTH, WRONG
from minireg.gradcheck import check_backward

pytestmark = pytest.mark.host
COMPLEX_STEP = 1e-30


def name(case):
    return f"{case.title}: {case.mistake or 'right'}"


@pytest.mark.parametrize("case", RIGHT + WRONG, ids=name)
def test_the_referee_agrees(case):
    forward, backward = (function.make() for function in case.functions)
    report = check_backward(forward, backward, case.x)
    assert report.verdict == ("fail" if case.mistake else "pass"), report


@pytest.mark.parametrize("case", WRONG, ids=name)
def test_a_wrong_one_is_off_by_a_ten_thousandth(case):
    """At the point and the upstream gradient that a student's check is given."""
    forward, backward = (function.make() for function in case.functions)
    x, upstream = case.x, case.draw_upstream()
    numeric = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[i] = 1e-5
        numeric[i] = np.sum(upstream * (forward(x + step) - forward(x - step))) / 2e-5
    with np.errstate(invalid="ignore"):
        found = backward(upstream, x)
    assert np.shape(found) != x.shape or not (abs(found - numeric) < 0.99e-4 * abs(numeric)).all()


@pytest.mark.parametrize("case", SMOOTH, ids=name)
def test_closed_forms_agree_with_complex_steps(case):
    """Sums, products and roots of complex numbers have no error of a difference."""
    forward, backward = (function.make() for function in case.functions)
    x, upstream = case.x, case.draw_upstream()
    exact = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        step = np.zeros_like(x, dtype=complex)
        step[i] = COMPLEX_STEP * 1j
        exact[i] = np.sum(upstream * forward(x + step)).imag / COMPLEX_STEP
    assert np.allclose(backward(upstream, x), exact, rtol=1e-14, atol=0)
