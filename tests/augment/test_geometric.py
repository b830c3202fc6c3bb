"""Transforms that move pixels: their signs, what undoes them, and masks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg import Batch
from minireg.augment import (
    Compose,
    RandomAffine,
    RandomHorizontalFlip,
    RandomQuarterTurn,
    RandomRotation,
    RandomScale,
    RandomShear,
    RandomTranslation,
    RandomVerticalFlip,
)
from tests.augment.moving import (
    DTYPES,
    IMAGES,
    NEUTRAL,
    PARAMETERS,
    SHAPES,
    SQUARE_IMAGES,
    SQUARES,
    affine,
    applied,
    assert_close,
    moved,
    random_images,
    warp_by_scipy,
)

# -- signs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("t", "values", "start", "end"),
    [
        (RandomRotation(90), {"degrees": 90.0}, (4, 8), (0, 4)),
        (RandomRotation(90), {"degrees": -90.0}, (4, 8), (8, 4)),
        (RandomQuarterTurn(), {"turns": 1}, (4, 8), (0, 4)),
        (RandomTranslation(1), {"right": 2 / 9, "down": 0.0}, (4, 4), (4, 6)),
        (RandomTranslation(1), {"right": 0.0, "down": 2 / 9}, (4, 4), (6, 4)),
        (RandomScale((1, 2)), {"scale": 2.0}, (4, 6), (4, 8)),
        (RandomScale((1, 2)), {"scale": 2.0}, (3, 4), (2, 4)),
        (RandomShear(50), {"shear_x": 45.0}, (1, 4), (1, 7)),
        (RandomShear(50), {"shear_x": 45.0}, (7, 4), (7, 1)),
        (RandomShear((0, 0, 0, 50)), {"shear_x": 0.0, "shear_y": 45.0}, (4, 7), (1, 7)),
        (RandomShear((0, 0, 0, 50)), {"shear_x": 0.0, "shear_y": 45.0}, (4, 1), (7, 1)),
        (RandomHorizontalFlip(), {"flipped": True}, (2, 1), (2, 7)),
        (RandomVerticalFlip(), {"flipped": True}, (2, 1), (6, 1)),
    ],
)
def test_a_marked_pixel_goes_where_the_sign_says(backend, t, values, start, end):
    image = np.zeros((1, 1, 9, 9), dtype=np.uint8)
    image[(0, 0, *start)] = 200
    result = applied(backend, t, image, **values)
    assert result[(0, 0, *end)] == 200
    assert np.unravel_index(result[0, 0].argmax(), (9, 9)) == end


def test_shear_comes_first_and_translation_last(backend):
    image = np.zeros((1, 1, 9, 9), dtype=np.uint8)
    image[0, 0, 3, 4] = 200  # (x, y) = (0, 1)
    values = {"degrees": 90.0, "right": 1 / 9, "down": 0.0, "scale": 2.0, "shear_x": 45.0}
    t = RandomAffine(180, 1, (1, 2), 50)
    # Shear: (1, 1); scale: (2, 2); turn: (−2, 2); shift: (−1, 2).
    assert applied(backend, t, image, **values)[0, 0, 2, 3] == 200


# -- what returns, and what stays ------------------------------------------------------------------


@given(images=IMAGES)
@pytest.mark.parametrize(("flip", "axis"), [(RandomHorizontalFlip, 3), (RandomVerticalFlip, 2)])
def test_flips_reverse_an_axis_and_undo_themselves(backend, flip, axis, images):
    once = moved(backend, flip(p=1), images)
    np.testing.assert_array_equal(once, np.flip(images, axis))
    assert once.dtype == images.dtype
    np.testing.assert_array_equal(moved(backend, flip(p=1), once), images)
    np.testing.assert_array_equal(moved(backend, flip(p=0), images), images)


@given(images=SQUARE_IMAGES, turns=st.integers(0, 9))
def test_quarter_turns_are_those_of_numpy(backend, images, turns):
    ours = moved(backend, RandomQuarterTurn((turns,)), images)
    np.testing.assert_array_equal(ours, np.rot90(images, turns, axes=(2, 3)))
    assert ours.dtype == images.dtype


@given(images=SQUARE_IMAGES)
def test_four_quarter_turns_are_the_identity(backend, images):
    turned, quarter = images, RandomQuarterTurn((1,))
    for _ in range(4):
        turned = moved(backend, quarter, turned)
    np.testing.assert_array_equal(turned, images)
    np.testing.assert_array_equal(moved(backend, Compose([quarter] * 4), images), images)


@given(images=IMAGES)
def test_half_turns_take_oblong_images(backend, images):
    ours = moved(backend, RandomQuarterTurn((2,)), images)
    np.testing.assert_array_equal(ours, images[:, :, ::-1, ::-1])


@given(images=IMAGES, values=PARAMETERS)
def test_a_constant_image_stays_constant(backend, images, values):
    images[...] = fill = images[0, 0, 0, 0]
    ours = applied(backend, affine(fill=float(fill)), images, **values)
    np.testing.assert_allclose(ours, images, rtol=2 * np.finfo(np.float32).eps, atol=0)


@given(images=IMAGES, degrees=st.floats(-180, 180))
def test_there_and_back_in_one_pipeline_is_the_identity(backend, images, degrees):
    there, back = RandomRotation((degrees, degrees)), RandomRotation((-degrees, -degrees))
    np.testing.assert_array_equal(moved(backend, Compose([there, back]), images), images)


@given(images=IMAGES)
def test_an_affine_transform_of_nothing_is_the_identity(backend, images):
    np.testing.assert_array_equal(moved(backend, RandomAffine(None), images), images)


@given(shape=SQUARES, seed=st.integers(0, 99))
def test_a_pipeline_is_the_product_of_its_matrices(backend, shape, seed):
    images, generator = random_images(shape, seed=seed), mr.Generator(seed)
    t = Compose(
        [
            RandomAffine(30, 0.2, (0.5, 2), 20, generator=generator.spawn()),
            RandomQuarterTurn(generator=generator.spawn()),
            RandomScale((0.5, 2), generator=generator.spawn()),
            RandomVerticalFlip(generator=generator.spawn()),
            RandomTranslation(0.3, generator=generator.spawn()),
        ]
    )
    draw = t.sample(len(images), size=shape[2:])
    ours = backend.to_host(t.apply(backend.asarray(images), draw))
    for i, image in enumerate(images):
        matrix = np.eye(3)
        for inner, part in zip(t.transforms, draw.parts, strict=True):
            matrix = matrix @ inner.move(part, shape[2:]).matrices[i]
        assert_close(ours[i], [warp_by_scipy(plane, matrix) for plane in image])


@given(shape=SHAPES, dtype=DTYPES, values=PARAMETERS)
def test_a_fill_may_have_a_value_for_each_channel(backend, shape, dtype, values):
    images = random_images((shape[0], 3, *shape[2:]), dtype)
    fills = (10, 200, 30) if dtype == np.uint8 else (0.1, 0.9, 0.3)
    for chosen in (values, NEUTRAL | {"scale": 0.5}, NEUTRAL | {"right": 1.0}):  # three paths
        together = applied(backend, affine(fill=fills), images, **chosen)
        for k, fill in enumerate(fills):
            alone = applied(backend, affine(fill=fill), images[:, k : k + 1], **chosen)
            assert_close(together[:, k : k + 1], alone)


# -- masks -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "t",
    [
        affine(fill=0.7),
        RandomTranslation(0.5, fill=1.0),
        RandomHorizontalFlip(),
        RandomVerticalFlip(),
        RandomQuarterTurn(),
    ],
    ids=lambda t: type(t).__name__,
)
def test_masks_move_by_the_nearest_with_0_outside(backend, t):
    t.generator = mr.Generator(0)
    masks = np.random.default_rng(0).integers(1, 9, (12, 1, 8, 8))
    batch = Batch(backend.zeros((12, 1, 8, 8)), ids=np.arange(12), masks=backend.asarray(masks))
    result = backend.to_host(t(batch).masks)
    assert result.dtype == masks.dtype
    matrices = t.move(t.sample(batch.ids, 0, (8, 8)), (8, 8)).matrices
    for mask, ours, matrix in zip(masks, result, matrices, strict=True):
        np.testing.assert_array_equal(ours[0], warp_by_scipy(mask[0], matrix, order=0))


def test_the_mask_of_a_marked_pixel_follows_it(backend):
    image = np.zeros((1, 1, 9, 9), dtype=np.uint8)
    image[0, 0, 2, 5] = 255  # (x, y) = (1, 2)
    t = RandomAffine((90, 90), shear=(45, 45), fill=200)
    result = t(Batch(backend.asarray(image), masks=backend.asarray(image // 85)))
    # Shear: (3, 2); turn: (−2, 3).
    x, masks = backend.to_host(result.x), backend.to_host(result.masks)
    assert np.argwhere(x[0, 0] == 255).tolist() == [[1, 2]]
    assert np.argwhere(masks[0, 0] > 0).tolist() == [[1, 2]]
    assert masks[0, 0, 1, 2] == 3
