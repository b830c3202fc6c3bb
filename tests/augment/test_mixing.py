"""MixUp and CutMix: images, masks and labels are mixed alike."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg import Batch
from minireg.augment import Compose, CutMix, Draw, MixUp, RandomHorizontalFlip
from minireg.errors import ArgumentError
from tests.guarded import counting

BOTH = pytest.mark.parametrize("kind", [MixUp, CutMix])
IDS = st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=12, unique=True)


def make(kind, seed=0, **options):
    return kind(generator=mr.Generator(seed), **options)


def plain_images(backend, numbers, dtype="float64", size=(6, 9)):
    """Image i has the value numbers[i] in every pixel of its two channels."""
    values = np.asarray(numbers, dtype)[:, None, None, None]
    return backend.asarray(np.broadcast_to(values, (len(values), 2, *size)).copy())


# -- the formula -----------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float32", "float64", "uint8"])
def test_mixup_is_a_weighted_mean_of_two_images(backend, dtype):
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (5, 3, 4, 6)).astype(dtype)
    x = x if dtype == "uint8" else x / x.dtype.type(255)
    y = rng.random((5, 4))
    t = make(MixUp, alpha=0.7)
    draw = t.sample([8, 3, 5, 1, 4], epoch=2)
    mixed = t.apply(Batch(backend.asarray(x), backend.asarray(y)), draw)
    assert mixed.x.dtype == dtype
    for i, (partner, lam) in enumerate(zip(draw["partner"], draw["lam"])):
        expected = lam * x[i].astype(float) + (1 - lam) * x[partner].astype(float)
        atol = 0.5 + 1e-4 if dtype == "uint8" else 1e-6
        np.testing.assert_allclose(backend.to_host(mixed.x)[i], expected, atol=atol)
        rows = lam * y[i] + (1 - lam) * y[partner]
        np.testing.assert_allclose(backend.to_host(mixed.y)[i], rows, atol=1e-15)


def test_mixup_rounds_uint8_and_never_wraps(backend):
    images = plain_images(backend, [0, 255, 255, 7], "uint8")
    draw = Draw("MixUp", 4, {"partner": [1, 2, 1, 0], "lam": [0.499, 0.3, 1.0, 0.5]})
    mixed = backend.to_host(MixUp().apply(images, draw))
    assert mixed[:, 0, 0, 0].tolist() == [128, 255, 255, 4]


@given(ids=IDS, seed=st.integers(0, 99), size=st.tuples(st.integers(1, 9), st.integers(1, 9)))
def test_cutmix_labels_are_the_pasted_areas(backend, ids, seed, size):
    n, t = len(ids), make(CutMix, seed, num_classes=12)
    images = plain_images(backend, range(n), "uint8", size)
    mixed = t(Batch(images, backend.asarray(np.arange(n)), ids))
    pixels, rows = backend.to_host(mixed.x), backend.to_host(mixed.y)
    assert rows.dtype == np.float32
    for image, row in zip(pixels, rows):
        shares = np.bincount(image[0].ravel(), minlength=12) / image[0].size
        np.testing.assert_allclose(row, shares, atol=1e-7)


def test_cutmix_pastes_a_box_at_the_same_place(backend):
    x = np.random.default_rng(0).random((6, 2, 7, 5))
    t, images = make(CutMix), backend.asarray(x)
    draw = t.sample(range(6), size=(7, 5))
    mixed = backend.to_host(t.apply(images, draw))
    for i, ((top, bottom), (left, right)) in enumerate(draw["box"]):
        expected = x[i].copy()
        expected[:, top:bottom, left:right] = x[draw["partner"][i], :, top:bottom, left:right]
        np.testing.assert_array_equal(mixed[i], expected)


def test_cutmix_pastes_masks_like_images(backend):
    x = np.random.default_rng(0).random((6, 1, 7, 5))
    t, images = make(CutMix), backend.asarray(x)
    mixed = t(Batch(images, ids=range(6), masks=backend.asarray((x * 99).astype(np.uint8))))
    expected = (backend.to_host(mixed.x) * 99).astype(np.uint8)
    np.testing.assert_array_equal(backend.to_host(mixed.masks), expected)


@BOTH
def test_the_loss_of_mixed_labels_is_the_mixed_loss(backend, kind):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    logits, y = rng.normal(size=(7, 4)), rng.integers(0, 4, 7)
    t = make(kind, num_classes=4)
    draw = t.sample(range(7), size=(6, 9))
    rows = t.apply(Batch(plain_images(backend, range(7)), backend.asarray(y)), draw).y
    losses = mr.cross_entropy(mr.tensor(logits), rows, reduction="none").numpy()
    own, other = (
        torch.nn.functional.cross_entropy(
            torch.tensor(logits), torch.tensor(labels), reduction="none"
        ).numpy()
        for labels in (y, y[draw["partner"]])
    )
    np.testing.assert_allclose(losses, draw["lam"] * own + (1 - draw["lam"]) * other, rtol=1e-6)


# -- in a pipeline ---------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("off", ["p", "evaluation"])
def test_unmixed_images_keep_their_bits(backend, kind, off):
    x = np.random.default_rng(0).integers(0, 256, (9, 3, 5, 5), dtype=np.uint8)
    t = make(kind, p=0.0) if off == "p" else make(kind).eval()
    np.testing.assert_array_equal(backend.to_host(t(backend.asarray(x))), x)


@BOTH
def test_a_stored_draw_gives_the_same_mixture(backend, kind):
    images, t = plain_images(backend, range(8)), make(kind)
    draw = t.sample(range(8), size=(6, 9))
    again = Draw.from_dict(draw.to_dict())
    np.testing.assert_array_equal(
        backend.to_host(t.apply(images, draw)), backend.to_host(t.apply(images, again))
    )


@BOTH
def test_mixing_follows_other_transforms(backend, kind):
    images = backend.asarray(np.random.default_rng(0).random((8, 1, 6, 6)))
    flip, mix = make(RandomHorizontalFlip, 1), make(kind, 2, num_classes=8)
    whole = Batch(images, backend.asarray(np.arange(8)), range(8))
    one, other = Compose([flip, mix])(whole), mix(flip(whole))
    np.testing.assert_array_equal(backend.to_host(one.x), backend.to_host(other.x))
    np.testing.assert_array_equal(backend.to_host(one.y), backend.to_host(other.y))


@BOTH
def test_mixing_reads_nothing_from_the_device(backend, kind):
    t, images = make(kind, num_classes=8), plain_images(backend, range(8), "uint8")
    batch = Batch(images, backend.asarray(np.arange(8)), range(8))
    with counting() as counts:
        t(batch)
    assert counts.host_reads == 0, counts.where()


def test_tensors_come_back_as_tensors():
    mixed = MixUp(num_classes=2)(Batch(mr.tensor(np.ones((2, 1, 3, 3))), mr.tensor([0, 1])))
    assert isinstance(mixed.x, mr.Tensor)
    assert isinstance(mixed.y, mr.Tensor)


@pytest.mark.host
def test_the_repr_shows_the_arguments():
    assert repr(MixUp(0.2, num_classes=10)) == "MixUp(alpha=0.2, num_classes=10)"
    assert repr(CutMix(p=0.5)) == "CutMix(alpha=1, p=0.5)"


# -- bad input -------------------------------------------------------------------------------------


@pytest.mark.host
def test_the_draw_of_a_mixed_batch_stays_whole():
    draw = Draw("MixUp", 2, {"partner": [1, 0]})
    for cut in (draw, Draw("Compose", 2, parts=[draw])):
        with pytest.raises(ArgumentError, match="cannot be cut into parts"):
            cut[:1]


@pytest.mark.host
@pytest.mark.parametrize(
    ("options", "argument", "message"),
    [
        ({"alpha": 0}, "alpha", "greater than 0"),
        ({"alpha": float("inf")}, "alpha", "finite"),
        ({"num_classes": 0}, "num_classes", "at least 1"),
        ({"p": 1.2}, "p", r"in \[0, 1\]"),
    ],
)
def test_bad_arguments_are_refused(options, argument, message):
    with pytest.raises(ArgumentError, match=message) as raised:
        MixUp(**options)
    assert raised.value.argument == argument


@BOTH
@pytest.mark.parametrize(
    ("y", "num_classes", "argument", "message"),
    [
        ([0, 1], 3, "y", r"3 images need as many labels, got 2"),
        ([0, 1, 2], None, "num_classes", r"num_classes=len\(train.classes\) of the"),
        ([[0, 1], [1, 0], [1, 0]], 2, "y", "or floats"),
        ([True, False, True], 2, None, "must be integers"),
    ],
)
def test_unusable_labels_are_refused(backend, kind, y, num_classes, argument, message):
    batch = Batch(plain_images(backend, range(3)), backend.asarray(np.array(y)))
    with pytest.raises(ArgumentError, match=message) as raised:
        kind(num_classes=num_classes)(batch)
    assert raised.value.argument == argument


@pytest.mark.backends("numpy")
def test_labels_beyond_num_classes_are_refused():
    batch = Batch(np.zeros((2, 1, 4, 4)), np.array([0, 3]))
    with pytest.raises(ArgumentError, match="from 0 to 2 for 3 classes, got 3"):
        MixUp(num_classes=3)(batch)


def test_mixup_refuses_masks(backend):
    images = plain_images(backend, range(3))
    with pytest.raises(ArgumentError, match="Use CutMix") as raised:
        MixUp()(Batch(images, masks=images))
    assert raised.value.argument == "masks"


def test_cutmix_needs_the_size_of_the_images(backend):
    with pytest.raises(ArgumentError, match=r"Pass it: t\.sample"):
        CutMix().sample(3)
    with pytest.raises(ArgumentError, match=r"drawn for images of \(4, 4\), got images of \(6, 9"):
        CutMix().apply(plain_images(backend, range(3)), CutMix().sample(3, size=(4, 4)))
