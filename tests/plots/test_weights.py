"""Coefficients and histograms show the weights, and which of them are exactly zero."""

import numpy as np
import pytest

from minireg import plots
from minireg.errors import ArgumentError

pytestmark = pytest.mark.host

STRENGTHS = [0.1, 1.0, 10.0, 100.0]
PATHS = {
    "L1": np.array([[2.0, 0.0], [1.0, 0.0], [0.0, -1e-9], [0.0, 0.0]]),
    "L2": np.array([[2.0, -1.0], [1.0, -0.5], [0.5, -0.2], [1e-9, -1e-9]]),
}


def lines_and_marks(ax):
    lines = [line for line in ax.get_lines() if line.get_linestyle() != "None"]
    marks = [line for line in ax.get_lines() if line.get_marker() == "o"]
    return lines[1:], marks  # without the line at 0


def test_every_method_has_a_panel_with_its_coefficients():
    figure = plots.plot_coefficient_paths(STRENGTHS, PATHS, ["age", "size"])
    assert [ax.get_title("left") for ax in figure.axes] == ["L1", "L2"]
    lines, marks = lines_and_marks(figure.axes[1])
    for line, w in zip(lines, PATHS["L2"].T, strict=True):
        np.testing.assert_array_equal(line.get_xdata(), STRENGTHS)
        np.testing.assert_array_equal(line.get_ydata(), w)
    assert all(len(mark.get_xdata()) == 0 for mark in marks)  # small is not zero
    names = [text.get_text() for text in figure.legends[0].get_texts()]
    assert names[:2] == ["age", "size"]


def test_a_line_ends_at_a_mark_where_it_becomes_zero():
    lines, marks = lines_and_marks(plots.plot_coefficient_paths(STRENGTHS, PATHS).axes[0])
    np.testing.assert_array_equal(lines[0].get_ydata(), [2, 1, 0, np.nan])
    assert [list(mark.get_xdata()) for mark in marks] == [[10], [1, 100]]
    # the second one is 0 up to strength 1, then not, then 0 again
    np.testing.assert_array_equal(lines[1].get_ydata(), [np.nan, 0, -1e-9, 0])
    assert all(mark.get_markerfacecolor() == "#ffffff" for mark in marks)


def test_twenty_coefficients_have_twenty_looks():
    figure = plots.plot_coefficient_paths([1.0, 2.0], {"L2": np.ones((2, 20))})
    lines, _ = lines_and_marks(figure.axes[0])
    looks = {(line.get_color(), str(line._unscaled_dash_pattern)) for line in lines}
    assert len(looks) == 20


def test_histograms_count_every_weight_and_every_zero():
    rng = np.random.default_rng(0)
    weights = {"L1": np.where(rng.random((20, 50)) < 0.4, 0.0, rng.normal(size=(20, 50)))}
    ax = plots.plot_weights(weights, small=1e-2).axes[0]
    assert sum(patch.get_height() for patch in ax.patches) == 1000
    zeros = np.mean(weights["L1"] == 0)
    assert f"exactly 0: {zeros:.1%}".replace("%", " %") in ax.texts[0].get_text()
    assert ax.get_yscale() == "log"
    # The highest bar contains zero.
    highest = max(ax.patches, key=lambda patch: patch.get_height())
    assert highest.get_x() < 0 < highest.get_x() + highest.get_width()


def test_the_weights_before_are_repeated_in_other_panels():
    rng = np.random.default_rng(0)
    weights = {"before": rng.uniform(-1, 1, 300), "after": rng.normal(size=200)}
    figure = plots.plot_weights(weights, reference="before")
    before, after = figure.axes
    outlines = [sum(hasattr(patch, "get_data") for patch in ax.patches) for ax in (before, after)]
    assert outlines == [0, 1]
    outline = next(patch for patch in after.patches if hasattr(patch, "get_data"))
    bars = [patch.get_height() for patch in before.patches]
    np.testing.assert_array_equal(outline.get_data().values, bars)
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["“before”"]


@pytest.mark.parametrize("panels", [1, 2, 4])
def test_a_long_legend_stays_inside_the_figure(panels):
    names = [f"a feature with a long name {i}" for i in range(9)]
    paths = {f"method {i}": np.ones((2, 9)) for i in range(panels)}
    figure = plots.plot_coefficient_paths([1.0, 2.0], paths, names)
    figure.draw_without_rendering()
    box = figure.legends[0].get_window_extent()
    assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1
    assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: plots.plot_coefficient_paths(STRENGTHS, {}), "a name at least"),
        (lambda: plots.plot_coefficient_paths([0.0, 1.0], {"a": [[1], [1]]}), "above 0"),
        (lambda: plots.plot_coefficient_paths([2.0, 1.0], {"a": [[1], [1]]}), "increasing"),
        (lambda: plots.plot_coefficient_paths([1.0], {"a": [[1], [1]]}), r"\(1, 1\), got \(2, 1\)"),
        (lambda: plots.plot_coefficient_paths([1.0], {"a": [[1]]}, ["x", "y"]), r"= \(1, 2\)"),
        (lambda: plots.plot_coefficient_paths([1.0], {"a": [1]}), r"\(1, 1\), got \(1,\)"),
        (lambda: plots.plot_coefficient_paths([1.0], {"a": 1.0}), r"got \(\)"),
        (lambda: plots.plot_coefficient_paths([1.0], {"a": [[1]], "b": [[1, 2]]}), r"\(1, 1\), "),
        (lambda: plots.plot_weights({}), "no weights"),
        (lambda: plots.plot_weights({"a": []}), "no weights"),
    ],
)
def test_what_cannot_be_drawn_is_refused(draw, words):
    with pytest.raises(ArgumentError, match=words):
        draw()
