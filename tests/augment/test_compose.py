"""Several transforms in a row: their order, one resampling, and what splits a chain."""

import numpy as np
import pytest

import minireg as mr
from minireg import Batch
from minireg.augment import (
    Compose,
    ImageTransform,
    Move,
    RandomCrop,
    RandomHorizontalFlip,
    RandomRotation,
)
from minireg.augment.moves import EXACT, choose_paths
from minireg.data import load_mnist5k

DIGITS = load_mnist5k()[0].x[:32]


@pytest.fixture
def resamplings(monkeypatch):
    """A list that gets, for each time the pixels are moved, whether that only copies pixels."""
    moved = []
    apply = Move.apply

    def counted(move, images):
        moved.append(bool((choose_paths(move) == EXACT).all()))
        return apply(move, images)

    monkeypatch.setattr(Move, "apply", counted)
    return moved


@pytest.mark.parametrize("turn_first", [True, False])
def test_a_chain_is_its_transforms_in_their_order(backend, turn_first):
    # One resampling and one exact copy: here the result must be that of two separate calls.
    batch = Batch(backend.asarray(DIGITS / 255), ids=np.arange(32), epoch=2)
    turn, crop = RandomRotation(30), RandomCrop((20, 24))
    first, second = (turn, crop) if turn_first else (RandomHorizontalFlip(), turn)
    together = backend.to_host(Compose([first, second])(batch).x)
    apart = backend.to_host(second(first(batch)).x)
    np.testing.assert_allclose(together, apart, rtol=0, atol=1e-12)
    swapped = backend.to_host(Compose([second, first])(batch).x)
    assert np.abs(swapped - together).max() > 0.1


def test_flips_and_crops_in_a_row_copy_pixels_exactly(backend, resamplings):
    batch = Batch(backend.asarray(DIGITS), ids=np.arange(32), epoch=2)
    flip, crop = RandomHorizontalFlip(), RandomCrop(28, padding=4, fill=9)
    together = Compose([flip, crop])(batch).x
    assert resamplings == [True]
    apart = crop(flip(batch)).x
    np.testing.assert_array_equal(backend.to_host(together), backend.to_host(apart))


def test_pixels_outside_the_first_crop_can_come_back(backend):
    image = np.arange(36, dtype=np.uint8).reshape(1, 1, 6, 6)
    padded = np.pad(image[0, 0], 1)
    inner, outer = RandomCrop(2), RandomCrop(4, padding=1)
    seen = backend.to_host(Compose([inner, outer])(backend.asarray(image)))[0, 0]
    # All of it lies inside the image: the window of 2 × 2 did not cut it off.
    windows = [padded[i : i + 4, j : j + 4] for i in range(5) for j in range(5)]
    assert any((seen == window).all() for window in windows)
    assert np.count_nonzero(seen) > 4


@pytest.mark.parametrize(
    ("transforms", "expected"),
    [
        ([RandomRotation(5), RandomHorizontalFlip(), RandomCrop(28, padding=2)], [False]),
        ([RandomRotation(5, fill=9), RandomHorizontalFlip(), RandomCrop(20)], [False]),
        ([RandomRotation(5, fill=9), RandomCrop(28, padding=2)], [False, True]),
        ([RandomRotation(5), Compose([RandomCrop(28, 2), RandomRotation(5)])], [False]),
        ([RandomRotation(5), lambda images: images, RandomCrop(28, padding=2)], [False, True]),
        ([RandomRotation(5).eval(), RandomCrop(28, padding=2)], [True]),
        ([Compose([RandomRotation(5)]).eval(), RandomCrop(28, padding=2)], [True]),
        ([], []),
    ],
)
def test_neighbouring_moves_are_one_resampling(backend, resamplings, transforms, expected):
    Compose(transforms)(backend.asarray(DIGITS))
    assert resamplings == expected


def test_functions_are_called_with_what_came_before_them(backend):
    seen = []

    def invert(images):
        seen.append(images.shape)
        return 255 - images

    t = Compose([RandomCrop(20), invert, RandomCrop(24, padding=2, fill=7)])
    result = backend.to_host(t(backend.asarray(DIGITS)))
    assert seen == [(32, 1, 20, 20)]
    assert result.shape == (32, 1, 24, 24)
    assert (result[:, :, 0] == 7).all()  # the fill of the second crop is not inverted


class Brightness(ImageTransform):
    """A transform that moves nothing: pixels times a random factor."""

    draws = 1

    def draw_parameters(self, u, size):
        return {"factor": u[:, 0]}

    def change_images(self, images, draw):
        return images * draw.read("factor", images)


def test_other_random_transforms_get_ids_and_epoch(backend):
    images = backend.asarray(DIGITS / np.float32(255))
    t = Compose([RandomHorizontalFlip(p=1), Brightness()])
    together = t(Batch(images, ids=np.arange(32), epoch=3)).x
    factors = t.transforms[1].sample(np.arange(32), 3)["factor"].astype(np.float32)
    expected = DIGITS[:, :, :, ::-1] / np.float32(255) * factors[:, None, None, None]
    np.testing.assert_array_equal(backend.to_host(together), expected)


def test_transforms_draw_for_the_size_that_they_get():
    t = Compose([RandomCrop(20), RandomCrop((18, 4)), RandomRotation(5)])
    draw = t.sample(100, size=(28, 28))
    assert [part.size for part in draw.parts] == [(28, 28), (20, 20), (18, 4)]
    assert (draw.parts[1]["top"].max(), draw.parts[1]["left"].max()) == (2, 16)


def test_evaluation_mode_reaches_everything_inside(backend):
    images = backend.asarray(DIGITS)
    called = []
    inner = RandomRotation(5)
    t = Compose([Compose([inner]), called.append]).eval()
    assert not inner.training
    assert t(images) is images
    assert called == []  # functions are augmentation, too
    assert t.train().training
    assert inner.training


def test_tensors_go_through_as_tensors(backend):
    t = Compose([RandomRotation(5), RandomCrop(20)])
    result = t(mr.tensor(DIGITS / np.float32(255)))
    assert isinstance(result, mr.Tensor)
    assert result.shape == (32, 1, 20, 20)
