"""Whatever a process answers, the judge has a verdict."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minireg.exercises import ORDER, get_exercise
from minireg.exercises.local import LocalStudent
from tests.exercises.grader.test_frames import VALUES

pytestmark = pytest.mark.host
SHAPES = [(5, 7), (7,), (30, 20), ()]
KINDS = ["f8", "f2", "c16", "?", "u1", "i8", np.longdouble, np.clongdouble]
NEAR = st.builds(
    lambda shape, kind, value: np.full(shape, value).astype(kind),
    st.sampled_from(SHAPES),
    st.sampled_from(KINDS),
    st.sampled_from([0.0, 1.0, 100.0]),
) | st.sampled_from([np.full((5, 7), x) for x in (np.nan, np.inf, 1e308)])
ANSWERS = st.one_of(
    VALUES,
    NEAR,
    st.tuples(NEAR, NEAR),
    st.tuples(st.floats(), NEAR | st.none()),
    st.dictionaries(st.sampled_from(["x", "scores", "a"]), NEAR | st.none()),
)


@settings(deadline=None, max_examples=30)
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ORDER)
@given(data=st.data())
def test_any_answer_is_a_verdict(name, data):
    exercise = get_exercise(name)
    answers = {function: data.draw(ANSWERS) for function in exercise.functions}
    student = LocalStudent({f: lambda *_, value=value: value for f, value in answers.items()})
    assert exercise.check(student).verdict in ("pass", "fail")
