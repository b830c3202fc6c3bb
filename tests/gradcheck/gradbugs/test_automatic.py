"""The automatic part is what its script writes, and each edit has a source that can be read."""

from __future__ import annotations

import inspect
import json

import pytest

from . import AUTOMATIC, load_automatic
from .automatic import make_records

pytestmark = pytest.mark.host
RECORDS = [json.loads(line) for line in AUTOMATIC.read_text(encoding="utf-8").splitlines()]


def test_the_script_writes_the_same_edits_again():
    assert make_records() == RECORDS


def test_a_third_of_the_edits_is_held_out():
    assert 3 * sum(record["held_out"] for record in RECORDS) >= len(RECORDS) - 2
    assert all(record["held_out"] for record in RECORDS if record["part"] == "held_out")


def test_there_are_a_thousand_automatic_edits():
    assert len(RECORDS) >= 1000


def test_an_edited_source_differs_in_one_line():
    for bug in (*load_automatic(held_out=False), *load_automatic(held_out=True)):
        edited = inspect.findsource(bug.function)[0]
        original = bug.operation.file.read_text(encoding="utf-8").splitlines(keepends=True)
        assert [a == b for a, b in zip(edited, original, strict=True)].count(False) == 1
