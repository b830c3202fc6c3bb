"""Camera moves: rotations compared with Pillow, and moves one after the other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import minireg as mr
from minireg.augment import Move, rotation_matrix, warp
from minireg.errors import ArgumentError, ArgumentTypeError


def turned(backend, images, degrees, fill=0.0):
    matrix = rotation_matrix(degrees, *images.shape[2:])
    return backend.to_host(warp(backend.asarray(images), matrix, fill))


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
def test_cosine_and_sine_are_those_of_numpy(backend, degrees):
    a = backend.to_host(rotation_matrix(degrees, 1, 1))
    angle = np.radians(degrees)  # rounded, to 2⁻⁵³ of up to 175
    expected = [[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]
    np.testing.assert_allclose(a[:2, :2], expected, rtol=0, atol=1e-13)


def test_angles_may_be_a_number_an_array_or_a_tensor(backend):
    one = rotation_matrix(30, 4, 6)
    assert one.shape == (3, 3)
    assert isinstance(rotation_matrix(np.float64(30), 4, 6), backend.array_type)
    for angles in (backend.asarray(np.array([30.0, 5.0])), mr.tensor(np.array([30.0, 5.0]))):
        many = rotation_matrix(angles, 4, 6)
        assert many.shape == (2, 3, 3)
        np.testing.assert_array_equal(backend.to_host(many[0]), backend.to_host(one))


@given(degrees=st.floats(-180, 180), height=st.integers(1, 9), width=st.integers(1, 9))
def test_the_centre_stays_where_it_is(backend, degrees, height, width):
    centre = np.array([(height - 1) / 2, (width - 1) / 2, 1])
    a = backend.to_host(rotation_matrix(degrees, height, width))
    np.testing.assert_allclose(a @ centre, centre, rtol=0, atol=1e-14)


def shift(backend, rows, columns, size=(4, 4), **options):
    a = np.eye(3)
    a[:2, 2] = rows, columns
    return Move(backend.asarray(a[None]), size, **options)


def test_two_moves_are_one_and_only_the_last_size_counts(backend):
    image = np.arange(16, dtype=np.uint8).reshape(1, 1, 4, 4)
    first = shift(backend, 1, 1, size=(3, 3), exact=True)
    second = shift(backend, -1, 0, size=(2, 4), exact=True, fill=99)
    both = first.then(second)
    assert both.size == (2, 4)
    assert both.exact
    assert both.fill == 99
    seen = backend.to_host(both.apply(backend.asarray(image)))[0, 0]
    # Row 0 and column 4 lie outside the result of the first move, but not outside the image.
    np.testing.assert_array_equal(seen, [[1, 2, 3, 99], [5, 6, 7, 99]])


def test_a_chain_is_exact_if_all_of_its_moves_are(backend):
    half, whole = shift(backend, 0.5, 0), shift(backend, 1, 0, exact=True)
    assert not whole.then(half).exact
    assert not half.then(whole).exact
    assert whole.then(whole).exact


def test_different_fills_are_not_one_move(backend):
    black, white, none = (shift(backend, 0, 0, fill=fill) for fill in (0, 1, None))
    assert not black.joins(white)
    assert black.joins(none)
    assert none.joins(white)
    assert none.then(white).fill == white.then(none).fill == 1
    with pytest.raises(ArgumentError, match=r"different fills \(0 and 1\) cannot be combined"):
        black.then(white)


@pytest.mark.parametrize(
    ("degrees", "error", "sentence"),
    [
        ([30, 5], ArgumentTypeError, "degrees must be a number, got"),
        (float("inf"), ArgumentError, "degrees must be finite"),
        (np.zeros((2, 2)), ArgumentError, r"a number or of shape \(N,\), got \(2, 2\)"),
    ],
)
@pytest.mark.host
def test_values_that_are_not_angles_are_refused(degrees, error, sentence):
    with pytest.raises(error, match=sentence):
        rotation_matrix(degrees, 4, 4)
