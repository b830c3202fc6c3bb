"""Answers of students are texts for the tests, and no modules of them."""

from functools import partial

import pytest

from minireg.gradcheck import report
from minireg.gradcheck.repairs import find_repairs

collect_ignore_glob = ["solutions/*", "wrong/*"]


@pytest.fixture(autouse=True)
def fewer_repairs(monkeypatch):
    """A search for the wrong line ends early: it takes most of the time of a wrong answer, and
    tests/gradcheck tests it."""
    monkeypatch.setattr(report, "find_repairs", partial(find_repairs, limit=100))
