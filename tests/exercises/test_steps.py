"""Steps: an optimizer of the student beside minireg's."""

from __future__ import annotations

import pytest

from minireg import optim
from minireg.exercises.checks import Failure
from minireg.exercises.local import LocalStudent
from minireg.exercises.steps import Steps
from minireg.exercises.student import StudentError

pytestmark = pytest.mark.host
steps = Steps(
    "sgd", 1, lambda t: (0.1, 0.9), lambda params: optim.SGD(params, lr=0.1, momentum=0.9)
)


def run(sgd):
    steps.run(LocalStudent({"sgd": sgd}))


def test_a_right_step_leads_to_the_right_weights():
    run(lambda w, g, b, lr, momentum: (w - lr * (momentum * b + g), momentum * b + g))


def test_what_is_returned_is_passed_to_the_next_step():
    with pytest.raises(Failure, match="step 2 leads to the wrong weights"):
        run(lambda w, g, b, lr, momentum: (w - lr * (momentum * b + g), g * 0))


def test_a_memory_that_is_not_returned_is_missed():
    with pytest.raises(
        StudentError, match="must return 2 values: the new weights and the new memory"
    ):
        run(lambda w, g, b, lr, momentum: w - lr * (momentum * b + g))
