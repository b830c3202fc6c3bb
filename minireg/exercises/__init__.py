"""Floor 7: exercises that check themselves, in an order that leads from `add` to a network.

    minireg exercise start my-exercises                  # in a terminal
    check("relu", relu, relu_backward)                   # in a notebook

Read an exercise in `path/`, then `checks.py` (the kinds of checks), `referee.py` and
`statistics.py` (how gradients and random numbers are judged), `student.py` (the interface through
which the functions of a student are called) and `markers.py` (arguments that are made there).
"""

from .notebook import check
from .path import ORDER, get_exercise
from .result import Outcome, Result

__all__ = ["ORDER", "Outcome", "Result", "check", "get_exercise"]
