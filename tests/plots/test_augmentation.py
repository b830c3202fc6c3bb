"""Rows of variants, and histograms of drawn parameters, show what they were given."""

from __future__ import annotations

import numpy as np
import pytest

from minireg import plots
from minireg.errors import ArgumentError

pytestmark = pytest.mark.host


def captions_of(figure):
    return [ax.get_xlabel() for ax in figure.axes]


def test_rows_may_differ_in_number_and_size_of_images():
    rng = np.random.default_rng(0)
    originals = rng.random((2, 3, 6, 8))
    rows = [rng.random((4, 3, 6, 8)), rng.random((2, 3, 5, 5))]
    axes = plots.image_rows(originals, rows).axes
    shown = [np.moveaxis(ax.images[0].get_array(), -1, 0) for ax in axes]
    expected = [originals[0], *rows[0], originals[1], *rows[1]]
    for got, want in zip(shown, expected, strict=True):
        np.testing.assert_array_equal(got, want)


def test_names_captions_and_title_stand_where_they_belong():
    images, variants = np.zeros((2, 4, 4)), np.zeros((2, 3, 4, 4))
    figure = plots.image_rows(
        images,
        variants,
        names=["a", "b"],
        captions=[["1°", "2°", "3°"], ["4", "5", "6"]],
        title="t",
    )
    assert captions_of(figure) == ["", "1°", "2°", "3°", "", "4", "5", "6"]
    assert [ax.get_ylabel() for ax in figure.axes] == ["a", "", "", "", "b", "", "", ""]
    assert figure.get_suptitle() == "t"


@pytest.mark.parametrize("size", [(28, 28), (20, 50), (50, 20)])
@pytest.mark.parametrize("columns", [1, 9])
def test_no_text_is_cut_off_and_none_overlaps(size, columns):
    images, variants = np.zeros((2, *size)), np.zeros((2, columns, *size))
    figure = plots.image_rows(
        images, variants, names=["gaussian noise"] * 2, captions=[["+0.125"] * columns] * 2,
        title="flip, rotate:10, crop:28:2, " * 8,
        titles=("original", "from the lowest to the highest strength"),
    )  # fmt: skip
    figure.draw_without_rendering()  # lays it out
    assert figure.get_figwidth() <= 9.6
    page = figure.bbox
    texts = [figure._suptitle, *(text for ax in figure.axes for text in texts_of(ax))]
    boxes = [text.get_window_extent() for text in texts]
    boxes += [ax.get_window_extent() for ax in figure.axes]
    for box in boxes:
        assert page.x0 <= box.x0 < box.x1 <= page.x1 + 1
        assert page.y0 - 1 <= box.y0 < box.y1 <= page.y1
    for i, box in enumerate(boxes):
        assert not any(overlap(box, other) for other in boxes[:i])


def texts_of(ax):
    texts = ax.xaxis.label, ax.yaxis.label, ax._left_title
    return [text for text in texts if text.get_text()]


def overlap(a, b):
    width = min(a.x1, b.x1) - max(a.x0, b.x0)
    height = min(a.y1, b.y1) - max(a.y0, b.y0)
    return min(width, height) > 1  # pixel


@pytest.mark.parametrize("ink", [True, False])
def test_high_values_are_dark_as_ink_or_light_on_a_screen(ink):
    image = plots.image_rows(np.ones((1, 2, 2)), np.ones((1, 1, 2, 2)), ink=ink).axes[0].images[0]
    assert image.to_rgba(np.ones(1))[0, 0] == (not ink)


def test_small_images_have_sharp_pixels():
    kinds = {}
    for n in (28, 200):
        ax = plots.image_rows(np.ones((1, n, n)), np.ones((1, 1, n, n))).axes[0]
        kinds[n] = ax.images[0].get_interpolation()
    assert kinds[28] == "nearest"
    assert kinds[200] != "nearest"


def test_histograms_count_every_parameter():
    rng = np.random.default_rng(0)
    parameters = {"degrees": rng.normal(size=100), "top": rng.integers(-2, 3, 100),
                  "flipped": rng.random(100) < 0.3, "far": np.array([0, 1000] * 50),
                  "OneOf.RandomHorizontalFlip.flipped": np.ones(100, bool)}  # fmt: skip
    axes = plots.plot_parameters(parameters).axes
    assert [ax.get_title("left").replace("\n", "") for ax in axes] == list(parameters)
    assert all(sum(bar.get_height() for bar in ax.patches) == 100 for ax in axes)
    heights = [bar.get_height() for bar in axes[1].patches]
    assert heights == [np.sum(parameters["top"] == k) for k in range(-2, 3)]
    labels = [text.get_text() for text in axes[2].get_xticklabels()]
    assert labels == ["False", "True"]


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda x, v: plots.image_rows(x, v, names=["a"]), "names must be 2"),
        (lambda x, v: plots.image_rows(x, v, captions=[["a"]] * 2), r"\[3, 3\] in the rows, got"),
        (lambda x, v: plots.plot_parameters({}), "no parameters"),
        (lambda x, v: plots.plot_parameters({"degrees": []}), "no images"),
    ],
)
def test_texts_and_parameters_must_fit(draw, words):
    with pytest.raises(ArgumentError, match=words):
        draw(np.zeros((2, 4, 4)), np.zeros((2, 3, 4, 4)))
