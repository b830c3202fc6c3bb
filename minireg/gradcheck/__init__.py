"""Floor 3: the referee.  It says whether a gradient is right: pass, fail or cannot tell, and why.

    print(mr.check_gradients(mr.tanh, mr.tensor([0.5, -1.0])))       # a function of Tensors
    print(mr.check_backward(forward, backward, x, weight))           # a hand-written pair of arrays

Read `check.py` (the calls), `differences.py` and `slopes.py` (how a numeric derivative knows its
own error), `verdicts.py` (what is compared, in which order) and `causes.py` (what mistakes look
like).
"""

from .check import assert_gradients, check_backward, check_gradients
from .finding import Entry, Finding
from .report import Report, join_verdicts

__all__ = [
    "Entry", "Finding", "Report", "assert_gradients", "check_backward", "check_gradients",
    "join_verdicts",
]  # fmt: skip
