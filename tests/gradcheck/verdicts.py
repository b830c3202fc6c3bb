"""A function with its backward, and what a report must say."""

from __future__ import annotations

import numpy as np

X = np.random.default_rng(0).normal(size=(3, 4))
B = np.random.default_rng(1).normal(size=4)


def square(x):
    return x * x


def square_backward(upstream, x):
    return upstream * 2 * x


def unwrapped(report) -> str:
    """What the report says, on one line."""
    return " ".join(str(report).split())


def refused(report, *fragments: str):
    """The report says `fail` and all of this."""
    assert report.verdict == "fail", report
    assert not report
    for fragment in fragments:
        assert fragment in unwrapped(report), report


def unknown(report, *fragments: str):
    """The report says `cannot tell` and all of this."""
    assert report.verdict == "cannot tell", report
    assert not report
    for fragment in fragments:
        assert fragment in unwrapped(report), report
