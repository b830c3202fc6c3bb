"""Contact sheets show exactly what the transforms return, in the right order."""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg.augment import Compose, RandomHorizontalFlip, RandomRotation, parse
from minireg.augment.operations import OPERATIONS
from minireg.augment.sheet import draw_operations, draw_variants
from minireg.batch import Batch
from minireg.errors import ArgumentError

IMAGES = np.random.default_rng(0).integers(0, 256, (3, 3, 9, 12), dtype=np.uint8)


def shown_in(figure):
    """The pixels of each panel as (C, H, W) uint8."""
    pixels = [np.asarray(ax.images[0].get_array()) for ax in figure.axes]
    return [np.round(255 * np.moveaxis(np.atleast_3d(p), -1, 0)).astype(np.uint8) for p in pixels]


def assert_shown(figure, expected):
    for got, want in zip(shown_in(figure), expected, strict=True):
        np.testing.assert_array_equal(got, want)


def test_column_k_is_what_training_shows_in_epoch_k(backend):
    t = parse("flip, rotate:20, crop:8x7", generator=mr.Generator(1))
    images, expected = backend.asarray(IMAGES), []
    epochs = [
        backend.to_host(t(Batch(images, ids=np.arange(3), epoch=epoch)).x) for epoch in range(4)
    ]
    for i, image in enumerate(IMAGES):
        expected += [image, *(epoch[i] for epoch in epochs)]
    figure = t.plot(images, columns=4)
    assert_shown(figure, expected)
    assert figure.get_suptitle() == "flip, rotate:20, crop:8x7"
    assert "8 × 7 pixels" in figure.axes[1].get_title("left")


def test_a_batch_names_its_images():
    t = RandomRotation(20, generator=mr.Generator(1))
    whole = draw_variants(t, IMAGES, 2).draws[1]["degrees"]
    part = draw_variants(t, Batch(IMAGES[1:], ids=np.array([1, 2])), 2).draws[1]["degrees"]
    np.testing.assert_array_equal(part, whole[1:])


@pytest.mark.parametrize("image", [IMAGES[0, 0], np.moveaxis(IMAGES[0], 0, -1)])
def test_a_single_image_has_a_sheet(image, backend):
    channels = IMAGES[:1, :1] if image.ndim == 2 else IMAGES[:1]
    figure = RandomHorizontalFlip(1).plot(backend.asarray(image), columns=1)
    assert_shown(figure, [channels[0], channels[0, ..., ::-1]])


def test_every_operation_has_a_row_from_low_to_high(backend):
    image = np.random.default_rng(1).integers(0, 256, (1, 3, 12, 12), dtype=np.uint8)
    figure = draw_operations(backend.asarray(image), columns=3).plot()
    expected, names = [], []
    for name, operation in OPERATIONS.items():
        strengths = operation.strengths(3)
        assert list(strengths) == sorted(strengths)
        draw = operation.draw(strengths, (12, 12))
        copies = backend.asarray(np.repeat(image, len(strengths), axis=0))
        expected += [image[0], *backend.to_host(operation.transform.apply(copies, draw))]
        names += [name, *[""] * len(strengths)]
    assert_shown(figure, expected)
    assert [ax.get_ylabel().split("\n")[0] for ax in figure.axes] == names


def test_strengths_have_their_units():
    names = ["rotate", "translate_x", "scale", "elastic"]
    figure = draw_operations(IMAGES, names, columns=3).plot()
    captions = [ax.get_xlabel() for ax in figure.axes]
    assert captions[1:4] == ["−30°", "0°", "30°"]
    assert captions[5:8] == ["−0.15", "0", "0.15"]
    assert figure.axes[4].get_ylabel() == "translate_x\n(widths)"
    assert captions[9:12] == ["× 0.8", "× 1", "× 1.25"]
    assert figure.axes[12].get_ylabel() == "elastic\n(alpha)"


@pytest.mark.parametrize(
    ("names", "columns", "heading"),
    [
        (["flip", "rotate"], 2, "from the lowest to the highest strength"),
        (["flip", "vflip"], 9, ""),
        (["rotate"], 1, ""),
    ],
)
def test_the_heading_is_of_strengths_if_there_are_several(names, columns, heading):
    figure = draw_operations(IMAGES, names, columns).plot()
    assert [ax.get_title("left") for ax in figure.axes[:2]] == ["original", heading]


def test_the_only_strength_has_no_caption():
    assert draw_operations(IMAGES, ["flip"]).plot().axes[1].get_xlabel() == ""


def test_a_draw_is_plotted_without_its_keys():
    t = Compose([RandomRotation(20), RandomHorizontalFlip()])
    draw = t.sample(range(50), size=(9, 12))
    draw.parts[0].values["key"] = np.arange(50, dtype=np.uint64)
    titles = [ax.get_title("left") for ax in draw.plot().axes]
    assert titles == ["RandomRotation.degrees", "RandomHorizontalFlip.flipped"]


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: draw_operations(IMAGES, ["rotat"]), "names must be .*'rotate'.* got 'rotat'"),
        (lambda: RandomRotation(20).plot(IMAGES, columns=0), "columns"),
        (lambda: RandomRotation(20).plot(IMAGES[:0]), "no images"),
    ],
)
def test_what_has_no_sheet_is_refused(draw, words):
    with pytest.raises(ArgumentError, match=words):
        draw()
