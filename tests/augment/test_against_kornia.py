"""Transforms and their counterparts in kornia, with the same parameters for each image.

kornia draws parameters for each image of a batch, as minireg does, and blends the fill at the
border, which torchvision does not.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minireg import augment
from minireg.augment import Draw

pytestmark = pytest.mark.host

COUNT = 4
SIDES = st.integers(3, 12)
SEEDS = st.integers(0, 2**32 - 1)


@pytest.fixture(scope="module")
def kornia():
    torch = pytest.importorskip("torch")
    return torch, pytest.importorskip("kornia")


def compare(ours, theirs):
    np.testing.assert_allclose(ours, theirs.numpy(), rtol=0, atol=1e-10)


@given(height=SIDES, width=SIDES, seed=SEEDS, fill=st.floats(0, 1))
def test_rotations_blend_the_fill_as_in_kornia(kornia, height, width, seed, fill):
    torch, peer = kornia
    rng = np.random.default_rng(seed)
    images, degrees = rng.random((COUNT, 3, height, width)), rng.uniform(-180, 180, COUNT)
    center = torch.full((COUNT, 2), 0.5, dtype=torch.float64)
    center *= torch.tensor([width - 1, height - 1])
    turns = peer.geometry.transform.get_rotation_matrix2d(
        center, torch.tensor(degrees), torch.ones(COUNT, 2, dtype=torch.float64)
    )
    theirs = peer.geometry.transform.warp_affine(
        torch.tensor(images),
        turns,
        (height, width),
        padding_mode="fill",
        fill_value=torch.full((3,), fill, dtype=torch.float64),
    )
    t = augment.RandomRotation(180, fill=fill)
    compare(t.apply(images, Draw("RandomRotation", COUNT, {"degrees": degrees})), theirs)


@given(height=SIDES, width=SIDES, seed=SEEDS)
def test_translations_are_those_of_kornia(kornia, height, width, seed):
    torch, peer = kornia
    rng = np.random.default_rng(seed)
    images, shifts = rng.random((COUNT, 2, height, width)), rng.uniform(-1, 1, (COUNT, 2))
    pixels = torch.tensor(shifts * [width, height])
    theirs = peer.geometry.transform.translate(torch.tensor(images), pixels)
    draw = Draw("RandomTranslation", COUNT, {"right": shifts[:, 0], "down": shifts[:, 1]})
    compare(augment.RandomTranslation(1).apply(images, draw), theirs)


@given(height=SIDES, width=SIDES, seed=SEEDS)
def test_scales_are_those_of_kornia(kornia, height, width, seed):
    torch, peer = kornia
    rng = np.random.default_rng(seed)
    images, factors = rng.random((COUNT, 2, height, width)), rng.uniform(0.5, 2, COUNT)
    theirs = peer.geometry.transform.scale(torch.tensor(images), torch.tensor(factors[:, None]))
    draw = Draw("RandomScale", COUNT, {"scale": factors})
    compare(augment.RandomScale((0.5, 2)).apply(images, draw), theirs)


@given(height=SIDES, width=SIDES, seed=SEEDS)
def test_flips_are_those_of_kornia(kornia, height, width, seed):
    torch, peer = kornia
    images = np.random.default_rng(seed).random((COUNT, 2, height, width))
    x = torch.tensor(images)
    compare(augment.RandomHorizontalFlip(p=1)(images), peer.geometry.transform.hflip(x))
    compare(augment.RandomVerticalFlip(p=1)(images), peer.geometry.transform.vflip(x))


@given(height=SIDES, width=SIDES, seed=SEEDS)
def test_blurs_are_those_of_kornia(kornia, height, width, seed):
    torch, peer = kornia
    rng = np.random.default_rng(seed)
    images, sigma = rng.random((COUNT, 2, height, width)), rng.uniform(0.2, 2, COUNT)
    sigmas = torch.tensor(np.stack([sigma, sigma], axis=1))
    theirs = peer.filters.gaussian_blur2d(torch.tensor(images), (5, 5), sigmas)
    draw = Draw("GaussianBlur", COUNT, {"sigma": sigma})
    compare(augment.GaussianBlur(5).apply(images, draw), theirs)
