"""Resampling: compared with SciPy, PyTorch, Pillow, and plain indexing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from scipy import ndimage

import minireg as mr
from minireg.augment import rotation_matrix, warp
from minireg.augment.warp import copy_pixels
from minireg.errors import ArgumentError, ArgumentTypeError


def affine_matrices(rng, count):
    """Out → in matrices of moderate camera moves, for (row, column)."""
    a = np.zeros((count, 3, 3))
    a[:, :2, :2] = np.eye(2) + rng.normal(0, 0.4, (count, 2, 2))
    a[:, :2, 2] = rng.normal(0, 3, (count, 2))
    a[:, 2, 2] = 1
    return a


def on_backend(backend, array):
    return backend.asarray(array)


@given(seed=st.integers(0, 2**32), fill=st.sampled_from([0.0, 0.3, 1.0]))
def test_warp_equals_scipy_with_a_constant_grid(backend, seed, fill):
    rng = np.random.default_rng(seed)
    n, c, height, width = rng.integers(1, 7, 4)
    images, matrices = rng.random((n, c, height, width)), affine_matrices(rng, n)
    size = tuple(int(k) for k in rng.integers(1, 9, 2))
    ours = warp(on_backend(backend, images), on_backend(backend, matrices), size, fill)
    for i in range(n):
        for k in range(c):
            theirs = ndimage.affine_transform(
                images[i, k],
                matrices[i, :2, :2],
                offset=matrices[i, :2, 2],
                output_shape=size,
                order=1,
                mode="grid-constant",
                cval=fill,
            )
            np.testing.assert_allclose(backend.to_host(ours)[i, k], theirs, atol=1e-12)


def test_warp_equals_grid_sample_of_pytorch():
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    images, a = rng.random((4, 2, 5, 7)), affine_matrices(rng, 4)
    size = (6, 4)

    def normalised(height, width):  # pixel (x, y) → [−1, 1], half-pixel borders
        return np.array([[2 / width, 0, 1 / width - 1], [0, 2 / height, 1 / height - 1], [0, 0, 1]])

    swap = np.array([[0, 1, 0], [1, 0, 0], [0, 0, 1]])  # (row, column) ↔ (x, y)
    theta = normalised(5, 7) @ (swap @ a @ swap) @ np.linalg.inv(normalised(*size))
    grid = torch.nn.functional.affine_grid(
        torch.tensor(theta[:, :2]), (4, 2, *size), align_corners=False
    )
    theirs = torch.nn.functional.grid_sample(torch.tensor(images), grid, align_corners=False)
    ours = warp(mr.tensor(images), mr.tensor(a), size)
    np.testing.assert_allclose(ours.numpy(), theirs.numpy(), atol=1e-12)


@given(seed=st.integers(0, 2**32), fill=st.floats(0, 1))
def test_a_constant_image_stays_constant_if_the_fill_is_the_same(backend, seed, fill):
    images = np.full((3, 1, 6, 5), fill)
    matrices = affine_matrices(np.random.default_rng(seed), 3)
    ours = warp(on_backend(backend, images), on_backend(backend, matrices), fill=fill)
    np.testing.assert_allclose(backend.to_host(ours), images, atol=1e-15)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270, -90, 360])
def test_right_angles_of_square_images_are_those_of_pillow(backend, degrees):
    image = np.random.default_rng(1).integers(0, 256, (6, 6), dtype=np.uint8)
    matrices = rotation_matrix(backend.asarray(np.array([float(degrees)])), 6, 6)
    ours = warp(backend.asarray(image[None, None]), matrices)
    theirs = np.asarray(Image.fromarray(image).rotate(degrees))
    np.testing.assert_array_equal(backend.to_host(ours)[0, 0], theirs)


@given(degrees=st.floats(-180, 180), seed=st.integers(0, 2**32))
def test_rotation_is_that_of_scipy(backend, degrees, seed):
    image = np.random.default_rng(seed).random((7, 5))
    matrices = rotation_matrix(backend.asarray(np.array([degrees])), 7, 5)
    ours = warp(backend.asarray(image[None, None]), matrices)
    theirs = ndimage.rotate(image, degrees, reshape=False, order=1, mode="grid-constant")
    np.testing.assert_allclose(backend.to_host(ours)[0, 0], theirs, atol=1e-12)


def test_a_positive_angle_turns_counter_clockwise_on_the_screen(backend):
    image = np.zeros((1, 1, 5, 5))
    image[0, 0, 2, 4] = 1  # a marker in the middle of the right border
    turned = warp(backend.asarray(image), rotation_matrix(backend.asarray(np.array([90.0])), 5, 5))
    np.testing.assert_allclose(backend.to_host(turned)[0, 0, 0, 2], 1)  # goes to the top


def test_uint8_is_rounded_and_stays_uint8(backend):
    images = np.array([[[[0, 255], [0, 255]]]], dtype=np.uint8)
    a_bit = np.array([[1, 0, 0], [0, 1, -0.3], [0, 0, 1]])
    ours = warp(backend.asarray(images), backend.asarray(a_bit))
    # 0.7 · 255 = 178.5 is rounded to the even neighbour 178 (in float32: 178.49999).
    assert backend.to_host(ours).tolist() == [[[[0, 178], [0, 178]]]]
    assert ours.dtype == np.uint8


def test_tensors_give_tensors_and_arrays_arrays(backend):
    images = mr.ones((2, 1, 3, 3))
    identity = backend.asarray(np.eye(3))
    assert isinstance(warp(images, identity), mr.Tensor)
    assert isinstance(warp(images.data, identity), backend.array_type)


@given(seed=st.integers(0, 2**32))
def test_copying_pixels_is_slicing_a_padded_image(backend, seed):
    rng = np.random.default_rng(seed)
    n, c, height, width = rng.integers(1, 6, 4)
    images = rng.integers(0, 256, (n, c, height, width), dtype=np.uint8)
    pad, fill = 3, 7
    padded = np.pad(images, ((0, 0), (0, 0), (pad, pad), (pad, pad)), constant_values=fill)
    shifts = rng.integers(-pad, pad + 1, (n, 2))
    flips = rng.integers(0, 2, n)
    matrices = np.tile(np.eye(3), (n, 1, 1))
    matrices[:, :2, 2] = shifts
    matrices[flips == 1, 1, 1] = -1
    matrices[flips == 1, 1, 2] += width - 1
    ours = backend.to_host(
        copy_pixels(backend.asarray(images), backend.asarray(matrices), fill=fill)
    )
    for i in range(n):
        top, left = shifts[i] + pad
        columns = np.arange(width)
        if flips[i]:
            columns = width - 1 - columns
        index = columns + left
        wide = np.pad(padded[i], ((0, 0), (0, 0), (20, 20)), constant_values=fill)
        np.testing.assert_array_equal(ours[i], wide[:, top : top + height][:, :, index + 20])


@pytest.mark.parametrize(
    ("images", "error", "sentence"),
    [
        (np.zeros((28, 28)), ArgumentError, r"\(N, C, H, W\), got \(28, 28\).*images\[None\]"),
        (np.zeros((1, 1, 2, 2), dtype=np.int64), ArgumentTypeError, "uint8 or floating-point"),
        ([[1.0]], ArgumentTypeError, "uint8 or floating-point images, got list"),
    ],
)
def test_what_is_no_batch_of_images_is_refused(images, error, sentence):
    with pytest.raises(error, match=sentence):
        warp(images, np.eye(3))


def test_matrices_that_do_not_fit_and_impossible_fills_are_refused():
    with pytest.raises(ArgumentError, match=r"2 images need \(2, 3, 3\) matrices, got \(3, 3, 3\)"):
        warp(np.zeros((2, 1, 2, 2)), np.zeros((3, 3, 3)))
    with pytest.raises(ArgumentError, match="fill must be a whole number from 0 to 255"):
        warp(np.zeros((1, 1, 2, 2), dtype=np.uint8), np.eye(3), fill=0.5)
