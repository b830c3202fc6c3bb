"""References of exercises are what minireg does."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

import minireg as mr
from minireg.augment import RandomHorizontalFlip, rotation_matrix
from minireg.exercises.path.flip import flip
from minireg.exercises.path.rotation import rotation, rotation_inverse

pytestmark = pytest.mark.host


@pytest.mark.parametrize("degrees", [0, 90, 30.0, -120.0, 400.0])
@pytest.mark.parametrize(("height", "width"), [(1, 1), (3, 3), (5, 8), (6, 3)])
def test_pixels_come_from_where_minireg_finds_them(degrees, height, width):
    expected = rotation_matrix(degrees, height, width)[:2]
    assert_allclose(rotation_inverse(degrees, height, width), expected, atol=1e-12)


def test_a_pixel_moves_where_the_rotation_says():
    image = np.zeros((1, 1, 3, 3))
    image[0, 0, 1, 2] = 1  # on the right of the centre
    turned = mr.affine_sample(image, rotation_matrix(90, 3, 3)).numpy()
    row, column = np.rint(rotation(90) @ [0, 1]).astype(int) + 1
    assert turned[0, 0, row, column] == pytest.approx(1)


def test_images_are_flipped_as_by_minireg():
    image = np.random.default_rng(0).random((2, 1, 4, 5))
    assert_allclose(flip(image), RandomHorizontalFlip(p=1.0)(image))
