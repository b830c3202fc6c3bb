"""Grading: submissions run in processes of their own, and are judged in this one.

Read `worker.py` and `guard.py` (the process of a submission), `frames.py` (the bytes between the
two), `process.py` and `remote.py` (its other side), `behaviour.py` (each behaviour is judged once),
`grading.py`, `diagnosis.py` (the line of a mistake), and `tally.py`, `exports.py`, `gradescope.py`
(what comes out).
"""

from .grading import Grader, SubmissionGrade
from .process import Limits
from .submissions import list_submissions

__all__ = ["Grader", "Limits", "SubmissionGrade", "list_submissions"]
