"""Resize and resized crops, compared with Pillow, PyTorch and torchvision."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from minireg import Batch, Generator
from minireg.augment import (
    CenterCrop,
    Compose,
    Draw,
    Move,
    RandomHorizontalFlip,
    RandomResizedCrop,
    RandomRotation,
    Resize,
)
from minireg.errors import ArgumentError, ArgumentTypeError
from tests.peers import import_torchvision

SIDES = st.integers(1, 12)
SIZES = st.tuples(SIDES, SIDES)
# PyTorch 2.13 is wrong about antialiased results of one column; Pillow is the reference there.
SEVERAL_COLUMNS = st.tuples(SIDES, st.integers(2, 12))


@st.composite
def host_images(draw, dtype=np.float64):
    """(2, 3, H, W) of a random size, on the host."""
    levels = np.random.default_rng(draw(st.integers(0, 99))).integers(0, 256, (2, 3, *draw(SIZES)))
    return levels.astype(np.uint8) if dtype == np.uint8 else (levels / 255).astype(dtype)


@st.composite
def boxes_of(draw, images, only_odd=False):
    """The draw of a resized crop for these images: any windows inside them.

    In windows of odd sides no point lies between two pixels, so the nearest one is unique.
    """
    values = {"top": [], "left": [], "height": [], "width": []}
    for _ in images:
        for start, length, n in zip(("top", "left"), ("height", "width"), images.shape[2:]):
            values[length].append(draw(st.sampled_from(range(1, n + 1, 1 + only_odd))))
            values[start].append(draw(st.integers(0, n - values[length][-1])))
    return Draw("RandomResizedCrop", len(images), values)


def boxes_as_rows(draw):
    return np.stack([draw[key] for key in ("top", "left", "height", "width")], axis=1).tolist()


def resize_by_pillow(image, size, resample=Image.Resampling.BILINEAR, box=None):
    picture = Image.fromarray(image).resize(size[::-1], resample, box)
    return np.asarray(picture)


# -- Resize ----------------------------------------------------------------------------------------


@given(images=host_images(np.float32), size=SIZES)
def test_resize_is_that_of_pillow(backend, images, size):
    ours = backend.to_host(Resize(size)(backend.asarray(images)))
    for image, resized in zip(images.reshape(-1, *images.shape[2:]), ours.reshape(-1, *size)):
        np.testing.assert_allclose(resized, resize_by_pillow(image, size), rtol=0, atol=1e-6)


@given(images=host_images(np.uint8), size=SIZES)
def test_uint8_images_are_resized_and_rounded(backend, images, size):
    ours = backend.to_host(Resize(size)(backend.asarray(images))).astype(int)
    exact = Resize(size)(images / 255) * 255
    np.testing.assert_allclose(ours, exact, rtol=0, atol=0.5 + 1e-4)
    for image, resized in zip(images.reshape(-1, *images.shape[2:]), ours.reshape(-1, *size)):
        np.testing.assert_allclose(resized, resize_by_pillow(image, size), rtol=0, atol=1)


@settings(max_examples=100)
@given(images=host_images(), size=SEVERAL_COLUMNS, antialias=st.booleans())
def test_resize_is_that_of_pytorch(backend, images, size, antialias):
    torch = pytest.importorskip("torch")
    ours = Resize(size, antialias=antialias)(backend.asarray(images))
    expected = torch.nn.functional.interpolate(
        torch.tensor(images), size, mode="bilinear", align_corners=False, antialias=antialias
    )
    np.testing.assert_allclose(backend.to_host(ours), expected.numpy(), rtol=0, atol=1e-12)


@pytest.mark.host
def test_one_number_is_the_shorter_side_as_in_torchvision():
    functional = import_torchvision().functional
    torch = pytest.importorskip("torch")
    for height, width, size in product((1, 2, 3, 7), (1, 3, 10), (1, 2, 5)):
        image = np.zeros((1, 1, height, width), dtype=np.float32)
        expected = functional.resize(torch.tensor(image), [size]).shape
        assert Resize(size)(image).shape == tuple(expected)
        assert Resize(size).output_size((height, width)) == tuple(expected[2:])


def test_resize_acts_in_evaluation(backend):
    images = backend.asarray(np.full((2, 3, 6, 9), 200, dtype=np.uint8))
    resized = backend.to_host(Resize(2).eval()(images))
    np.testing.assert_array_equal(resized, np.full((2, 3, 2, 3), 200, dtype=np.uint8), strict=True)


def test_an_image_of_this_size_stays_as_it_is(backend):
    images = np.random.default_rng(0).random((2, 3, 6, 9))
    for t in (Resize((6, 9)), Resize(6), RandomResizedCrop((6, 9)).eval()):
        ours = backend.to_host(t(backend.asarray(images)))
        np.testing.assert_array_equal(ours, images, strict=True)


# -- resized crops ---------------------------------------------------------------------------------


@settings(max_examples=100)
@given(images=host_images(), size=SEVERAL_COLUMNS, antialias=st.booleans(), data=st.data())
def test_a_resized_crop_is_that_of_torchvision(backend, images, size, antialias, data):
    functional = import_torchvision().functional
    torch = pytest.importorskip("torch")
    draw = data.draw(boxes_of(images))
    t = RandomResizedCrop(size, antialias=antialias)
    ours = backend.to_host(t.apply(backend.asarray(images), draw))
    for image, box, crop in zip(images, boxes_as_rows(draw), ours):
        expected = functional.resized_crop(torch.tensor(image), *box, size, antialias=antialias)
        np.testing.assert_allclose(crop, expected.numpy(), rtol=0, atol=1e-6)


@settings(max_examples=100)
@given(images=host_images(np.float32), size=SIZES, data=st.data())
def test_a_resized_crop_is_that_of_pillow(backend, images, size, data):
    draw = data.draw(boxes_of(images))
    ours = backend.to_host(RandomResizedCrop(size).apply(backend.asarray(images), draw))
    for image, (top, left, height, width), crop in zip(images, boxes_as_rows(draw), ours):
        window = image[0, top : top + height, left : left + width]
        np.testing.assert_allclose(crop[0], resize_by_pillow(window, size), rtol=0, atol=1e-6)


@given(images=host_images(np.uint8), size=SIZES, data=st.data())
def test_masks_show_the_nearest_label_in_the_window(backend, images, size, data):
    draw = data.draw(boxes_of(images, only_odd=True))
    masks = np.arange(images[:, :1].size, dtype=np.int32).reshape(images[:, :1].shape)
    batch = Batch(backend.asarray(images), masks=backend.asarray(masks))
    ours = backend.to_host(RandomResizedCrop(size).apply(batch, draw).masks)
    nearest = RandomResizedCrop(size, interpolation="nearest")
    pixels = backend.to_host(nearest.apply(backend.asarray(masks / 1000), draw))
    np.testing.assert_array_equal(ours, np.rint(pixels * 1000))
    for mask, (top, left, height, width), moved in zip(masks, boxes_as_rows(draw), ours):
        window = mask[0, top : top + height, left : left + width]
        expected = resize_by_pillow(window, size, Image.Resampling.NEAREST)
        np.testing.assert_array_equal(moved[0], expected, strict=True)


# -- evaluation ------------------------------------------------------------------------------------


@given(images=host_images(), size=SIZES)
def test_in_evaluation_the_largest_central_window_is_seen(backend, images, size):
    t = RandomResizedCrop(size, generator=Generator(0)).eval()
    (top, left, height, width), (rows, columns) = (
        boxes_as_rows(t.sample(1, size=images.shape[2:]))[0],
        images.shape[2:],
    )
    assert height == rows or width == columns
    # The ratio is that of the result, as near as a window of whole pixels comes to it.
    if height < rows:
        assert abs(height - width * size[0] / size[1]) <= 0.5 or height == 1
    if width < columns:
        assert abs(width - height * size[1] / size[0]) <= 0.5 or width == 1
    assert 0 <= rows - height - 2 * top <= 1
    assert 0 <= columns - width - 2 * left <= 1
    ours = backend.to_host(t(backend.asarray(images)))
    window = images[:, :, top : top + height, left : left + width]
    np.testing.assert_allclose(ours, Resize(size)(window), rtol=0, atol=1e-12)
    assert t.generator.position == 0


# -- one after the other ---------------------------------------------------------------------------


@pytest.fixture
def moved(monkeypatch):
    """A list that gets the size of the result each time that pixels are moved."""
    sizes, apply = [], Move.apply

    def counted(move, images):
        sizes.append(move.size)
        return apply(move, images)

    monkeypatch.setattr(Move, "apply", counted)
    return sizes


def flip(seed):
    return RandomHorizontalFlip(generator=Generator(seed))


@pytest.mark.parametrize("antialias", [True, False])
@pytest.mark.parametrize(
    ("make", "steps"),
    [
        (lambda t: [flip(1), t, flip(2)], [(5, 8)]),
        (lambda t: [CenterCrop((11, 7)), t, CenterCrop(4)], [(4, 4)]),
        (lambda t: [t, RandomRotation(20)], [(5, 8), (5, 8)]),  # antialiased first, then turned
        (lambda t: [t, CenterCrop((7, 8))], [(5, 8), (7, 8)]),  # what is around is not seen
    ],
)
def test_a_chain_is_its_steps_in_few_resamplings(backend, moved, make, steps, antialias):
    images = np.random.default_rng(0).random((40, 2, 12, 9))
    for t in (
        RandomResizedCrop((5, 8), (0.2, 1), antialias=antialias, generator=Generator(3)),
        Resize((5, 8), antialias=antialias),
    ):
        batch, chain = Batch(backend.asarray(images), ids=np.arange(40)), make(t)
        moved.clear()
        together = backend.to_host(Compose(chain)(batch).x)
        assert moved == steps
        for step in chain:
            batch = step(batch)
        np.testing.assert_allclose(together, backend.to_host(batch.x), rtol=0, atol=1e-12)


def test_bytes_are_resampled_once_on_their_path(backend):
    images = backend.asarray(np.full((30, 3, 10, 10), 77, dtype=np.uint8))
    t = Compose([flip(1), RandomResizedCrop(6, generator=Generator(0))])
    ours = backend.to_host(t(images))
    np.testing.assert_array_equal(ours, np.full((30, 3, 6, 6), 77, dtype=np.uint8), strict=True)


# -- what is refused, what is shown ----------------------------------------------------------------

CROP = RandomResizedCrop(4)


@pytest.mark.host
@pytest.mark.parametrize(
    ("build", "error", "sentence"),
    [
        (lambda: Resize(0), ArgumentError, "size must be at least 1, got 0"),
        (lambda: Resize((4, 0)), ArgumentError, "size must be at least 1, got 0"),
        (lambda: Resize((1, 2, 3)), ArgumentError, r"size must be \(height, width\) or one number"),
        (lambda: Resize(2.5), ArgumentTypeError, "size must be a whole number, got 2.5"),
        (lambda: Resize(2, interpolation="bicubic"), ArgumentError, "'bilinear' or 'nearest'"),
        (lambda: Resize(2, antialias=None), ArgumentTypeError, "antialias must be True or False"),
        (lambda: RandomResizedCrop(0), ArgumentError, "size must be at least 1, got 0"),
        (lambda: RandomResizedCrop(4, 0.5), ArgumentError, r"scale must be \(a, b\), got 0.5"),
        (lambda: RandomResizedCrop(4, (0, 1)), ArgumentError, "scale must be greater than 0"),
        (lambda: RandomResizedCrop(4, (1, 0.5)), ArgumentError, "scale=.a, b. needs a ≤ b, got"),
        (lambda: RandomResizedCrop(4, ratio=(-1, 1)), ArgumentError, "ratio must be greater than"),
        (lambda: RandomResizedCrop(4, ratio=(2, 1)), ArgumentError, "ratio=.a, b. needs a ≤ b"),
        (
            lambda: RandomResizedCrop(4).sample([0]),
            ArgumentError,
            r"RandomResizedCrop draws .* size=\(height, width\)",
        ),
        (
            lambda: CROP.apply(np.zeros((2, 1, 8, 6)), CROP.sample(2, size=(9, 9))),
            ArgumentError,
            r"drawn for images of \(9, 9\), got images of \(8, 6\)",
        ),
    ],
)
def test_impossible_sizes_are_refused(build, error, sentence):
    with pytest.raises(error, match=sentence):
        build()


@pytest.mark.host
def test_representations_show_how_to_make_the_resize():
    t = Compose([Resize((8, 9), antialias=False), Resize(6), RandomResizedCrop(4, (0.5, 1))])
    assert repr(t) == (
        "Compose([Resize(size=(8, 9), antialias=False), Resize(size=6), "
        "RandomResizedCrop(size=(4, 4), scale=(0.5, 1), ratio=(0.75, 1.33333))])"
    )
    assert t.output_size(None) == (4, 4)
    assert Resize(3).output_size(None) is None
