"""Copying pixels: compared with slices of padded images, with quarter turns, with SciPy."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from scipy import ndimage

from minireg.augment.exact import copy_pixels
from tests.guarded import counting

MODES = ("constant", "edge", "reflect", "symmetric")
SCIPY = dict(zip(MODES, ("grid-constant", "nearest", "mirror", "reflect")))
SEEDS = st.integers(0, 2**32)
FLIP_ROWS, FLIP_COLUMNS, TURN = np.diag([-1.0, 1, 1]), np.diag([1.0, -1, 1]), np.eye(3)[[1, 0, 2]]
PADDING = 16


def copied(backend, images, matrices, size, **options):
    """`copy_pixels` on the test's backend, from the host and back to it."""
    return backend.to_host(copy_pixels(backend.asarray(images), matrices, size, **options))


def pad(images, fill, mode):
    """All images with PADDING more pixels on each side."""
    width = ((0, 0), (0, 0), (PADDING, PADDING), (PADDING, PADDING))
    if mode != "constant":
        return np.pad(images, width, mode)
    padded = np.pad(images, width)
    inside = np.pad(np.ones(images.shape, dtype=bool), width)
    return np.where(inside, padded, np.reshape(fill, (-1, 1, 1)).astype(images.dtype))


def shift(row, column):
    return np.array([[1.0, 0, row], [0, 1, column], [0, 0, 1]])


def draw_windows(rng, images, size, fill, mode, turns):
    """Random matrices, and what they show by slices of padded images."""
    matrices, expected = [], []
    for padded in pad(images, fill, mode):
        turned = turns and rng.random() < 0.5
        height, width = size[::-1] if turned else size
        top, left = rng.integers(-8, 9, 2)
        matrix = shift(top, left)
        window = padded[:, PADDING + top :, PADDING + left :][:, :height, :width]
        if rng.random() < 0.5:  # row i shows row (height − 1) − i of the window
            matrix = matrix @ shift(height - 1, 0) @ FLIP_ROWS
            window = window[:, ::-1]
        if rng.random() < 0.5:
            matrix = matrix @ shift(0, width - 1) @ FLIP_COLUMNS
            window = window[:, :, ::-1]
        if turned:  # rows and columns exchanged
            matrix, window = matrix @ TURN, window.swapaxes(1, 2)
        matrices.append(matrix)
        expected.append(window)
    return np.array(matrices), np.array(expected)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("dtype", [np.uint8, np.float16, np.float32, np.float64])
@given(seed=SEEDS, turns=st.booleans())
def test_copies_are_slices_of_padded_images(backend, mode, dtype, seed, turns):
    rng = np.random.default_rng(seed)
    n, channels, height, width = (int(k) for k in rng.integers(1, 7, 4))
    images = rng.integers(0, 256, (n, channels, height, width)).astype(dtype)
    fill = rng.integers(0, 256, channels)
    size = tuple(int(k) for k in rng.integers(1, 8, 2))
    matrices, expected = draw_windows(rng, images, size, fill, mode, turns)
    ours = copied(backend, images, matrices, size, fill=fill, mode=mode)
    assert ours.dtype == dtype
    assert ours.flags.c_contiguous
    np.testing.assert_array_equal(ours, expected)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("turns", [False, True])
@pytest.mark.parametrize("shape", [(70, 3, 50, 60), (9, 3, 400, 405)])  # several blocks
def test_copies_of_larger_images_are_slices_too(backend, mode, turns, shape):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, shape, dtype=np.uint8)
    size = (shape[2] + 2, shape[3] - 5)
    matrices, expected = draw_windows(rng, images, size, 7, mode, turns)
    ours = copied(backend, images, matrices, size, fill=7, mode=mode)
    np.testing.assert_array_equal(ours, expected)


def test_quarter_turns_are_those_of_numpy(backend):
    images = np.random.default_rng(0).random((8, 2, 5, 5))
    quarter = np.array([[0.0, 1, 0], [-1, 0, 4], [0, 0, 1]])
    matrices = np.array([np.linalg.matrix_power(quarter, k) for k in range(8)])
    expected = [np.rot90(image, k, axes=(1, 2)) for k, image in enumerate(images)]
    np.testing.assert_array_equal(copied(backend, images, matrices, (5, 5)), expected)


def test_a_flip_twice_is_the_identity(backend):
    images = np.random.default_rng(0).random((3, 2, 4, 7))
    flip = np.tile(shift(0, 6) @ FLIP_COLUMNS, (3, 1, 1))
    once = copied(backend, images, flip, (4, 7))
    np.testing.assert_array_equal(copied(backend, once, flip, (4, 7)), images)


def test_values_that_are_not_numbers_are_copied(backend):
    images = np.array([[[[np.nan, np.inf, -0.0]]]])
    ours = copied(backend, images, shift(0, 2)[None] @ FLIP_COLUMNS, (1, 3))
    np.testing.assert_array_equal(ours, images[..., ::-1])


@pytest.mark.parametrize("mode", MODES)
@given(seed=SEEDS)
def test_any_matrix_shows_the_nearest_pixels_of_scipy(backend, mode, seed):
    rng = np.random.default_rng(seed)
    n, channels, height, width = (int(k) for k in rng.integers(1, 7, 4))
    images = rng.random((n, channels, height, width))
    matrices = np.tile(np.eye(3), (n, 1, 1))
    matrices[:, :2] += rng.normal(0, 1, (n, 2, 3))
    theirs = [
        [
            ndimage.affine_transform(
                channel, a, output_shape=(5, 4), order=0, mode=SCIPY[mode], cval=0.3
            )
            for channel in image
        ]
        for image, a in zip(images, matrices)
    ]
    ours = copied(backend, images, matrices, (5, 4), fill=0.3, mode=mode)
    np.testing.assert_array_equal(ours, theirs)


def test_a_resize_to_the_nearest_pixel_is_that_of_pillow(backend):
    image = np.random.default_rng(0).integers(0, 256, (7, 5), dtype=np.uint8)
    row, column = 7 / 11, 5 / 3
    matrix = np.diag([row, column, 1])
    matrix[:2, 2] = row / 2 - 0.5, column / 2 - 0.5
    theirs = Image.fromarray(image).resize((3, 11), Image.Resampling.NEAREST)
    ours = copied(backend, image[None, None], matrix[None], (11, 3))
    np.testing.assert_array_equal(ours[0, 0], theirs)


@pytest.mark.parametrize("far", [30.0, 1e300])
def test_far_away_everything_is_the_fill_or_the_edge(backend, far):
    images = np.arange(12.0).reshape(1, 1, 3, 4)
    matrices = shift(-far, far)[None]
    ours = copied(backend, images, matrices, (2, 2), fill=0.3)
    np.testing.assert_array_equal(ours, np.full((1, 1, 2, 2), 0.3))
    ours = copied(backend, images, matrices, (2, 2), mode="edge")
    np.testing.assert_array_equal(ours, np.full((1, 1, 2, 2), 3))  # the upper right pixel


@pytest.mark.parametrize("shape", [(0, 1, 4, 4), (2, 0, 4, 4), (2, 1, 0, 4)])
def test_nothing_gives_the_fill_or_nothing(backend, shape):
    ours = copied(backend, np.zeros(shape), np.tile(np.eye(3), (shape[0], 1, 1)), (3, 2), fill=0.5)
    np.testing.assert_array_equal(ours, np.full((*shape[:2], 3, 2), 0.5))


@pytest.mark.parametrize("mode", MODES)
def test_a_copy_is_new_and_takes_one_upload(backend, mode):
    host = np.random.default_rng(0).integers(0, 256, (3, 1, 5, 5), dtype=np.uint8)
    images, matrices = backend.asarray(host.copy()), np.tile(np.eye(3), (3, 1, 1))
    with counting() as counts:
        result = copy_pixels(images, matrices, (5, 5), mode=mode)
        result += 1
    uploads = 1 if backend.name == "guarded" else 0
    assert (counts.host_reads, counts.uploads) == (0, uploads), counts.where()
    np.testing.assert_array_equal(backend.to_host(images), host)


@pytest.mark.host
@pytest.mark.parametrize("angle", ["flip", "quarter turn", "nearest"])
def test_a_copy_needs_little_memory_beside_its_result(angle):
    images = np.zeros((64, 3, 160, 160), dtype=np.uint8)
    matrices = {
        "flip": shift(9, 155) @ FLIP_COLUMNS,
        "quarter turn": shift(0, 159) @ TURN @ FLIP_ROWS,
        "nearest": np.diag([0.7, 0.9, 1]),
    }
    some = np.where(np.arange(64)[:, None, None] % 2, matrices[angle], np.eye(3))
    tracemalloc.start()
    copy_pixels(images, some, (160, 160))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak <= 3 * images.nbytes
