"""The figures show the numbers they were given."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from minireg import plots
from minireg.errors import ArgumentError

pytestmark = pytest.mark.host

CURVES = {"none": [[0.2, 0.6, 1.0], [0.4, 0.8, 0.8]], "L2": [[0.1, 0.5], [0.3, 0.5]]}


def test_drawing_does_not_load_pyplot():
    program = (
        "import sys, minireg.plots as plots\n"
        "assert 'matplotlib' not in sys.modules\n"
        "plots.png_bytes(plots.image_grid([[[0.5]]]))\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_equal_figures_give_equal_files():
    first, second = (plots.png_bytes(plots.learning_curves(CURVES, CURVES)) for _ in range(2))
    assert first == second
    assert first.startswith(b"\x89PNG\r\n")


def test_learning_curves_show_means_in_percent():
    figure = plots.learning_curves(CURVES, CURVES, ceiling=(0.7, "right"))
    none, l2 = figure.axes[:2]
    assert [ax.get_title("left") for ax in (none, l2)] == ["none", "L2"]
    train = next(line for line in none.get_lines() if line.get_linestyle() == ":")
    np.testing.assert_allclose(train.get_xdata(), [1, 2, 3])
    np.testing.assert_allclose(train.get_ydata(), [30, 70, 90])
    dashed = next(line for line in none.get_lines() if line.get_linestyle() == "--")
    np.testing.assert_allclose(dashed.get_ydata(), [70, 70])
    assert "right" in [text.get_text() for text in figure.legends[0].get_texts()]


def test_a_run_that_stopped_early_leaves_the_others():
    ragged = {"early stopping": [[0.5, 0.5, 0.9], [0.3]]}
    figure = plots.learning_curves(ragged, ragged, percent=False)
    solid = next(line for line in figure.axes[0].get_lines() if line.get_linestyle() == "-")
    np.testing.assert_allclose(solid.get_ydata(), [0.4, 0.5, 0.9])


def test_the_reference_curve_is_in_every_other_panel():
    figure = plots.learning_curves(CURVES, CURVES, reference="none")
    none, l2 = figure.axes[:2]
    assert len(none.get_lines()) == 2
    reference = l2.get_lines()[0]
    np.testing.assert_allclose(reference.get_ydata(), [30, 70, 90])


@pytest.mark.parametrize("count", [1, 3, 4, 5, 8])
def test_every_name_gets_a_panel(count):
    curves = {f"method {i}": [0.1, 0.2] for i in range(count)}
    figure = plots.learning_curves(curves, curves)
    titles = [ax.get_title("left") for ax in figure.axes if ax.axison]
    assert titles == list(curves)


def test_channels_and_dtypes_do_not_change_an_image():
    gray = np.random.default_rng(0).integers(0, 256, (2, 1, 5, 4), dtype=np.uint8)
    shown = [
        plots.image_grid(images).axes[0].images[0].get_array()
        for images in (gray, gray[:, 0], gray / 255)
    ]
    for other in shown[1:]:
        np.testing.assert_allclose(other, shown[0])
    colour = plots.image_grid(np.repeat(gray, 3, axis=1)).axes[0].images[0].get_array()
    np.testing.assert_allclose(colour[..., 1], shown[0])


def test_titles_are_above_and_captions_below():
    figure = plots.image_grid(np.zeros((3, 4, 4)), ["a", "b", "c"], ["A", "B", "C"], columns=2)
    texts = [(ax.get_title(), ax.get_xlabel()) for ax in figure.axes]
    assert texts == [("A", "a"), ("B", "b"), ("C", "c")]


def test_image_rows_begin_with_the_original():
    originals = np.arange(2 * 9).reshape(2, 1, 3, 3).astype(np.uint8)
    variants = np.stack([originals + 100, originals + 200], axis=1)
    axes = plots.image_rows(originals, variants).axes
    shown = [float(ax.images[0].get_array()[0, 0]) * 255 for ax in axes]
    np.testing.assert_allclose(shown, [0, 100, 200, 9, 109, 209])


@pytest.mark.parametrize("channels", [(), (1,), (3,)])
def test_dropped_pixels_are_coloured_and_kept_ones_not(channels):
    rng = np.random.default_rng(0)
    images = rng.random((2, *channels, 5, 4))
    masks = rng.random((2, 3, 5, 4)) < 0.5
    axes = plots.plot_masks(images, masks).axes
    assert len(axes) == 2 * (1 + 3)
    for i in range(2):
        original, *shown = (ax.images[0].get_array() for ax in axes[4 * i : 4 * i + 4])
        for picture, mask in zip(shown, masks[i], strict=True):
            np.testing.assert_array_equal(picture[mask], original[mask])
            (colour,) = np.unique(picture[~mask], axis=0)
            assert np.ptp(colour) > 0.2  # no grey


def test_originals_beside_masks_look_as_without_them():
    image = np.random.default_rng(0).random((1, 5, 4))
    axes = plots.plot_masks(image, np.ones((1, 1, 5, 4), bool)).axes
    np.testing.assert_allclose(axes[0].images[0].get_array()[..., 0], 1 - image[0])  # dark is high


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: plots.learning_curves({}, {}), "at least one"),
        (lambda: plots.learning_curves({"a": [1.0]}, {"b": [1.0]}), "same names"),
        (lambda: plots.learning_curves({"a": [[]]}, {"a": [[]]}), "no values"),
        (lambda: plots.learning_curves({"a": []}, {"a": []}), "no values"),
        (lambda: plots.image_grid(np.zeros((2, 2))), r"\(N, H, W\)"),
        (lambda: plots.image_grid(np.zeros((0, 2, 2))), "no images"),
        (lambda: plots.image_grid(np.zeros((2, 2, 2)), ["one"]), "one per image, got 1"),
        (lambda: plots.image_rows(np.zeros((2, 3, 3)), np.zeros((3, 4, 3, 3))), "variants must be"),
        (lambda: plots.plot_masks(np.zeros((2, 3, 3)), np.ones((2, 3, 3), bool)), "masks must be"),
        (lambda: plots.plot_masks(np.zeros((1, 3, 3)), np.ones((1, 1, 3, 3))), "booleans"),
    ],
)
def test_what_cannot_be_drawn_is_refused(draw, words):
    with pytest.raises(ArgumentError, match=words):
        draw()
