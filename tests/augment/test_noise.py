"""Gaussian noise and blur: what they add, what they average, and other libraries."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage, stats

import minireg as mr
from minireg import Batch
from minireg.augment import Draw, GaussianBlur, GaussianNoise
from minireg.errors import ArgumentError, ArgumentTypeError
from minireg.random import hash_normal
from tests.peers import import_torchvision

seeds = st.integers(0, 999)
KEYS = np.array([3, 2**64 - 1], dtype=np.uint64)


def make_images(seed, shape, dtype="float64"):
    x = np.random.default_rng(seed).integers(256, size=shape, dtype=np.uint8)
    return x if dtype == "uint8" else (x / 255).astype(dtype)


# -- noise -----------------------------------------------------------------------------------------


def add_noise(backend, t, images, sigma):
    draw = Draw("GaussianNoise", 2, {"sigma": sigma, "key": KEYS})
    return backend.to_host(t.apply(backend.asarray(images), draw))


@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64"])
@pytest.mark.parametrize("mean", [0.0, -0.3])
def test_noise_is_hashed_from_the_key_of_each_image(backend, dtype, mean):
    x, sigma = make_images(0, (2, 3, 5, 4), dtype), np.array([0.05, 0.5])
    y = add_noise(backend, GaussianNoise(mean), x, sigma)
    noise = mean + sigma.reshape(2, 1, 1, 1) * hash_normal(KEYS, (3, 5, 4), "float64")
    if dtype == "uint8":
        assert abs(y - np.clip(x + 255 * noise, 0, 255)).max() < 0.5 + 1e-2
    else:
        tolerance = 1e-12 if dtype == "float64" else 2e-5
        np.testing.assert_allclose(y, np.clip(x + noise, 0, 1), atol=tolerance)


def test_without_clip_floats_may_leave_the_unit_interval(backend):
    x = make_images(0, (2, 3, 5, 4)) - 4
    y = add_noise(backend, GaussianNoise(1, clip=False), x, np.array([0.0, 2.0]))
    noise = np.array([0.0, 2.0]).reshape(2, 1, 1, 1) * hash_normal(KEYS, (3, 5, 4), "float64")
    np.testing.assert_allclose(y, x + 1 + noise, atol=1e-12)


def test_uint8_is_clipped_with_or_without_clip(backend):
    x = make_images(0, (2, 3, 5, 4), "uint8")
    clipped, other = (
        add_noise(backend, GaussianNoise(0, 1, clip), x, [9, 9]) for clip in (1 > 0, 1 < 0)
    )
    np.testing.assert_array_equal(clipped, other)
    assert {0, 255} <= set(clipped.ravel().tolist())


@pytest.mark.host
def test_noise_is_normal_and_independent():
    t = GaussianNoise(0.1, 0.3, clip=False, generator=mr.Generator(1))
    x = np.zeros((60, 3, 16, 16))
    z = np.stack([t(Batch(x, ids=range(60), epoch=e)).x for e in (0, 1)])
    z = (z - 0.1) / 0.3
    # Each of these fails for one seed in 10⁷: images, epochs, channels, rows, columns.
    assert stats.kstest(z.ravel(), "norm").pvalue > 1e-7
    for axis in range(5):
        one, other = (np.take(z, range(a, z.shape[axis] - 1 + a), axis) for a in (0, 1))
        assert abs((one * other).mean()) * np.sqrt(one.size) < stats.norm.isf(5e-8)


@pytest.mark.host
def test_each_image_has_its_own_sigma():
    t = GaussianNoise(sigma=(0.1, 2), clip=False, generator=mr.Generator(1))
    x = np.zeros((500, 1, 32, 32))
    draw = t.sample(range(500))
    # Each of these fails for one seed in 10⁷.
    assert stats.kstest((draw["sigma"] - 0.1) / 1.9, "uniform").pvalue > 1e-7
    squares = ((t.apply(x, draw)[:, 0] / draw["sigma"][:, None, None]) ** 2).sum(axis=(1, 2))
    assert stats.kstest(squares, stats.chi2(1024).cdf).pvalue > 1e-7


# -- blur ------------------------------------------------------------------------------------------


def blur(backend, images, kernel_size, sigma):
    draw = Draw("GaussianBlur", len(sigma), {"sigma": sigma})
    return backend.to_host(GaussianBlur(kernel_size).apply(backend.asarray(images), draw))


sigmas = st.lists(st.floats(0.05, 5), min_size=1, max_size=3)
radii = st.integers(0, 4)


@given(sigma=sigmas, radius=radii, height=st.integers(5, 9), width=st.integers(5, 9), seed=seeds)
def test_blur_is_that_of_scipy(backend, sigma, radius, height, width, seed):
    x = make_images(seed, (len(sigma), 2, height, width))
    y = blur(backend, x, 2 * radius + 1, sigma)
    for image, blurred, s in zip(x, y, sigma, strict=True):
        options = {"mode": "mirror", "radius": radius, "axes": (1, 2)}
        theirs = ndimage.gaussian_filter(image, s, **options)
        np.testing.assert_allclose(blurred, theirs, atol=1e-12)


@pytest.mark.parametrize(
    ("dtype", "tolerance"), [("uint8", 1), ("float32", 1e-6), ("float64", 1e-12)]
)
@given(sigma=sigmas, radius=radii, seed=seeds)
def test_blur_is_that_of_torchvision(backend, dtype, tolerance, sigma, radius, seed):
    functional, torch = import_torchvision().functional, pytest.importorskip("torch")
    x, k = make_images(seed, (len(sigma), 3, 6, 7), dtype), 2 * radius + 1
    y = blur(backend, x, k, sigma)
    assert y.dtype == dtype
    for image, blurred, s in zip(x, y, sigma, strict=True):
        theirs = functional.gaussian_blur(torch.tensor(image), k, s).numpy()
        np.testing.assert_allclose(blurred.astype(float), theirs, atol=tolerance)


@given(sigma=sigmas, seed=seeds)
def test_blurred_uint8_is_rounded(backend, sigma, seed):
    x = make_images(seed, (len(sigma), 1, 6, 7), "uint8")
    exact = blur(backend, x.astype(np.float64), 5, sigma)
    assert abs(blur(backend, x, 5, sigma) - exact).max() < 0.5 + 1e-3


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
@pytest.mark.parametrize(("kernel_size", "sigma"), [(1, 2.0), (5, 1e-3)])
def test_a_blur_without_neighbours_is_the_identity(backend, dtype, kernel_size, sigma):
    x = make_images(0, (2, 1, 4, 5), dtype)
    np.testing.assert_array_equal(blur(backend, x, kernel_size, [sigma] * 2), x)


@given(value=st.integers(0, 255), sigma=st.floats(0.05, 5))
def test_a_constant_image_stays_constant(backend, value, sigma):
    x = np.full((1, 1, 5, 5), value, dtype=np.uint8)
    np.testing.assert_array_equal(blur(backend, x, 7, [sigma]), x)


# -- bad input -------------------------------------------------------------------------------------

SMALL = np.zeros((1, 1, 9, 3))


@pytest.mark.host
@pytest.mark.parametrize(
    ("build", "error", "argument", "sentence"),
    [
        (lambda: GaussianNoise("no"), ArgumentTypeError, "mean", "mean must be a number"),
        (lambda: GaussianNoise(np.inf), ArgumentError, "mean", "finite"),
        (lambda: GaussianNoise(0, -1), ArgumentError, "sigma", "at least 0, got -1"),
        (lambda: GaussianNoise(0, (2, 1)), ArgumentError, "sigma", "needs a ≤ b"),
        (lambda: GaussianNoise(0, 1, "no"), ArgumentTypeError, "clip", "True or False"),
        (lambda: GaussianNoise()(SMALL + 2), ArgumentError, "images", r"in \[0, 1\], got"),
        (lambda: GaussianBlur(4), ArgumentError, "kernel_size", "must be odd.*got 4"),
        (lambda: GaussianBlur(-1), ArgumentError, "kernel_size", "at least 1"),
        (lambda: GaussianBlur((3, 3)), ArgumentTypeError, "kernel_size", "a whole number"),
        (lambda: GaussianBlur(3, 0), ArgumentError, "sigma", "greater than 0"),
        (lambda: GaussianBlur(3, (0, 1)), ArgumentError, "sigma", "greater than 0"),
        (lambda: GaussianBlur(7)(SMALL), ArgumentError, "kernel_size", r"=7 reaches 3.*\(9, 3\)"),
    ],
)
def test_what_does_not_fit_is_refused(build, error, argument, sentence):
    with pytest.raises(error, match=sentence) as caught:
        build()
    assert caught.value.argument == argument
