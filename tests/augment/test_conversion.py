"""Normalization and conversion to floats: they act on every image, in evaluation too."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from minireg.augment import Compose, Normalize, ToTensor
from minireg.errors import ArgumentError, ArgumentTypeError
from tests.guarded import counting
from tests.peers import import_torchvision

PIXELS = np.random.default_rng(0).integers(256, size=(4, 3, 5, 6), dtype=np.uint8)

numbers = st.floats(-2, 2)
positive = st.floats(0.1, 2)


# -- normalize -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-5)])
@given(
    mean=st.lists(numbers, min_size=3, max_size=3), std=st.lists(positive, min_size=3, max_size=3)
)
def test_normalizing_is_that_of_torchvision(backend, dtype, tolerance, mean, std):
    functional, torch = import_torchvision().functional, pytest.importorskip("torch")
    x = (PIXELS / 255).astype(dtype)
    y = backend.to_host(Normalize(mean, std)(backend.asarray(x)))
    assert y.dtype == dtype
    theirs = functional.normalize(torch.tensor(x), mean, std).numpy()
    np.testing.assert_allclose(y, theirs, atol=tolerance)


def test_statistics_of_the_images_give_mean_0_and_std_1(backend):
    x = PIXELS / 255
    t = Normalize(x.mean(axis=(0, 2, 3)), x.std(axis=(0, 2, 3)))
    y = backend.to_host(t(backend.asarray(x)))
    np.testing.assert_allclose(y.mean(axis=(0, 2, 3)), 0, atol=1e-12)
    np.testing.assert_allclose(y.std(axis=(0, 2, 3)), 1)


def test_one_number_is_for_all_channels(backend):
    x = backend.asarray(PIXELS / 255)
    one, three = Normalize(0.5, 0.25)(x), Normalize([0.5] * 3, [0.25] * 3)(x)
    np.testing.assert_array_equal(backend.to_host(one), backend.to_host(three))


def test_normalizing_does_not_change_its_input_or_wait(backend):
    x = backend.asarray(PIXELS / 255)
    with counting() as counts:
        Normalize((0.1, 0.2, 0.3), 0.5)(x)
    assert counts.host_reads == 0, counts.where()
    np.testing.assert_array_equal(backend.to_host(x), PIXELS / 255)


# -- to floats -------------------------------------------------------------------------------------


def test_uint8_becomes_the_nearest_float32(backend):
    x = np.arange(256, dtype=np.uint8).reshape(1, 1, 16, 16)
    y = backend.to_host(ToTensor()(backend.asarray(x)))
    assert y.dtype == np.float32
    np.testing.assert_array_equal(y, (x / 255.0).astype(np.float32))


def test_uint8_becomes_what_it_is_in_torchvision(backend):
    functional, torch = import_torchvision().functional, pytest.importorskip("torch")
    y = backend.to_host(ToTensor()(backend.asarray(PIXELS)))
    theirs = functional.to_dtype(torch.tensor(PIXELS), torch.float32, scale=True)
    np.testing.assert_allclose(y, theirs.numpy(), rtol=2e-7)  # it multiplies by 1 / 255


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_floats_stay_as_they_are(backend, dtype):
    x = (PIXELS / 255).astype(dtype)
    y = backend.to_host(ToTensor()(backend.asarray(x)))
    assert y.dtype == dtype
    np.testing.assert_array_equal(y, x)


@pytest.mark.host
@pytest.mark.parametrize(
    ("mode", "shape"), [("L", (1, 5, 6)), ("RGB", (3, 5, 6)), ("RGBA", (4, 5, 6))]
)
def test_a_picture_becomes_an_array_with_channels_first(mode, shape):
    functional = import_torchvision().functional
    picture = Image.fromarray(np.moveaxis(PIXELS[0], 0, 2)).convert(mode)
    y = ToTensor()(picture)
    assert (y.shape, y.dtype) == (shape, np.float32)
    np.testing.assert_array_equal(y, functional.pil_to_tensor(picture).numpy() / np.float32(255))
    np.testing.assert_array_equal(ToTensor()(np.asarray(picture)), y)


# -- both ------------------------------------------------------------------------------------------


def test_both_act_in_evaluation(backend):
    x = backend.asarray(PIXELS)
    t = Compose([ToTensor(), Normalize(0.5, 0.5)])
    y = backend.to_host(t(x))
    np.testing.assert_allclose(y, PIXELS / 127.5 - 1, atol=1e-6)
    np.testing.assert_array_equal(backend.to_host(t.eval()(x)), y)


@pytest.mark.host
def test_neither_draws_anything():
    for t in (ToTensor(), Normalize(0, 1)):
        assert (t.generators(), t.sample(3).columns()) == ([], {})


@pytest.mark.host
@pytest.mark.parametrize(
    ("build", "error", "argument", "sentence"),
    [
        (lambda: Normalize("no", 1), ArgumentTypeError, "mean", "mean must be a number"),
        (lambda: Normalize([0, np.nan, 0], 1), ArgumentError, "mean", "finite"),
        (lambda: Normalize([[0], [1, 2]], 1), ArgumentTypeError, "mean", "mean must be a number"),
        (lambda: Normalize(0, 0), ArgumentError, "std", "greater than 0"),
        (lambda: Normalize(0, (1, -1, 1)), ArgumentError, "std", "greater than 0"),
        (lambda: Normalize((0, 0), 1)(PIXELS / 255), ArgumentError, "mean", "2 numbers.*3 chan"),
        (lambda: Normalize(0, (1,))(PIXELS / 255), ArgumentError, "std", "1 numbers.*3 channels"),
        (lambda: Normalize(0, 1)(PIXELS), ArgumentTypeError, "images", r"Put ToTensor\(\) before"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(build, error, argument, sentence):
    with pytest.raises(error, match=sentence) as caught:
        build()
    assert caught.value.argument == argument
