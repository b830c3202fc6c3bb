"""Random transforms: what they draw, and that each image has parameters of its own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import minireg as mr
from minireg import Batch
from minireg.augment import (
    Compose,
    Move,
    RandomCrop,
    RandomHorizontalFlip,
    RandomRotation,
    RandomTransform,
)
from minireg.data import DataLoader, load_mnist5k
from minireg.errors import ArgumentError
from tests.guarded import counting

DIGITS = load_mnist5k()[0]


def make(name, seed=0):
    generator = mr.Generator(seed)
    if name == "chain":
        return Compose([make("flip", seed), make("rotation", seed + 1), make("crop", seed + 2)])
    return {
        "flip": lambda: RandomHorizontalFlip(generator=generator),
        "rotation": lambda: RandomRotation(20, generator=generator),
        "crop": lambda: RandomCrop(20, padding=3, generator=generator),
    }[name]()


EVERY = pytest.mark.parametrize("name", ["flip", "rotation", "crop", "chain"])
SIMPLE = pytest.mark.parametrize("name", ["flip", "rotation", "crop"])


def digits(backend, count=64):
    return backend.asarray(DIGITS.x[:count])


def ids_of(backend, numbers):
    return backend.asarray(np.array(numbers, dtype=np.uint64))


def batch_of(backend, images=DIGITS.x[:64], numbers=None, epoch=0):
    """A batch of these images with these ids, by default 0, 1, 2, …"""
    ids = ids_of(backend, range(len(images)) if numbers is None else numbers)
    return Batch(backend.asarray(images), ids=ids, epoch=epoch)


def transformed(backend, t, *args, **options):
    """On the host: what `t` makes of a `batch_of`."""
    return backend.to_host(t(batch_of(backend, *args, **options)).x)


# -- whose parameters? -----------------------------------------------------------------------------


@EVERY
def test_with_ids_an_image_is_moved_alike_in_any_batch(backend, name):
    images = DIGITS.x[:40]
    order = np.random.default_rng(0).permutation(40)
    t = make(name)
    together = transformed(backend, t, images, epoch=3)
    shuffled = transformed(backend, t, images[order], order, epoch=3)
    np.testing.assert_array_equal(shuffled, together[order])
    for i in (0, 17):
        alone = transformed(backend, t, images[i : i + 1], [i], epoch=3)
        np.testing.assert_array_equal(alone[0], together[i])


@EVERY
def test_with_ids_nothing_drawn_before_matters(backend, name):
    t = make(name)
    first = transformed(backend, t, epoch=1)
    t(digits(backend))
    transformed(backend, t, epoch=2)
    np.testing.assert_array_equal(transformed(backend, t, epoch=1), first)


@EVERY
def test_epochs_seeds_and_images_differ(backend, name):
    images = np.repeat(DIGITS.x[:1], 64, axis=0)
    first = transformed(backend, make(name), images, epoch=0)
    assert (first != transformed(backend, make(name), images, epoch=1)).any()
    assert (first != transformed(backend, make(name, seed=7), images, epoch=0)).any()
    distinct = len(np.unique(first.reshape(64, -1), axis=0))
    # There are 2 flips and 15 · 15 places; of 64 angles none comes twice.
    assert distinct == {"flip": 2}.get(name, distinct)
    assert distinct >= {"flip": 2, "crop": 40}.get(name, 64)


@SIMPLE
def test_transforms_of_one_seed_do_not_share_their_numbers(backend, name):
    mr.seed(5)
    default = {
        "flip": lambda: RandomHorizontalFlip(),
        "rotation": lambda: RandomRotation(20),
        "crop": lambda: RandomCrop(20, padding=3),
    }[name]
    one, other = default(), default()
    assert (transformed(backend, one) != transformed(backend, other)).any()
    mr.seed(5)
    np.testing.assert_array_equal(transformed(backend, default()), transformed(backend, one))


@EVERY
def test_without_ids_every_call_draws_fresh_parameters(backend, name):
    images, t = digits(backend), make(name)
    first, second = backend.to_host(t(images)), backend.to_host(t(images))
    assert (first != second).any()
    np.testing.assert_array_equal(backend.to_host(make(name)(images)), first)


@SIMPLE
def test_the_random_numbers_are_the_same_on_every_backend(backend, name):
    t, images = make(name), DIGITS.x[:64]
    ids = np.arange(64, dtype=np.uint64) + np.uint64(2**32 - 64)
    here = t.uniform(batch_of(backend, images, ids, epoch=2**24 - 1), 3)
    reference = t.uniform(Batch(images, ids=ids, epoch=2**24 - 1), 3)
    np.testing.assert_array_equal(backend.to_host(here), reference)
    ours = t.sample(batch_of(backend, images, ids, epoch=5))
    reference = t.sample(Batch(images, ids=ids, epoch=5))
    # Only the last bits of sine and cosine may differ.
    tolerance = 1e-13 if name == "rotation" else 0
    np.testing.assert_allclose(
        backend.to_host(ours.matrices), reference.matrices, rtol=0, atol=tolerance
    )


def test_draws_with_ids_are_the_stated_values_of_the_stream(backend):
    t = make("crop")
    batch = batch_of(backend, np.zeros((3, 1, 8, 8)), [0, 9, 2**32 - 1], epoch=7)
    index = [[2 * (7 * 2**32 + i) + j for j in range(2)] for i in (0, 9, 2**32 - 1)]
    expected = t.generator.uniform_at(ids_of(backend, index))
    np.testing.assert_array_equal(backend.to_host(t.uniform(batch, 2)), backend.to_host(expected))


@given(counts=st.lists(st.tuples(st.integers(0, 5), st.integers(1, 128)), max_size=4))
def test_draws_without_ids_start_at_value_2_to_the_63(backend, counts):
    t, drawn = RandomTransform(generator=mr.Generator(3)), [np.zeros(0)]
    for images, count in counts:
        drawn.append(backend.to_host(t.uniform(Batch(backend.zeros((images, 2))), count)).ravel())
    index = np.arange(sum(map(len, drawn)), dtype=np.uint64) + np.uint64(2**63)
    expected = mr.Generator(3).uniform_at(index)
    np.testing.assert_array_equal(np.concatenate(drawn), expected)


@given(id_=st.integers(0, 2**32 - 1), epoch=st.integers(0, 2**24 - 1), count=st.integers(1, 128))
def test_draws_with_ids_come_before_value_2_to_the_63(id_, epoch, count):
    last = (epoch * 2**32 + id_) * count + count - 1
    assert last < 2**63
    batch = Batch(np.zeros((1, 2)), ids=np.array([id_]), epoch=epoch)
    t = RandomTransform(generator=mr.Generator(3))
    expected = t.generator.uniform_at(np.array([last], dtype=np.uint64))
    assert t.uniform(batch, count)[0, -1] == expected[0]
    assert t.generator.position == 0
    with pytest.raises(ArgumentError, match="count must be at most 128, got 129"):
        t.uniform(batch, 129)


def test_draws_with_and_without_ids_are_independent():
    n, t = 100_000, RandomTransform(generator=mr.Generator(5))
    with_ids = t.uniform(Batch(np.zeros((n, 1)), ids=np.arange(n)), 1).ravel()
    without = t.uniform(Batch(np.zeros((n, 1))), 1).ravel()
    assert abs(np.corrcoef(with_ids, without)[0, 1]) < 5 / n**0.5
    pairs, *_ = np.histogram2d(with_ids, without, bins=16, range=[[0, 1], [0, 1]])
    assert stats.chisquare(pairs.ravel()).pvalue > 1e-3


@EVERY
def test_draws_without_ids_go_on_from_a_saved_state(backend, name):
    images, first, second = digits(backend), make(name), make(name, seed=9)
    first(images)
    for source, target in zip(first.generators(), second.generators(), strict=True):
        target.state = source.state
    np.testing.assert_array_equal(backend.to_host(second(images)), backend.to_host(first(images)))


@EVERY
def test_a_loader_gives_each_image_its_own_parameters(backend, name):
    dataset, t = DIGITS[:50], make(name)
    batches = {}
    for size in (7, 50):
        loader = DataLoader(dataset, batch_size=size, transform=t)
        batches[size] = np.concatenate([x.numpy() for x, _ in loader])
    np.testing.assert_array_equal(batches[7], batches[50])


# -- one after the other (more of this: test_compose.py) -------------------------------------------


@given(degrees=st.floats(1, 89), seed=st.integers(0, 2**32))
def test_rotating_there_and_back_in_a_chain_is_the_identity(backend, degrees, seed):
    host = np.random.default_rng(seed).random((1, 1, 9, 9))
    image = backend.asarray(host)
    there, back = RandomRotation((degrees, degrees)), RandomRotation((-degrees, -degrees))
    once = backend.to_host(Compose([there, back])(image))
    np.testing.assert_allclose(once, host, rtol=0, atol=1e-12)
    twice = backend.to_host(back(there(image)))
    assert np.abs(twice - host).max() > 1e-3  # two resamplings blur


# -- modes, and what stays as it is ----------------------------------------------------------------


@EVERY
def test_evaluation_mode_is_the_identity(backend, name):
    images, t = digits(backend), make(name)
    assert t.eval() is t
    assert t(images) is images
    changed = backend.to_host(t.train()(images))[:, :, :20, :20]
    assert (changed != backend.to_host(images)[:, :, :20, :20]).any()


@EVERY
def test_images_are_not_changed_and_nothing_is_read_back(backend, name):
    batch, t = batch_of(backend, epoch=1), make(name)
    with counting() as counts:
        t(batch)
        t(batch.x)
    assert (counts.host_reads, counts.uploads) == (0, 0), counts.where()
    np.testing.assert_array_equal(backend.to_host(batch.x), DIGITS.x[:64])


@EVERY
def test_the_result_is_of_the_kind_and_dtype_of_the_images(backend, name):
    batch = batch_of(backend)
    bytes_ = make(name)(batch).x
    assert isinstance(bytes_, backend.array_type)
    assert bytes_.dtype == np.uint8
    tensors = Batch(mr.tensor(DIGITS.x[:64] / np.float32(255)), ids=mr.tensor(batch.ids))
    floats = make(name)(tensors).x
    assert isinstance(floats, mr.Tensor)
    assert floats.dtype == np.float32
    # The uint8 image is the float one, rounded to grey levels.
    np.testing.assert_allclose(floats.numpy() * 255, backend.to_host(bytes_), atol=0.5 + 1e-4)


@SIMPLE
def test_sampling_and_applying_are_the_two_halves_of_a_call(backend, name):
    batch, t = batch_of(backend, epoch=4), make(name)
    move = t.sample(batch)
    assert isinstance(move, Move)
    assert move.matrices.shape == (64, 3, 3)
    np.testing.assert_array_equal(
        backend.to_host(t.apply(batch.x, move)), backend.to_host(t(batch).x)
    )


# -- what is drawn ---------------------------------------------------------------------------------


@pytest.mark.parametrize("p", [0.5, 0.3])
def test_flips_are_exact_and_come_with_their_probability(backend, p):
    flip = RandomHorizontalFlip(p, generator=mr.Generator(1))
    flipped = backend.to_host(flip(digits(backend, 1000)))
    mirrored = (flipped == DIGITS.x[:1000, :, :, ::-1]).all(axis=(1, 2, 3))
    kept = (flipped == DIGITS.x[:1000]).all(axis=(1, 2, 3))
    assert (mirrored | kept).all()
    low, high = stats.binom.interval(1 - 1e-6, 1000, p)
    assert low <= mirrored.sum() <= high


def test_no_flip_and_certain_flip(backend):
    host = DIGITS.x[:64, :, :20]  # not square
    images = backend.asarray(host)
    never, always = RandomHorizontalFlip(p=0), RandomHorizontalFlip(p=1)
    np.testing.assert_array_equal(backend.to_host(never(images)), host)
    np.testing.assert_array_equal(backend.to_host(always(images)), host[:, :, :, ::-1])
    ends = backend.asarray(np.array([[0.0], [1 - 2**-24]]))  # the smallest and the largest draw
    for t, expected in ((never, 1), (always, -1)):
        steps = t.move(ends, (4, 4)).matrices[:, 1, 1]
        np.testing.assert_array_equal(backend.to_host(steps), [expected, expected])


def test_all_windows_of_the_padded_image_are_equally_likely(backend):
    image = np.arange(1, 21, dtype=np.uint8).reshape(4, 5)
    padded = np.pad(image, 1, constant_values=77)
    windows = [padded[i : i + 3, j : j + 2].tobytes() for i in range(4) for j in range(6)]
    images = backend.asarray(np.tile(image, (4800, 1, 1, 1)))
    t = RandomCrop((3, 2), padding=1, fill=77, generator=mr.Generator(2))
    crops = backend.to_host(t(images))
    assert crops.shape == (4800, 1, 3, 2)
    counts = np.bincount([windows.index(crop.tobytes()) for crop in crops], minlength=24)
    assert stats.chisquare(counts).pvalue > 1e-3  # 24 places, expected 200 times each


def test_a_crop_of_the_whole_image_is_the_image(backend):
    cropped = RandomCrop((28, 28))(digits(backend))
    np.testing.assert_array_equal(backend.to_host(cropped), DIGITS.x[:64])


@given(low=st.floats(-180, 180), width=st.floats(0, 180), seed=st.integers(0, 2**32))
def test_angles_are_uniform_in_their_interval(backend, low, width, seed):
    t = RandomRotation((low, low + width), generator=mr.Generator(seed))
    move = t.sample(Batch(backend.zeros((500, 1, 8, 8))))
    matrices = backend.to_host(move.matrices)
    middle = low + width / 2
    angles = np.degrees(np.arctan2(matrices[:, 0, 1], matrices[:, 0, 0]))
    from_middle = (angles - middle + 180) % 360 - 180
    assert np.abs(from_middle).max() <= width / 2 + 1e-9
    if width > 1:
        uniform = stats.uniform(-width / 2, width)
        assert stats.kstest(from_middle, uniform.cdf).pvalue > 1e-7
    assert move.size == (8, 8)


def test_one_number_of_degrees_is_a_symmetric_interval():
    assert RandomRotation(15).degrees == (-15, 15)
    assert RandomRotation((5, 20)).degrees == (5, 20)


def test_corners_are_filled(backend):
    images = backend.asarray(np.full((5, 1, 9, 9), 50, dtype=np.uint8))
    ours = backend.to_host(RandomRotation((45, 45), fill=200)(images))
    assert (ours[:, 0, [0, 0, -1, -1], [0, -1, 0, -1]] == 200).all()
    assert (ours[:, 0, 2:7, 2:7] == 50).all()


@pytest.mark.host
def test_representations_show_the_parameters():
    chain = Compose([RandomHorizontalFlip(0.3), RandomRotation(10), RandomCrop(28, 2, fill=9)])
    assert repr(chain) == (
        "Compose([RandomHorizontalFlip(p=0.3), RandomRotation(degrees=(-10, 10), fill=0), "
        "RandomCrop(size=(28, 28), padding=2, fill=9)])"
    )
