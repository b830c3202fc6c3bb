"""Repairs: single edits of the source of a wrong backward pass that make it right.

Read `search.py` (the search), `source.py` (text and code of a function), `environment.py` and
`trial.py` (how a candidate runs, and when it is right), `scope.py` (the names that an edit may use)
and `expressions.py`, `insertions.py`, `statements.py` (the edits).
"""

from .search import Repair, find_repairs

__all__ = ["Repair", "find_repairs"]
