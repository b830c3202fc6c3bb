"""Elastic deformation against SciPy: the field, and the images that are read there."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage, stats

import minireg as mr
from minireg import Batch
from minireg.augment import ElasticTransform
from minireg.augment.elastic import draw_field
from minireg.errors import ArgumentError
from minireg.random import hash_uniform
from tests.guarded import counting
from tests.peers import import_torchvision

RARE = 1e-6  # the false-alarm rate of each test of a distribution
SCIPY_MODES = {
    "constant": "grid-constant", "edge": "nearest", "reflect": "mirror", "symmetric": "reflect",
}  # fmt: skip


def make(*args, seed=0, **options):
    return ElasticTransform(*args, generator=mr.Generator(seed), **options)


def smooth_noise(key, size, sigma):
    """The field of one key, by SciPy."""
    noise = 2.0 * hash_uniform(np.array([key]), (2, *size))[0] - (1 - 2.0**-24)
    return np.stack([ndimage.gaussian_filter(e, sigma, mode="mirror", truncate=4.0) for e in noise])


def displaced_points(draw, i, size, sigma):
    return np.indices(size) + draw["alpha"][i] * smooth_noise(draw["key"][i], size, sigma)


def some_images(shape=(3, 2, 11, 8), dtype="float64"):
    images = np.random.default_rng(0).random(shape)
    return np.rint(255 * images).astype(dtype) if dtype == "uint8" else images.astype(dtype)


# -- the formula -----------------------------------------------------------------------------------


@given(
    size=st.tuples(st.integers(1, 20), st.integers(1, 20)),
    sigma=st.floats(0.1, 6),
    key=st.integers(0, 2**64 - 1),
)
def test_the_field_is_smoothed_as_scipy_does(backend, size, sigma, key):
    key = np.uint64(key)
    field = draw_field(backend.asarray(np.array([key])), size, sigma)
    assert field.dtype == np.float32
    expected = smooth_noise(key, size, sigma)
    np.testing.assert_allclose(backend.to_host(field)[0], expected, atol=2e-6)


@pytest.mark.parametrize("mode", SCIPY_MODES)
def test_the_image_is_read_as_scipy_does(backend, mode):
    x, t = some_images(), make(30.0, 2.0, fill=0.25, padding_mode=mode)
    draw = t.sample([4, 0, 9], epoch=2)
    moved = backend.to_host(t.apply(backend.asarray(x), draw))
    for i in range(3):
        points = displaced_points(draw, i, (11, 8), 2.0)
        for channel, result in zip(x[i], moved[i]):
            expected = ndimage.map_coordinates(
                channel, points, order=1, mode=SCIPY_MODES[mode], cval=0.25
            )
            np.testing.assert_allclose(result, expected, atol=2e-5)


@pytest.mark.host
def test_torchvision_has_twice_the_alpha(monkeypatch):
    theirs, torch = import_torchvision(), pytest.importorskip("torch")
    x, t = some_images((1, 1, 28, 28), "float32"), make(34.0, 4.0)
    draw = t.sample([5])
    rows, columns = torch.tensor(hash_uniform(draw["key"], (2, 28, 28)))[0]
    drawn = iter([columns[None, None], rows[None, None]])
    monkeypatch.setattr(torch, "rand", lambda *size: next(drawn))
    expected = theirs.ElasticTransform(alpha=68.0, sigma=4.0, fill=None)(torch.tensor(x))
    np.testing.assert_allclose(t.apply(x, draw), expected.numpy(), atol=2e-5)


@pytest.mark.parametrize("mode", ["constant", "edge"])
def test_masks_move_with_their_images(backend, mode):
    x, masks = some_images(), np.random.default_rng(1).integers(1, 9, (3, 1, 11, 8))
    t = make(60.0, 2.0, padding_mode=mode)
    draw = t.sample(range(3))
    batch = Batch(backend.asarray(x), masks=backend.asarray(masks))
    moved = backend.to_host(t.apply(batch, draw).masks)
    assert moved.dtype == masks.dtype
    for i in range(3):
        points = displaced_points(draw, i, (11, 8), 2.0)
        nearest = np.floor(points + 0.5).astype(int)
        outside = ((nearest < 0) | (nearest > np.array([[[10]], [[7]]]))).any(axis=0)
        expected = masks[i, 0][tuple(np.clip(nearest, 0, [[[10]], [[7]]]))]
        expected = np.where(outside & (mode == "constant"), 0, expected)
        np.testing.assert_array_equal(moved[i, 0], expected)
    assert (moved == 0).any() == (mode == "constant")


def test_uint8_is_the_rounded_result_of_floats(backend):
    x, t = some_images(dtype="uint8"), make(40.0, 2.0, fill=200)
    draw = t.sample(range(3))
    moved = backend.to_host(t.apply(backend.asarray(x), draw))
    floats = make(40.0, 2.0, fill=200 / 255).apply(backend.asarray(x / 255), draw)
    assert moved.dtype == np.uint8
    assert np.abs(moved - 255 * backend.to_host(floats)).max() < 0.5 + 1e-2


@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64"])
def test_without_displacement_nothing_changes(backend, dtype):
    x = some_images(dtype=dtype)
    moved = backend.to_host(make(0.0)(backend.asarray(x)))
    assert moved.dtype == dtype
    np.testing.assert_array_equal(moved, x)


def test_nearest_copies_pixels(backend):
    x = some_images()
    moved = backend.to_host(make(interpolation="nearest")(backend.asarray(x)))
    assert set(moved.ravel()) <= {0.0, *x.ravel()}


def test_a_constant_image_with_equal_fill_is_constant(backend):
    images = backend.asarray(np.full((4, 2, 9, 9), 200, np.uint8))
    assert (backend.to_host(make(90.0, 2.0, fill=200)(images)) == 200).all()


# -- what is drawn ---------------------------------------------------------------------------------


def test_an_image_is_deformed_alike_in_any_batch(backend):
    x, t = np.repeat(some_images((1, 1, 12, 12)), 40, axis=0), make(seed=3)
    order = np.random.default_rng(0).permutation(40)

    def moved(ids):
        batch = Batch(backend.asarray(x[: len(ids)]), ids=np.array(ids), epoch=5)
        return backend.to_host(t(batch).x)

    together = moved(range(40))
    np.testing.assert_array_equal(moved(order), together[order])
    np.testing.assert_array_equal(moved([17])[0], together[17])
    assert len(np.unique(together.reshape(40, -1), axis=0)) == 40


@pytest.mark.host
def test_displacements_have_mean_0_and_the_stated_spread():
    n, sigma = 4000, 3.0
    field = draw_field(make().sample(n)["key"], (33, 33), sigma)
    center = 2 * np.sqrt(3 * np.pi) * sigma * field[:, :, 16, 16].astype(float)
    z = center.sum() / np.sqrt(2 * n)
    assert 2 * stats.norm.sf(abs(z)) > RARE
    low, high = stats.chi2.ppf([RARE / 2, 1 - RARE / 2], 2 * n) / (2 * n)
    assert low < (center**2).mean() < high


@pytest.mark.host
def test_the_two_directions_are_independent():
    field = draw_field(make().sample(4000)["key"], (17, 17), 2.0)
    assert stats.pearsonr(*field[:, :, 8, 8].T).pvalue > RARE


@pytest.mark.host
def test_each_image_draws_its_alpha():
    alpha = make((10.0, 30.0)).sample(5000)["alpha"]
    assert stats.kstest(alpha, stats.uniform(10, 20).cdf).pvalue > RARE
    assert (make(34.0).sample(5)["alpha"] == 34).all()


def test_a_deformation_reads_nothing_from_the_device(backend):
    images, t = backend.asarray(some_images()), make()
    with counting() as counts:
        t(images)
    assert counts.host_reads == 0, counts.where()


# -- arguments -------------------------------------------------------------------------------------


@pytest.mark.host
def test_the_repr_shows_the_arguments():
    assert repr(ElasticTransform(34, 4)) == "ElasticTransform(alpha=34, sigma=4)"
    shown = "ElasticTransform(alpha=(5, 9), sigma=5, padding_mode='edge')"
    assert repr(ElasticTransform((5, 9), padding_mode="edge")) == shown


@pytest.mark.host
@pytest.mark.parametrize(
    ("options", "argument"),
    [
        ({"alpha": -1}, "alpha"),
        ({"alpha": (3, 1)}, "alpha"),
        ({"alpha": (-1, 1)}, "alpha"),
        ({"sigma": 0}, "sigma"),
        ({"interpolation": "cubic"}, "interpolation"),
        ({"padding_mode": "wrap"}, "padding_mode"),
        ({"fill": -1}, "fill"),
    ],
)
def test_bad_arguments_are_refused(options, argument):
    with pytest.raises(ArgumentError, match=argument) as raised:
        ElasticTransform(**options)
    assert raised.value.argument == argument
