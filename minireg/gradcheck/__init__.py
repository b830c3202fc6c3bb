"""Floor 3: the gradient checker.  It answers pass, fail or cannot tell, and explains why.

    print(mr.check_gradients(mr.tanh, mr.tensor([0.5, -1.0])))       # a function of Tensors
    print(mr.check_backward(forward, backward, x, weight))           # functions of arrays

Read `check.py` (the calls), `differences.py` and `slopes.py` (numeric derivatives and bounds of
their errors), `comparison.py` (of the slopes with the gradients), `verdicts.py` (what is compared,
in which order), `contract.py` and `raised.py` (what needs no numbers), `points.py` (inputs that the
check chooses), and `cause.py` and `causes.py` (what mistakes look like, and how they are found).
"""

from .cause import CAUSES, Cause
from .check import assert_gradients, check_backward, check_gradients, check_loss
from .evidence import Evidence
from .finding import Entry, Finding
from .from_file import check_file
from .inputs import Booleans, Floats, Integers
from .model import ModelReport, check_model
from .report import Report, join_verdicts

__all__ = [
    "CAUSES", "Booleans", "Cause", "Entry", "Evidence", "Finding", "Floats", "Integers",
    "ModelReport", "Report", "assert_gradients", "check_backward", "check_file", "check_gradients",
    "check_loss", "check_model", "join_verdicts",
]  # fmt: skip
