"""The contracts of all transforms that change the values of pixels and not their places."""

import tracemalloc

import numpy as np
import pytest

import minireg as mr
from minireg import Batch, augment
from minireg.backend import blocks
from tests.guarded import counting

RANDOM = {
    "brightness": lambda g: augment.RandomBrightness(0.8, generator=g),
    "contrast": lambda g: augment.RandomContrast(0.8, generator=g),
    "saturation": lambda g: augment.RandomSaturation(0.8, generator=g),
    "jitter": lambda g: augment.ColorJitter(0.5, 0.5, 0.5, 0.2, generator=g),
    "noise": lambda g: augment.GaussianNoise(0.0, (0.05, 0.2), generator=g),
    "blur": lambda g: augment.GaussianBlur(5, (0.5, 2), generator=g),
    "erasing": lambda g: augment.RandomErasing(0.9, (0.1, 0.3), generator=g),
    "noisy erasing": lambda g: augment.RandomErasing(0.9, (0.1, 0.3), value="random", generator=g),
    "cutout": lambda g: augment.Cutout(3, generator=g),
}
EVERY = pytest.mark.parametrize("name", RANDOM)
DTYPES = pytest.mark.parametrize("dtype", ["uint8", "float32", "float64"])


def make(name, seed=0):
    return RANDOM[name](mr.Generator(seed))


def make_images(count=12, dtype="uint8", size=(7, 9)):
    x = np.random.default_rng(0).integers(256, size=(count, 3, *size), dtype=np.uint8)
    return x if dtype == "uint8" else (x / 255).astype(dtype)


def transform(backend, t, images, ids, epoch=3):
    return backend.to_host(t(Batch(backend.asarray(images), ids=np.array(ids), epoch=epoch)).x)


@EVERY
@DTYPES
def test_dtype_and_size_stay_and_the_images_too(backend, name, dtype):
    x = make_images(dtype=dtype)
    given = backend.asarray(x)
    y = backend.to_host(make(name)(given))
    assert (y.dtype, y.shape) == (x.dtype, x.shape)
    assert (y != x).any()
    np.testing.assert_array_equal(backend.to_host(given), x)


@EVERY
@DTYPES
def test_an_image_is_changed_alike_in_any_batch(backend, name, dtype):
    x, t = make_images(dtype=dtype), make(name)
    together = transform(backend, t, x, range(12))
    order = np.random.default_rng(1).permutation(12)
    np.testing.assert_array_equal(transform(backend, t, x[order], order), together[order])
    np.testing.assert_array_equal(transform(backend, t, x[5:6], [5]), together[5:6])


@EVERY
def test_images_epochs_and_seeds_differ(backend, name):
    x, t = np.repeat(make_images(1), 12, axis=0), make(name)
    first = transform(backend, t, x, range(12))
    assert len(np.unique(first.reshape(12, -1), axis=0)) >= 8
    assert (transform(backend, t, x, range(12), epoch=4) != first).any()
    assert (transform(backend, make(name, seed=1), x, range(12)) != first).any()


@EVERY
def test_in_evaluation_nothing_changes(backend, name):
    x = backend.asarray(make_images())
    assert make(name).eval()(x) is x


@EVERY
@DTYPES
def test_nothing_is_read_back_from_the_device(backend, name, dtype):
    x, t = backend.asarray(make_images(dtype=dtype)), make(name)
    with counting() as counts:
        t(x)
    assert counts.host_reads == 0, counts.where()


@EVERY
def test_blocks_of_images_do_not_show(backend, monkeypatch, name):
    x, t = make_images(), make(name)
    whole = transform(backend, t, x, range(12))
    monkeypatch.setattr(blocks, "LEAST", 400)
    monkeypatch.setattr(blocks, "GPU", 400)
    np.testing.assert_array_equal(transform(backend, t, x, range(12)), whole)


@EVERY
def test_no_images_give_no_images(backend, name):
    empty = backend.asarray(np.zeros((0, 3, 8, 8), np.float32))
    assert make(name)(empty).shape == (0, 3, 8, 8)


@pytest.mark.host
@pytest.mark.parametrize("name", ["brightness", "contrast", "saturation", "jitter", "noise"])
def test_floats_that_a_resampling_rounded_are_clipped(name):
    x = make_images(dtype="float32")
    x[:, :, 0], x[:, :, 1] = 1 + 1e-6, -1e-6
    y = make(name)(x)
    assert (y.min() >= 0, y.max() <= 1) == (True, True)


@pytest.mark.host
@EVERY
def test_a_large_batch_needs_little_memory(name):
    x, t = make_images(48, size=(128, 128)), make(name)
    tracemalloc.start()
    t(x)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * x.nbytes


@pytest.mark.host
@EVERY
def test_the_repr_builds_the_transform_again(name):
    t = make(name)
    assert repr(eval(repr(t), vars(augment))) == repr(t)
