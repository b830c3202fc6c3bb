"""Affine moves, compared with SciPy and torchvision."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from minireg.augment import (
    RandomRotation,
    RandomScale,
    RandomShear,
    RandomTranslation,
    affine_matrix,
)
from tests.augment.moving import (
    IMAGES,
    PARAMETERS,
    SHAPES,
    affine,
    applied,
    assert_close,
    moved,
    random_images,
    warp_by_scipy,
)
from tests.peers import import_torchvision


def forward_matrix(size, degrees, right, down, scale, shear_x, shear_y):
    """The map of points (x, y, 1) that the docstring states, with y up from the centre."""
    a = np.radians(degrees)
    turn = [[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]]
    sheared_y = [[1, 0, 0], [np.tan(np.radians(shear_y)), 1, 0], [0, 0, 1]]
    sheared_x = [[1, np.tan(np.radians(shear_x)), 0], [0, 1, 0], [0, 0, 1]]
    matrix = np.diag([scale, scale, 1]) @ turn @ sheared_y @ sheared_x
    matrix[:2, 2] = right * size[1], -down * size[0]
    return matrix


def from_pixels(size):
    """The matrix from (row, column, 1) to (x, y, 1)."""
    height, width = size
    return np.array([[0, 1, -(width - 1) / 2], [-1, 0, (height - 1) / 2], [0, 0, 1]])


@given(images=IMAGES, values=PARAMETERS)
@settings(max_examples=60)
def test_an_affine_move_is_that_of_scipy(backend, images, values):
    size = images.shape[2:]
    fill = 51 if images.dtype == np.uint8 else 0.2
    pixels = from_pixels(size)
    matrix = np.linalg.inv(pixels) @ np.linalg.inv(forward_matrix(size, **values)) @ pixels
    expected = [[warp_by_scipy(plane, matrix, fill) for plane in image] for image in images]
    assert_close(applied(backend, affine(fill=fill), images, **values), expected)


@given(images=IMAGES, degrees=st.floats(-180, 180))
def test_a_rotation_is_that_of_scipy(backend, images, degrees):
    expected = ndimage.rotate(
        images.astype(np.float64), degrees, (3, 2), reshape=False, order=1, mode="grid-constant"
    )
    assert_close(moved(backend, RandomRotation((degrees, degrees)), images), expected)


@given(values=PARAMETERS, size=st.tuples(*[st.integers(2, 9)] * 2))
def test_the_nearest_pixel_is_that_of_scipy(backend, values, size):
    images, matrix = random_images((1, 2, *size)), affine_matrix(*size, **values)
    points = np.einsum("kl,lij->kij", matrix, [*np.mgrid[: size[0], : size[1]], np.ones(size)])
    clear = (np.abs(points[:2] % 1 - 0.5) > 1e-9).all(axis=0)  # not between two pixels
    ours = applied(backend, affine(interpolation="nearest"), images, **values)[0]
    for plane, result in zip(images[0], ours, strict=True):
        expected = warp_by_scipy(plane, matrix, order=0)
        np.testing.assert_array_equal(result[clear], expected[clear])


@given(
    images=IMAGES,
    mode=st.sampled_from(["constant", "edge", "reflect", "symmetric"]),
    values=PARAMETERS,
    name=st.sampled_from(["affine", "rotation", "translation", "scale", "shear"]),
)
@settings(max_examples=60)
def test_what_is_outside_is_that_of_scipy(backend, images, mode, values, name):
    t = {
        "affine": affine(padding_mode=mode),
        "rotation": RandomRotation(180, padding_mode=mode),
        "translation": RandomTranslation(1, padding_mode=mode),
        "scale": RandomScale((0.3, 3), padding_mode=mode),
        "shear": RandomShear(60, padding_mode=mode),
    }[name]
    values = {key: values[key] for key in t.ranges()}
    matrix = affine_matrix(*images.shape[2:], **values)
    expected = [[warp_by_scipy(plane, matrix, 0, mode) for plane in image] for image in images]
    assert_close(applied(backend, t, images, **values), expected)


@pytest.fixture(scope="module")
def torchvision():
    """PyTorch and the functions of torchvision."""
    return pytest.importorskip("torch"), import_torchvision("transforms.v2.functional")


@given(shape=SHAPES, values=PARAMETERS, seed=st.integers(0, 99))
@pytest.mark.host
def test_affine_is_that_of_torchvision_turned_back(backend, torchvision, shape, values, seed):
    torch, functional = torchvision
    images, (height, width) = random_images(shape, seed=seed), shape[2:]
    expected = functional.affine(
        torch.tensor(images),
        -values["degrees"],  # theirs turns clockwise
        [values["right"] * width, values["down"] * height],
        values["scale"],
        [values["shear_x"], values["shear_y"]],
        functional.InterpolationMode.BILINEAR,
    )
    assert_close(applied(backend, affine(), images, **values), expected.numpy())


@given(shape=SHAPES, degrees=st.floats(-180, 180), seed=st.integers(0, 99))
@pytest.mark.host
def test_rotation_is_that_of_torchvision(backend, torchvision, shape, degrees, seed):
    torch, functional = torchvision
    images = random_images(shape, seed=seed)
    bilinear = functional.InterpolationMode.BILINEAR
    expected = functional.rotate(torch.tensor(images), degrees, bilinear).numpy()
    assert_close(moved(backend, RandomRotation((degrees, degrees)), images), expected)
