"""Camera moves: rotations compared with Pillow, and moves one after the other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from minireg.augment import Move, rotation_matrix
from minireg.augment.moves import EXACT, GATHER, SEPARABLE, choose_paths
from minireg.errors import ArgumentError, ArgumentTypeError


def turned(backend, images, degrees, fill=0.0):
    matrices = rotation_matrix(np.full(len(images), degrees), *images.shape[2:])
    move = Move(matrices, images.shape[2:], fill)
    return backend.to_host(move.apply(backend.asarray(images)))


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
@pytest.mark.parametrize("side", [1, 6, 7])
@pytest.mark.parametrize("degrees", [0, 90, 180, 270, -90, 360, 3690])
def test_right_angles_rearrange_a_square_image_as_in_pillow(backend, dtype, side, degrees):
    image = np.random.default_rng(1).integers(0, 256, (side, side)).astype(dtype)
    image = image if dtype == np.uint8 else image / dtype(255)
    ours = turned(backend, image[None, None], degrees)[0, 0]
    np.testing.assert_array_equal(ours, np.rot90(image, degrees // 90))
    if dtype != np.float64:  # Pillow has no such images
        np.testing.assert_array_equal(ours, np.asarray(Image.fromarray(image).rotate(degrees)))


@given(degrees=st.floats(-180, 180))
def test_rotation_is_that_of_pillow_inside_the_image(backend, degrees):
    image = np.random.default_rng(0).random((21, 21), dtype=np.float32)
    theirs = Image.fromarray(image).rotate(degrees, Image.Resampling.BILINEAR)
    ours = turned(backend, image[None, None], degrees)[0, 0]
    row, column = np.mgrid[-10:11, -10:11]
    inside = row**2 + column**2 <= 9**2  # Pillow does not blend the border with the fill
    np.testing.assert_allclose(ours[inside], np.asarray(theirs)[inside], rtol=0, atol=1e-5)


@given(degrees=st.floats(-1e4, 1e4))
def test_cosine_and_sine_are_those_of_numpy(degrees):
    a = rotation_matrix(degrees, 1, 1)
    angle = np.radians(degrees)  # rounded, to 2⁻⁵³ of up to 175
    expected = [[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]
    np.testing.assert_allclose(a[:2, :2], expected, rtol=0, atol=1e-13)


def test_angles_may_be_a_number_or_an_array():
    one = rotation_matrix(30, 4, 6)
    assert one.shape == (3, 3)
    np.testing.assert_array_equal(rotation_matrix(np.float64(30), 4, 6), one)
    many = rotation_matrix(np.array([30.0, 5.0]), 4, 6)
    assert many.shape == (2, 3, 3)
    np.testing.assert_array_equal(many[0], one)


@given(degrees=st.floats(-180, 180), height=st.integers(1, 9), width=st.integers(1, 9))
def test_the_centre_stays_where_it_is(degrees, height, width):
    centre = np.array([(height - 1) / 2, (width - 1) / 2, 1])
    a = rotation_matrix(degrees, height, width)
    np.testing.assert_allclose(a @ centre, centre, rtol=0, atol=1e-14)


def shift(rows, columns, size=(4, 4), **options):
    a = np.eye(3)
    a[:2, 2] = rows, columns
    return Move(a[None], size, **options)


def test_two_moves_are_one_and_only_the_last_size_counts(backend):
    image = np.arange(16, dtype=np.uint8).reshape(1, 1, 4, 4)
    both = shift(1, 1, size=(3, 3)).then(shift(-1, 0, size=(2, 4), fill=99))
    assert both.size == (2, 4)
    assert both.fill == 99
    seen = backend.to_host(both.apply(backend.asarray(image)))[0, 0]
    # Row 0 and column 4 lie outside the result of the first move, but not outside the image.
    np.testing.assert_array_equal(seen, [[1, 2, 3, 99], [5, 6, 7, 99]])


def test_the_path_of_an_image_follows_from_its_matrix_alone():
    flip, quarter, zoom = np.diag([1.0, -1, 1]), rotation_matrix(90, 4, 4), np.eye(3) / 2
    turn, half = rotation_matrix(1, 4, 4), np.eye(3)
    zoom[2, 2], half[0, 2] = 1, 0.5
    rounded = rotation_matrix(20, 4, 4) @ rotation_matrix(-20, 4, 4)  # not quite the identity
    move = Move(np.stack([flip, quarter, rounded, zoom, half, turn]), (4, 4), 0)
    assert choose_paths(move).tolist() == [EXACT, EXACT, EXACT, SEPARABLE, SEPARABLE, GATHER]


def test_images_of_one_batch_may_take_different_paths(backend):
    images = np.random.default_rng(0).random((6, 2, 5, 5))
    degrees = np.array([0, 90, 20, -7, 180, 360.0])
    move = Move(rotation_matrix(degrees, 5, 5), (5, 5), 0.5)
    together = backend.to_host(move.apply(backend.asarray(images)))
    for i in range(6):
        alone = move.select(np.array([i])).apply(backend.asarray(images[i : i + 1]))
        np.testing.assert_array_equal(together[i], backend.to_host(alone)[0])


def test_different_fills_modes_or_interpolations_are_not_one_move():
    black, white, none = (shift(0, 0, fill=fill) for fill in (0, 1, None))
    assert not black.joins(white)
    assert black.joins(none)
    assert none.joins(white)
    assert none.then(white).fill == white.then(none).fill == 1
    assert not black.joins(black._replace(mode="edge"))
    assert not black.joins(black._replace(interpolation="nearest"))
    assert none.then(black._replace(interpolation="nearest")).interpolation == "nearest"
    assert black._replace(mode="edge").joins(white._replace(mode="edge"))
    with pytest.raises(ArgumentError, match=r"different fills or modes \(0, 'constant' and 1,"):
        black.then(white)


def test_a_window_moves_with_flips_and_crops_before_it():
    # Rows 1 to 2 and columns 0 to 2 of an image of 4 × 6 that was flipped, then cut at row 1.
    window = np.array([[[1.0, 3], [0, 3]]])
    flip = Move(np.array([[[1.0, 0, 1], [0, -1, 5], [0, 0, 1]]]), (3, 6))
    cut = Move(np.eye(3)[None], (2, 3), window=window, antialias=True)
    assert flip.joins(cut)
    both = flip.then(cut)
    np.testing.assert_array_equal(both.window, [[[2, 4], [3, 6]]])
    assert both.antialias
    assert cut.then(flip).window is window
    assert not cut.joins(cut)
    assert not shift(0, 0, fill=0).joins(cut)
    assert not cut.joins(Move(rotation_matrix(np.array([5.0]), 3, 3), (3, 3)))


@pytest.mark.parametrize(
    ("degrees", "error", "sentence"),
    [
        ([30, None], ArgumentTypeError, "degrees must be a number, got"),
        (float("inf"), ArgumentError, "degrees must be finite"),
        (np.zeros((2, 2)), ArgumentError, r"a number or of shape \(N,\), got \(2, 2\)"),
    ],
)
@pytest.mark.host
def test_values_that_are_not_angles_are_refused(degrees, error, sentence):
    with pytest.raises(error, match=sentence):
        rotation_matrix(degrees, 4, 4)
