"""Random transforms: what they draw, and that each image has parameters of its own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import minireg as mr
from minireg.augment import Compose, RandomCrop, RandomHorizontalFlip, RandomRotation
from minireg.data import DataLoader, load_digits
from minireg.errors import ArgumentError, ArgumentTypeError
from tests.guarded import counting


def digits(backend, count=64):
    return backend.asarray(load_digits()[0].x[:count])


def make(name, seed=0):
    generator = mr.Generator(seed)
    if name == "chain":
        return Compose(
            [
                RandomRotation(20, generator=generator.spawn()),
                RandomCrop(28, padding=2, generator=generator.spawn()),
            ]
        )
    return {
        "flip": lambda: RandomHorizontalFlip(generator=generator),
        "rotation": lambda: RandomRotation(20, generator=generator),
        "crop": lambda: RandomCrop(20, padding=3, generator=generator),
    }[name]()


ALL = pytest.mark.parametrize("name", ["flip", "rotation", "crop", "chain"])


def ids_of(backend, numbers):
    return backend.asarray(np.array(numbers, dtype=np.uint64))


@ALL
def test_with_ids_an_image_is_transformed_the_same_in_any_batch(backend, name):
    images = load_digits()[0].x[:40]
    order = np.random.default_rng(0).permutation(40)
    t = make(name)
    together = backend.to_host(t(backend.asarray(images), ids_of(backend, range(40)), epoch=3))
    shuffled = backend.to_host(t(backend.asarray(images[order]), ids_of(backend, order), epoch=3))
    np.testing.assert_array_equal(shuffled, together[order])
    for i in (0, 17):
        alone = t(backend.asarray(images[i : i + 1]), ids_of(backend, [i]), epoch=3)
        np.testing.assert_array_equal(backend.to_host(alone)[0], together[i])


@ALL
def test_epochs_seeds_and_images_differ(backend, name):
    images, ids = digits(backend), ids_of(backend, range(64))
    first = backend.to_host(make(name)(images, ids, epoch=0))
    assert (first != backend.to_host(make(name)(images, ids, epoch=1))).any()
    assert (first != backend.to_host(make(name, seed=1)(images, ids, epoch=0))).any()
    same = backend.asarray(np.repeat(load_digits()[0].x[:1], 64, axis=0))
    results = backend.to_host(make(name)(same, ids, epoch=0)).reshape(64, -1)
    assert len(np.unique(results, axis=0)) > 1


@ALL
def test_without_ids_every_call_draws_fresh_parameters(backend, name):
    images, t = digits(backend), make(name)
    assert (backend.to_host(t(images)) != backend.to_host(t(images))).any()


@ALL
def test_parameters_are_the_same_on_every_backend(backend, name):
    images = load_digits()[0].x[:64]
    ours = backend.to_host(make(name)(backend.asarray(images), ids_of(backend, range(64)), 5))
    reference = make(name)(images, np.arange(64, dtype=np.uint64), 5)
    if name in ("flip", "crop"):
        np.testing.assert_array_equal(ours, reference)
    else:  # sine and cosine may differ in the last bit, and a rounded pixel with them
        assert (ours != reference).mean() < 1e-3
        assert np.abs(ours.astype(int) - reference).max() <= 1


@ALL
def test_evaluation_mode_is_the_identity(backend, name):
    images, t = digits(backend), make(name).eval()
    assert t(images) is images
    changed = backend.to_host(t.train()(images))[:, :, :20, :20]
    assert (changed != backend.to_host(images)[:, :, :20, :20]).any()


@ALL
def test_images_are_not_changed_and_nothing_is_read_back(backend, name):
    images, ids = digits(backend), ids_of(backend, range(64))
    before = backend.to_host(images).copy()
    t = make(name)
    with counting() as counts:
        t(images, ids, epoch=1)
        t(images)
    assert counts.host_reads == 0, counts.where()
    np.testing.assert_array_equal(backend.to_host(images), before)


@ALL
def test_a_loader_gives_each_image_its_own_parameters(backend, name):
    dataset = load_digits()[0][:50]
    t = make(name)
    batches = {}
    for size in (7, 50):
        loader = DataLoader(dataset, batch_size=size, transform=t)
        batches[size] = np.concatenate([x.numpy() for x, _ in loader])
    np.testing.assert_array_equal(batches[7], batches[50])


def test_flips_are_exact_and_come_with_their_probability(backend):
    images = load_digits()[0].x[:1000]
    flipped = backend.to_host(RandomHorizontalFlip(0.3)(backend.asarray(images)))
    mirrored = (flipped == images[..., ::-1]).all(axis=(1, 2, 3))
    kept = (flipped == images).all(axis=(1, 2, 3))
    assert (mirrored | kept).all()
    count = int(mirrored.sum())
    low, high = stats.binom.interval(1 - 1e-6, 1000, 0.3)
    assert low <= count <= high


def test_flipping_twice_is_the_identity(backend):
    images = digits(backend)
    flip = RandomHorizontalFlip(p=1)
    np.testing.assert_array_equal(backend.to_host(flip(flip(images))), backend.to_host(images))


def test_crops_are_windows_of_the_padded_image_and_all_places_are_equally_likely(backend):
    image = np.arange(1, 17, dtype=np.uint8).reshape(1, 1, 4, 4)
    padded = np.pad(image[0, 0], 1)
    windows = {padded[i : i + 3, j : j + 3].tobytes(): (i, j) for i in range(4) for j in range(4)}
    crops = RandomCrop(3, padding=1)(backend.asarray(np.repeat(image, 3200, axis=0)))
    places = [windows[crop.tobytes()] for crop in backend.to_host(crops)[:, 0]]
    counts = np.unique([4 * i + j for i, j in places], return_counts=True)[1]
    assert len(counts) == 16
    assert stats.chisquare(counts).pvalue > 1e-4


@given(low=st.floats(-180, 180), width=st.floats(0, 180), seed=st.integers(0, 2**32))
def test_angles_are_uniform_in_their_interval(backend, low, width, seed):
    t = RandomRotation((low, low + width), generator=mr.Generator(seed))
    matrices, size = t.sample(backend.zeros((500, 1, 8, 8)), (8, 8))
    matrices = backend.to_host(matrices)
    angles = np.degrees(np.arctan2(matrices[:, 0, 1], matrices[:, 0, 0]))
    beyond = (angles - low) % 360  # how far past the lower end
    beyond[beyond > 359.999] = 0
    assert beyond.max() <= width + 1e-9
    if width > 1:
        assert stats.kstest(beyond / width, "uniform").pvalue > 1e-7
    assert size == (8, 8)


@given(degrees=st.floats(1, 89), seed=st.integers(0, 2**32))
def test_a_chain_is_resampled_once_so_there_and_back_is_the_identity(backend, degrees, seed):
    image = np.random.default_rng(seed).random((1, 1, 9, 9))
    there, back = RandomRotation((degrees, degrees)), RandomRotation((-degrees, -degrees))
    once = backend.to_host(Compose([there, back])(backend.asarray(image)))
    twice = backend.to_host(back(there(backend.asarray(image))))
    np.testing.assert_allclose(once, image, atol=1e-12)
    assert np.abs(twice - image).max() > 1e-3  # two resamplings blur


def test_a_chain_is_the_transforms_in_their_order(backend):
    images = digits(backend)
    ids = ids_of(backend, range(64))
    flip, crop = make("flip"), make("crop", seed=3)
    chain = backend.to_host(Compose([flip, crop])(images, ids, 2))
    np.testing.assert_array_equal(chain, backend.to_host(crop(flip(images, ids, 2), ids, 2)))


def test_functions_and_other_fills_split_a_chain(backend):
    seen = []

    def look(images):
        seen.append(images.shape)
        return images

    t = Compose([RandomRotation(5), look, RandomCrop(28, padding=1, fill=9), RandomRotation(5)])
    assert [len(run) for run in t.runs()] == [1, 1, 1, 1]
    t(digits(backend))
    assert seen == [(64, 1, 28, 28)]
    assert [len(run) for run in Compose([RandomRotation(5), RandomCrop(28)]).runs()] == [2]


@pytest.mark.parametrize(
    ("build", "error", "sentence"),
    [
        (lambda: RandomHorizontalFlip(1.5), ArgumentError, r"p must be in \[0, 1\], got 1.5"),
        (lambda: RandomRotation(float("nan")), ArgumentError, "degrees must be finite"),
        (lambda: RandomRotation((5, -5)), ArgumentError, "needs a ≤ b"),
        (lambda: RandomRotation(-5), ArgumentError, "degrees must be at least 0"),
        (lambda: RandomRotation((1, 2, 3)), ArgumentTypeError, r"d or \(a, b\)"),
        (lambda: RandomCrop(0), ArgumentError, "size must be at least 1"),
        (lambda: RandomCrop(28, padding=-1), ArgumentError, "padding must be at least 0"),
        (lambda: RandomCrop(28, padding=0.5), ArgumentTypeError, "padding must be a whole number"),
        (lambda: Compose(RandomRotation(5)), ArgumentTypeError, r"a list of transforms"),
        (lambda: Compose([5]), ArgumentTypeError, "transforms or functions, got 5"),
        (
            lambda: RandomCrop(9)(np.zeros((1, 1, 8, 8))),
            ArgumentError,
            r"window of \(9, 9\) does not fit into images of \(8, 8\)",
        ),
        (
            lambda: RandomRotation(5)(np.zeros((8, 8))),
            ArgumentError,
            r"RandomRotation takes images",
        ),
    ],
)
def test_impossible_arguments_are_refused(build, error, sentence):
    with pytest.raises(error, match=sentence):
        build()
