"""What holds for every transform: whose parameters are drawn, and how they are applied."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import minireg as mr
from minireg import Batch
from minireg.augment import Draw, ImageTransform, RandomRotation
from minireg.data import DataLoader, load_mnist5k
from minireg.errors import ArgumentError
from tests.augment.cases import CENTERED, FEW, RANDOM, make
from tests.guarded import counting

DIGITS = load_mnist5k()[0]
EVERY = pytest.mark.parametrize("name", RANDOM)


class Numbers(ImageTransform):
    """Draws numbers and changes nothing."""

    def __init__(self, draws, keyed=False, seed=3):
        self.draws, self.keyed = draws, keyed
        super().__init__(generator=mr.Generator(seed))

    def draw_parameters(self, u, size):
        return {"u": u}

    def change_images(self, images, draw):
        return images


def batch_of(backend, images=DIGITS.x[:64], ids=None, epoch=0):
    """A batch of these images with these ids, by default 0, 1, 2, …"""
    ids = np.arange(len(images)) if ids is None else np.asarray(ids)
    labels = backend.asarray(ids % 10)
    return Batch(backend.asarray(images), labels, ids=ids, epoch=epoch)


def transformed(backend, t, *args, **options):
    """On the host: what `t` makes of a `batch_of`."""
    return backend.to_host(t(batch_of(backend, *args, **options)).x)


# -- whose parameters? -----------------------------------------------------------------------------


@EVERY
def test_with_ids_an_image_changes_alike_in_any_batch(backend, name):
    order = np.random.default_rng(0).permutation(40)
    t, images = make(name), DIGITS.x[:40]
    together = transformed(backend, t, images, epoch=3)
    shuffled = transformed(backend, t, images[order], order, epoch=3)
    np.testing.assert_array_equal(shuffled, together[order])
    if getattr(t, "mixes", False):
        return  # the partner is another image of the batch
    for i in (0, 17):
        alone = transformed(backend, t, images[i : i + 1], [i], epoch=3)
        np.testing.assert_array_equal(alone[0], together[i])


@EVERY
def test_with_ids_nothing_drawn_before_matters(backend, name):
    t = make(name)
    first = transformed(backend, t, epoch=1)
    t(batch_of(backend).x)
    transformed(backend, t, epoch=2)
    np.testing.assert_array_equal(transformed(backend, t, epoch=1), first)


@EVERY
def test_epochs_seeds_and_images_differ(backend, name):
    images = np.repeat(DIGITS.x[:1], 64, axis=0)
    if getattr(make(name), "mixes", False):
        images = DIGITS.x[:64]
    first = transformed(backend, make(name), images, epoch=0)
    assert (first != transformed(backend, make(name), images, epoch=1)).any()
    assert (first != transformed(backend, make(name, seed=7), images, epoch=0)).any()
    distinct = len(np.unique(first.reshape(64, -1), axis=0))
    assert distinct == FEW.get(name, distinct)
    assert distinct >= FEW.get(name, 20)


@EVERY
def test_without_ids_every_call_draws_fresh_parameters(backend, name):
    images, t = backend.asarray(DIGITS.x[:64]), make(name)
    first, second = backend.to_host(t(images)), backend.to_host(t(images))
    assert (first != second).any()
    np.testing.assert_array_equal(backend.to_host(make(name)(images)), first)


@EVERY
def test_draws_without_ids_go_on_from_a_saved_state(backend, name):
    images, first, second = backend.asarray(DIGITS.x[:64]), make(name), make(name, seed=9)
    first(images)
    for source, target in zip(first.generators(), second.generators(), strict=True):
        target.state = source.state
    np.testing.assert_array_equal(backend.to_host(second(images)), backend.to_host(first(images)))


@EVERY
def test_a_loader_gives_each_image_its_own_parameters(backend, name):
    t = make(name)
    if getattr(t, "mixes", False):
        pytest.skip("the partner depends on the batch")
    batches = {}
    for size in (7, 50):
        loader = DataLoader(DIGITS[:50], batch_size=size, transform=t)
        batches[size] = np.concatenate([x.numpy() for x, _ in loader])
    np.testing.assert_array_equal(batches[7], batches[50])


@EVERY
def test_the_same_images_come_out_on_every_backend(backend, name):
    ours = transformed(backend, make(name), epoch=5)
    reference = make(name)(Batch(DIGITS.x[:64], np.arange(64) % 10, np.arange(64), 5)).x
    # Sums of a device may be rounded differently: one grey level.
    assert np.abs(ours.astype(int) - reference.astype(int)).max() <= 1


def test_draws_with_ids_are_the_stated_values_of_the_stream():
    t = Numbers(2)
    draw = t.sample([0, 9, 2**32 - 1], epoch=7)
    index = [[2 * (7 * 2**32 + i) + j for j in range(2)] for i in (0, 9, 2**32 - 1)]
    expected = t.generator.uniform_at(np.array(index, dtype=np.uint64))
    np.testing.assert_array_equal(draw["u"], expected)
    assert t.generator.position == 0


@given(id_=st.integers(0, 2**32 - 1), epoch=st.integers(0, 2**24 - 1), draws=st.integers(1, 120))
def test_every_id_and_epoch_has_numbers_of_its_own(id_, epoch, draws):
    t = Numbers(draws)
    last = (epoch * 2**32 + id_) * draws + draws - 1
    assert last < 2**56 * draws  # where images without ids begin
    expected = t.generator.uniform_at(np.array([last], dtype=np.uint64))
    assert t.sample([id_], epoch)["u"][0, -1] == expected[0]


@given(counts=st.lists(st.integers(0, 5), max_size=4), draws=st.integers(1, 120))
def test_images_without_ids_are_numbered_from_2_to_the_56(counts, draws):
    t = Numbers(draws)
    drawn = [np.zeros(0), *(t.sample(count)["u"].ravel() for count in counts)]
    index = np.arange(sum(counts) * draws, dtype=np.uint64) + np.uint64(2**56 * draws)
    np.testing.assert_array_equal(np.concatenate(drawn), mr.Generator(3).uniform_at(index))


def test_draws_with_and_without_ids_are_independent():
    n, t = 100_000, Numbers(1, seed=5)
    with_ids, without = t.sample(np.arange(n))["u"].ravel(), t.sample(n)["u"].ravel()
    assert abs(np.corrcoef(with_ids, without)[0, 1]) < 5 / n**0.5
    pairs, *_ = np.histogram2d(with_ids, without, bins=16, range=[[0, 1], [0, 1]])
    assert stats.chisquare(pairs.ravel()).pvalue > 1e-3


def test_keys_are_different_and_use_all_bits():
    keys = Numbers(1, keyed=True).sample(np.arange(10_000))["key"]
    assert keys.dtype == np.uint64
    assert len(np.unique(keys)) == 10_000
    bits = (keys[:, None] >> np.arange(64, dtype=np.uint64)) & np.uint64(1)
    # 64 binomial counts of 10,000: 6 standard deviations are exceeded with probability 1e-7
    assert np.abs(bits.mean(axis=0) - 0.5).max() < 6 * 0.5 / 100


# -- the two steps ---------------------------------------------------------------------------------


@EVERY
def test_sampling_and_applying_are_the_two_halves_of_a_call(backend, name):
    batch, t = batch_of(backend, epoch=4), make(name)
    draw = t.sample(batch.ids, 4, (28, 28))
    assert len(draw) == 64
    np.testing.assert_array_equal(
        backend.to_host(t.apply(batch, draw).x), backend.to_host(t(batch).x)
    )


@EVERY
def test_a_stored_draw_gives_the_same_images_again(backend, name):
    batch, t = batch_of(backend), make(name)
    draw = t.sample(batch.ids, 2, (28, 28))
    stored = json.loads(json.dumps(draw.to_dict()))
    again = make(name, seed=99).apply(batch, Draw.from_dict(stored)).x
    np.testing.assert_array_equal(backend.to_host(again), backend.to_host(t.apply(batch, draw).x))
    assert repr(Draw.from_dict(stored)) == repr(draw)


@EVERY
def test_a_part_of_a_draw_belongs_to_these_images(backend, name):
    batch, t = batch_of(backend), make(name)
    if getattr(t, "mixes", False):
        pytest.skip("the draw belongs to the whole batch")
    draw = t.sample(batch.ids, 2, (28, 28))
    whole, some = backend.to_host(t.apply(batch.x, draw)), np.array([5, 60, 3])
    part = backend.to_host(t.apply(batch.x[backend.asarray(some)], draw[some]))
    np.testing.assert_array_equal(part, whole[some])


@EVERY
def test_evaluation_mode_draws_nothing(backend, name):
    images, t = backend.asarray(DIGITS.x[:64]), make(name)
    assert t.eval() is t
    evaluated = t(images)
    if name == "crop of the same size":
        np.testing.assert_array_equal(backend.to_host(evaluated), DIGITS.x[:64])
    elif name not in CENTERED:
        assert evaluated is images
    np.testing.assert_array_equal(backend.to_host(t(images)), backend.to_host(evaluated))
    changed = transformed(backend, t.train())
    assert changed.shape == tuple(evaluated.shape)
    assert (changed != backend.to_host(evaluated)).any()


@EVERY
def test_images_are_not_changed_and_nothing_is_read_back(backend, name):
    batch, t = batch_of(backend, epoch=1), make(name)
    with counting() as counts:
        t(batch)
        t(batch.x)
    assert counts.host_reads == 0, counts.where()
    np.testing.assert_array_equal(backend.to_host(batch.x), DIGITS.x[:64])


@EVERY
def test_the_result_is_of_the_kind_and_dtype_of_the_images(backend, name):
    batch, t = batch_of(backend), make(name)
    assert isinstance(t(batch).x, backend.array_type)
    assert t(batch).x.dtype == np.uint8
    for dtype in (np.float32, np.float64):
        floats = t(Batch(mr.tensor(backend.asarray((DIGITS.x[:64] / 255).astype(dtype))),
                         mr.tensor(batch.y), batch.ids)).x  # fmt: skip
        assert isinstance(floats, mr.Tensor)
        assert floats.dtype == dtype
        if name == "erasing by noise":
            continue  # normal numbers for floats, uniform ones for uint8
        # The uint8 image is the float one, rounded to grey levels.
        levels = backend.to_host(floats.data) * 255
        np.testing.assert_allclose(levels, backend.to_host(t(batch).x), atol=0.5 + 1e-3)


@EVERY
def test_a_single_image_comes_back_in_its_own_layout(backend, name):
    t = make(name)
    grey, color = (backend.asarray(a) for a in (DIGITS.x[0, 0], DIGITS.x[:3, 0].transpose(1, 2, 0)))
    size = t.output_size((28, 28))
    assert t(grey).shape == size
    assert t(color).shape == (*size, 3)
    image = pytest.importorskip("PIL.Image")
    if backend.name == "numpy":
        picture = t(image.fromarray(DIGITS.x[0, 0]))
        assert (picture.mode, picture.size) == ("L", size[::-1])
        assert t(image.fromarray(DIGITS.x[:3, 0].transpose(1, 2, 0))).mode == "RGB"


@EVERY
def test_an_empty_batch_stays_empty(backend, name):
    t = make(name)
    assert t(backend.asarray(DIGITS.x[:0])).shape == (0, 1, *t.output_size((28, 28)))


@EVERY
def test_the_draw_prints_and_fits_its_images_only(backend, name):
    t = make(name)
    draw = t.sample(64, size=(28, 28))
    assert repr(draw).startswith(f"Draw of {type(t).__name__} for 64 images of (28, 28)\n")
    with pytest.raises(ArgumentError, match="3 images need the draw of as many images"):
        t.apply(backend.asarray(DIGITS.x[:3]), draw)


@pytest.mark.host
def test_transforms_of_one_seed_do_not_share_their_numbers():
    mr.seed(5)
    one, other = RandomRotation(20), RandomRotation(20)
    ids = np.arange(9)
    assert (one.sample(ids)["degrees"] != other.sample(ids)["degrees"]).all()
    mr.seed(5)
    np.testing.assert_array_equal(
        RandomRotation(20).sample(ids)["degrees"], one.sample(ids)["degrees"]
    )
