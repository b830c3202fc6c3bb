"""The figures show the numbers they were given, and belong to nobody."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from minireg import plots
from minireg.errors import ArgumentError

pytestmark = pytest.mark.host

CURVES = {"none": [[0.2, 0.6, 1.0], [0.4, 0.8, 0.8]], "L2": [[0.1, 0.5], [0.3, 0.5]]}


def test_drawing_neither_loads_pyplot_nor_needs_a_screen():
    program = (
        "import sys, minireg.plots as plots\n"
        "assert 'matplotlib' not in sys.modules\n"
        "plots.png_bytes(plots.share_chart({'a': [0.5]}, 'share (%)'))\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_equal_figures_give_equal_files():
    first, second = (plots.png_bytes(plots.learning_curves(CURVES, CURVES)) for _ in range(2))
    assert first == second
    assert first.startswith(b"\x89PNG\r\n")


def test_learning_curves_show_the_mean_over_the_repetitions_in_percent():
    figure = plots.learning_curves(CURVES, CURVES, ceiling=0.7, reference=None)
    none, l2 = figure.axes[:2]
    assert [ax.get_title("left") for ax in (none, l2)] == ["none", "L2"]
    train = next(line for line in none.get_lines() if line.get_linestyle() == ":")
    np.testing.assert_allclose(train.get_xdata(), [1, 2, 3])
    np.testing.assert_allclose(train.get_ydata(), [30, 70, 90])
    dashed = next(line for line in none.get_lines() if line.get_linestyle() == "--")
    np.testing.assert_allclose(dashed.get_ydata(), [70, 70])


def test_a_run_that_was_stopped_early_leaves_the_mean_of_the_others():
    ragged = {"early stopping": [[0.5, 0.5, 0.9], [0.3]]}
    figure = plots.learning_curves(ragged, ragged, percent=False)
    solid = next(line for line in figure.axes[0].get_lines() if line.get_linestyle() == "-")
    np.testing.assert_allclose(solid.get_ydata(), [0.4, 0.5, 0.9])


def test_the_reference_curve_stands_in_every_other_panel():
    figure = plots.learning_curves(CURVES, CURVES, reference="none")
    none, l2 = figure.axes[:2]
    assert len(none.get_lines()) == 2
    reference = l2.get_lines()[0]
    np.testing.assert_allclose(reference.get_ydata(), [30, 70, 90])


@pytest.mark.parametrize("count", [1, 3, 4, 5, 8])
def test_every_method_gets_a_panel(count):
    curves = {f"method {i}": [0.1, 0.2] for i in range(count)}
    figure = plots.learning_curves(curves, curves)
    titles = [ax.get_title("left") for ax in figure.axes if ax.axison]
    assert titles == list(curves)


def test_weight_histograms_count_every_weight_and_every_zero():
    rng = np.random.default_rng(0)
    weights = {"L1": np.where(rng.random(1000) < 0.4, 0.0, rng.normal(size=1000))}
    ax = plots.weight_histograms(weights, small=1e-2).axes[0]
    assert sum(patch.get_height() for patch in ax.patches) == 1000
    zeros = np.mean(weights["L1"] == 0)
    assert f"exactly 0: {zeros:.1%}".replace("%", " %") in ax.texts[0].get_text()
    assert ax.get_yscale() == "log"
    # The highest bar stands around zero.
    highest = max(ax.patches, key=lambda patch: patch.get_height())
    assert highest.get_x() < 0 < highest.get_x() + highest.get_width()


def test_gap_chart_puts_means_and_standard_errors_where_they_belong():
    train, validation, test = {"L2": [0.9, 0.8]}, {"L2": [0.5, 0.7]}, {"L2": [0.8, 0.8]}
    ax = plots.gap_chart(train, validation, test).axes[0]
    bar, *points = ax.get_lines()
    np.testing.assert_allclose(bar.get_xdata(), [60, 85])
    centres = [line.get_xdata()[0] for line in points if line.get_marker() in ("o", "D")]
    np.testing.assert_allclose(centres, [85, 60, 80])
    ends = ax.collections[0].get_segments()[0][:, 0]  # 85 ± s/√2, s = 100·√(0.05² + 0.05²)
    np.testing.assert_allclose(ends, [80, 90])


def test_a_share_chart_says_the_share_in_words():
    ax = plots.share_chart({"none": [1.0, 0.9], "L1": [0.1, 0.1]}, "right (%)").axes[0]
    assert [text.get_text() for text in ax.texts] == ["95 %", "10 %"]
    np.testing.assert_allclose([patch.get_width() for patch in ax.patches], [95, 10])


def test_images_of_one_and_three_channels_and_both_dtypes_look_the_same():
    gray = np.random.default_rng(0).integers(0, 256, (2, 1, 5, 4), dtype=np.uint8)
    shown = [
        plots.image_grid(images).axes[0].images[0].get_array()
        for images in (gray, gray[:, 0], gray / 255)
    ]
    for other in shown[1:]:
        np.testing.assert_allclose(other, shown[0])
    colour = plots.image_grid(np.repeat(gray, 3, axis=1)).axes[0].images[0].get_array()
    np.testing.assert_allclose(colour[..., 1], shown[0])


def test_titles_stand_above_and_captions_below_their_images():
    figure = plots.image_grid(np.zeros((3, 4, 4)), ["a", "b", "c"], ["A", "B", "C"], columns=2)
    texts = [(ax.get_title(), ax.get_xlabel()) for ax in figure.axes]
    assert texts == [("A", "a"), ("B", "b"), ("C", "c")]


def test_image_rows_put_each_original_before_its_variants():
    originals = np.arange(2 * 9).reshape(2, 1, 3, 3).astype(np.uint8)
    variants = np.stack([originals + 100, originals + 200], axis=1)
    axes = plots.image_rows(originals, variants).axes
    shown = [float(ax.images[0].get_array()[0, 0]) * 255 for ax in axes]
    np.testing.assert_allclose(shown, [0, 100, 200, 9, 109, 209])


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: plots.learning_curves({}, {}), "nothing to draw"),
        (lambda: plots.learning_curves({"a": [1.0]}, {"b": [1.0]}), "same names"),
        (lambda: plots.learning_curves({"a": [[]]}, {"a": [[]]}), "no values"),
        (lambda: plots.weight_histograms({"a": [np.nan]}), "'a' must be finite"),
        (lambda: plots.image_grid(np.zeros((2, 2))), r"\(N, H, W\)"),
        (lambda: plots.image_grid(np.zeros((0, 2, 2))), "no images"),
        (lambda: plots.image_grid(np.zeros((2, 2, 2)), ["one"]), "each of 2 images: 1"),
        (lambda: plots.image_rows(np.zeros((2, 3, 3)), np.zeros((3, 4, 3, 3))), "variants must be"),
    ],
)
def test_what_cannot_be_drawn_is_said(draw, words):
    with pytest.raises(ArgumentError, match=words):
        draw()
