"""What a report shows: text, hints by level, HTML, plain values for JSON, and a figure."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from html.parser import HTMLParser

import numpy as np
import pytest

from minireg.errors import ArgumentError
from minireg.gradcheck import Cause, Report, check_backward
from minireg.gradcheck.pictures import DISTANCES, STEPS
from minireg.gradcheck.repairs import Repair
from minireg.gradcheck.text import list_causes
from tests.gradcheck.verdicts import X, square, square_backward

pytestmark = pytest.mark.host

CAUSE = Cause("constant-factor", "a constant factor", "yours = ½ * numeric", ("Why ½?", "2 x"))


REPAIR = Repair(
    12,
    "    return dout * x  # ≤ <b>",
    "    return dout * 2 * x",
    "Which power has x?",
    "(x²)' = 2 x",
    "constant-factor",
)
SECOND = Repair(3, "    y = x", "    y = 2 * x", "What is y?", "Another rule.", "constant-factor")


class Repaired(Report):
    """A report with repairs of its own."""

    repairs = (REPAIR, SECOND)


def wrong(upstream, x):
    return upstream * x


class Unrepaired(Report):
    """A report on a mistake that no edit repairs."""

    repairs = ()


CHECKED = replace(check_backward(square, wrong, X), from_numbers=(CAUSE,))
FIELDS = {field.name: getattr(CHECKED, field.name) for field in fields(CHECKED)}
FOUND, REPAIRED = Unrepaired(**FIELDS), Repaired(**FIELDS)
RIGHT = check_backward(square, square_backward, X)
REFUSED = Report("fail", "f", "it returned None.", notes=("seed 0",))


# -- text and hints --------------------------------------------------------------------------------


def test_the_verdict_is_first_then_the_line_then_the_question():
    verdict, place, question, of, titles = str(REPAIRED).splitlines()[:5]
    assert (
        verdict == "fail: square: the gradient of x is wrong in 12 of 12 entries, worst at [1, 2]"
    )
    assert place == "  test_report.py, line 12:   return dout * x  # <= <b>"
    assert question == "  Which power has x?"
    assert of == "  Worst entries of x:"
    assert titles.split() == ["entry", "upstream", "input", "yours", "numeric", "+/-"]


def test_causes_name_their_inputs_if_several_are_wrong():
    def backward(upstream, x, w, b):
        return upstream @ w.T, -x.T @ upstream, upstream.mean(axis=0)

    report = check_backward(lambda x, w, b: x @ w + b, backward, X[:, :2], X[:2], X[0])
    sign, factor = list_causes(report)
    assert sign.endswith("the sign is wrong: for w, yours = -numeric.")
    assert "a constant factor: for b, yours = 0.333333 * numeric" in factor
    assert ": for " not in str(FOUND)


def test_inputs_with_the_same_cause_have_their_own_evidence():
    report = check_backward(lambda a, b: a * b, lambda d, a, b: (d * b, d * a), X[0], X[:, :1])
    evidence = report.causes[0].evidence
    assert "for a, it is not summed over axis 0" in evidence
    assert "for b, it is not summed over axis 1" in evidence


def test_the_text_tells_neither_the_rule_nor_the_edit():
    assert "2 x" not in str(REPAIRED)
    assert "2 * x" not in str(REPAIRED)


def test_every_level_has_its_hint():
    line = "test_report.py, line 12:"
    assert REPAIRED.hint() == REPAIRED.hint(1)
    assert REPAIRED.hint(1).splitlines() == [f"{line}   return dout * x  # <= <b>", REPAIR.question]
    assert REPAIRED.hint(2) == "(x^2)' = 2 x"
    assert REPAIRED.hint(3).splitlines() == [
        line, "  -     return dout * x  # <= <b>", "  +     return dout * 2 * x",
    ]  # fmt: skip


def test_hints_of_the_cause_stand_in_for_those_of_a_repair():
    assert [FOUND.hint(1), FOUND.hint(2)] == ["Why 1/2?", "2 x"]
    assert FOUND.hint(3) == "There is no hint 3. For this mistake there are 2."
    assert REFUSED.hint(1) == "There is no hint 1. For this mistake there are 0."
    assert RIGHT.hint(1) == "There are no hints: the check passed."
    with pytest.raises(ArgumentError, match="level must be"):
        FOUND.hint(0)


def test_the_solution_has_every_repair_with_its_rule():
    first, between, second = REPAIRED.solution.split("\n\n")
    assert first.startswith(REPAIRED.hint(3))
    assert first.endswith("(x^2)' = 2 x")
    assert between == "or"
    assert "  +     y = 2 * x\n  Another rule." in second
    assert "No small edit" in REFUSED.solution
    assert "passed" in RIGHT.solution


def test_long_lines_of_a_student_are_wrapped():
    long = replace(REPAIR, before="    y = " + "é + " * 60, question="why? " * 30)
    report = type("Long", (Repaired,), {"repairs": (long,)})(**FIELDS)
    for text in (str(report), report.hint(1), report.hint(3), report.solution):
        assert text.isascii()
        assert max(map(len, text.splitlines())) <= 79


def test_an_index_is_not_broken_at_the_end_of_a_line():
    for n in range(1, 80):
        report = replace(REFUSED, why="x" * n + " at [1, 2, 3] and [0, 4, 12].")
        assert "[1, 2, 3]" in str(report)
        assert "[0, 4, 12]" in str(report)


def test_a_wide_table_loses_only_the_upstream_column():
    def far(upstream, x):
        return upstream * 2 * x * (1 + 1e-5)

    report = check_backward(square, far, -1e-7 * np.ones((1,) * 4 + (11, 11)))
    lines = str(report).splitlines()
    titles = [line.split() for line in lines if "entry" in line.split()]
    assert titles == [["entry", "input", "yours", "numeric", "+/-"]]
    assert max(map(len, lines)) <= 79


# -- HTML ------------------------------------------------------------------------------------------


class Texts(HTMLParser):
    """Collects the texts and checks that every tag is closed."""

    def __init__(self):
        super().__init__()
        self.open, self.texts, self.folded = [], [], []

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        (self.folded if "details" in self.open else self.texts).append(data)


@pytest.mark.parametrize("report", [REPAIRED, FOUND, RIGHT, REFUSED], ids=str)
def test_html_shows_what_the_text_shows(report):
    page = Texts()
    page.feed(report._repr_html_())
    assert page.open == []
    words = " ".join(page.texts).replace("≤", "<=").replace("½", "1/2").split()
    assert sorted(words) == sorted(str(report).split())


def test_html_folds_the_rule_and_the_edit():
    page = Texts()
    page.feed(REPAIRED._repr_html_())
    assert REPAIR.rule in page.folded
    assert REPAIR.after in " ".join(page.folded)
    assert REPAIR.rule not in page.texts


def test_html_escapes_the_text_of_a_student():
    assert "<b>" not in REPAIRED._repr_html_()
    assert "&lt;b&gt;" in REPAIRED._repr_html_()


# -- JSON ------------------------------------------------------------------------------------------


def test_json_has_stable_keys_and_plain_values():
    values = REPAIRED.to_json()
    assert json.loads(json.dumps(values, allow_nan=False)) == values
    assert list(values) == [
        "verdict", "function", "why", "causes", "repairs", "findings", "notes", "seed",
    ]  # fmt: skip
    assert values["repairs"][0] == {**vars(REPAIR), "gradients": []}
    assert values["causes"][0] == {**vars(CAUSE), "hints": list(CAUSE.hints)}
    (finding,) = values["findings"]
    assert (finding["name"], finding["shape"], finding["checked"]) == ("x", [3, 4], 12)
    assert finding["max_error"] == FOUND.max_error
    assert finding["worst"][0]["index"] == list(FOUND["x"].wrong[0].index)


@pytest.mark.parametrize(
    ("value", "text"), [(np.nan, "NaN"), (np.inf, "Infinity"), (-np.inf, "-Infinity")]
)
def test_numbers_that_are_not_finite_are_texts(value, text):
    report = check_backward(square, lambda d, x: np.full(2, float(text)), np.ones(2))
    (finding,) = report.to_json()["findings"]
    assert finding["worst"][0]["yours"] == text


# -- the figure ------------------------------------------------------------------------------------


def lines_of(ax):
    return {line.get_label(): np.asarray(line.get_ydata()) for line in ax.get_lines()}


def slope(remainder):
    """The slope on logarithmic axes, at the large distances, where rounding is small."""
    return np.diff(np.log(remainder[-5:])).mean() / np.diff(np.log(DISTANCES[-5:])).mean()


@pytest.mark.parametrize(("backward", "expected"), [(square_backward, 2), (wrong, 1)])
def test_taylor_remainders_have_slope_2_only_if_right(backward, expected):
    report = check_backward(lambda x: x * x, backward, X)
    axes = {ax.get_title("left"): ax for ax in report.plot().axes}
    lines = lines_of(axes["Taylor remainder"])
    slopes = [slope(y) for name, y in lines.items() if name.startswith("direction")]
    assert slopes == pytest.approx([expected] * 3, abs=0.2)


def test_the_step_size_v_ends_at_the_error_of_a_wrong_gradient():
    report = check_backward(np.exp, lambda d, x: d, np.array([0.5, 2.0]), gradient=np.ones(2))
    axes = {ax.get_title("left"): ax for ax in report.plot().axes}
    numeric, yours = [
        y for name, y in lines_of(axes["step size and error"]).items() if name[0] == "g"
    ]
    assert 1e-7 < STEPS[np.nanargmin(numeric)] < 1e-4
    # the central difference of exp at x is exp(x) sinh(h) / h
    assert numeric[-1] == pytest.approx(np.exp(2) * (np.sinh(0.1) / 0.1 - 1), rel=1e-6)
    assert np.nanmin(yours) == pytest.approx(np.exp(2) - 1, rel=1e-3)


def test_error_maps_are_signed_and_zero_where_right():
    def backward(upstream, x):
        g = upstream * 2 * x
        g[0, 1] += 3
        g[2, 2] -= 4
        return g

    report = check_backward(square, backward, X)
    shown = report.plot().axes[0].images[0].get_array()
    expected = np.zeros((3, 4))
    expected[0, 1], expected[2, 2] = 3, -4
    np.testing.assert_allclose(shown, expected, atol=1e-8)


def test_a_figure_needs_a_gradient():
    report = check_backward(square, lambda d, x: (d * 2 * x).T, X)
    with pytest.raises(ArgumentError, match="no wrong gradient has the shape"):
        report.plot()


def test_a_general_repair_asks_what_the_numbers_show():
    def backward(upstream, x):
        return upstream * np.cos(x) / len(x)

    report = check_backward(np.sin, backward, np.array([1.0, 2.0, 0.5]))
    assert report.repairs[0].cause == "missing-chain-factor"
    shown = [" ".join(report.hint(level).split()) for level in (1, 2)]  # in one line
    assert all(said.endswith(hint) for said, hint in zip(shown, report.causes[0].hints))
