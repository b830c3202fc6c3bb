"""Crops and padding: windows of what `np.pad` and torchvision give, copied exactly."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from minireg import Batch, Generator
from minireg.augment import CenterCrop, Compose, Draw, Move, Pad, RandomCrop, RandomHorizontalFlip
from minireg.augment.crops import RandomWindow
from minireg.augment.moves import EXACT, choose_paths
from minireg.errors import ArgumentError, ArgumentTypeError
from tests.peers import import_torchvision

MODES = st.sampled_from(["constant", "edge", "reflect", "symmetric"])
SIDES = st.integers(0, 7)
PADDINGS = SIDES | st.tuples(SIDES, SIDES) | st.tuples(SIDES, SIDES, SIDES, SIDES)


@st.composite
def host_images(draw, count=3):
    """(count, C, H, W) of a random size and dtype, on the host."""
    shape = count, draw(st.integers(1, 3)), draw(st.integers(1, 6)), draw(st.integers(1, 6))
    dtype = draw(st.sampled_from([np.uint8, np.float32, np.float64]))
    levels = np.random.default_rng(draw(st.integers(0, 99))).integers(0, 256, shape)
    return levels.astype(dtype) if dtype == np.uint8 else (levels / 255).astype(dtype)


def pad_by_numpy(images, padding, mode, fill):
    """`np.pad` with a padding in the order of torchvision."""
    left, top, right, bottom = np.tile(padding, 4 // np.size(padding))
    options = {"constant_values": fill} if mode == "constant" else {}
    return np.pad(images, ((0, 0), (0, 0), (top, bottom), (left, right)), mode, **options)


# -- against NumPy ---------------------------------------------------------------------------------


@given(images=host_images(), padding=PADDINGS, mode=MODES)
def test_padding_is_that_of_numpy(backend, images, padding, mode):
    t = Pad(padding, fill=1, padding_mode=mode)
    ours = backend.to_host(t(backend.asarray(images)))
    np.testing.assert_array_equal(ours, pad_by_numpy(images, padding, mode, 1), strict=True)
    assert t.output_size(images.shape[2:]) == ours.shape[2:]


@given(images=host_images(), padding=PADDINGS, mode=MODES, data=st.data())
def test_crops_are_windows_of_the_padded_image(backend, images, padding, mode, data):
    padded = pad_by_numpy(images, padding, mode, 1)
    size = tuple(data.draw(st.integers(1, n)) for n in padded.shape[2:])
    t = RandomCrop(size, padding, fill=1, padding_mode=mode, generator=Generator(3))
    draw = t.sample([5, 0, 2], epoch=1, size=images.shape[2:])
    ours = backend.to_host(t.apply(backend.asarray(images), draw))
    left, top = np.tile(padding, 4 // np.size(padding))[:2]
    for k, (i, j) in enumerate(zip(draw["top"] + top, draw["left"] + left)):
        window = padded[k, :, i : i + size[0], j : j + size[1]]
        np.testing.assert_array_equal(ours[k], window, strict=True)


def test_padding_and_cropping_is_a_padded_crop(backend):
    images = backend.asarray(np.random.default_rng(0).random((9, 2, 5, 4)))
    crop = RandomCrop(5, (1, 2), fill=0.3, generator=Generator(1))
    together = Compose([Pad((1, 2), fill=0.3), RandomCrop(5, generator=Generator(1))])
    ids = Batch(images, ids=np.arange(9))
    np.testing.assert_array_equal(backend.to_host(crop(ids).x), backend.to_host(together(ids).x))


# -- against torchvision ---------------------------------------------------------------------------


@pytest.mark.host
@pytest.mark.parametrize("padding", [3, (1, 2), (1, 2, 3, 0)])
def test_sides_are_in_the_order_of_torchvision(padding):
    theirs = import_torchvision()
    torch = pytest.importorskip("torch")
    image = np.arange(1.0, 7).reshape(1, 1, 2, 3) / 6
    given_sides = list(padding) if isinstance(padding, tuple) else padding
    expected = theirs.functional.pad(torch.tensor(image), given_sides, fill=0.5)
    np.testing.assert_array_equal(Pad(padding, fill=0.5)(image), expected.numpy())


@pytest.mark.host
def test_centre_crops_are_those_of_torchvision():
    functional = import_torchvision().functional
    torch = pytest.importorskip("torch")
    for n, m in product(range(1, 10), repeat=2):  # n rows to m, m columns to n
        image = np.arange(1, n * m + 1, dtype=np.uint8).reshape(1, 1, n, m)
        expected = functional.center_crop(torch.tensor(image), [m, n]).numpy()
        np.testing.assert_array_equal(CenterCrop((m, n))(image), expected, strict=True)


@pytest.mark.host
@pytest.mark.parametrize(("rows", "columns"), [(2, 9), (7, 3), (4, 4), (9, 9)])
def test_an_image_that_is_too_small_is_padded_if_needed(rows, columns):
    theirs = import_torchvision().RandomCrop((7, 5), (1, 0), pad_if_needed=True)
    torch = pytest.importorskip("torch")
    image = torch.zeros((1, rows, columns))
    drawn = [theirs.make_params([image]) for _ in range(400)]  # at most 35 places
    expected = {(p["top"] - p["padding"][1], p["left"] - p["padding"][0]) for p in drawn}
    ours = RandomCrop((7, 5), (1, 0), pad_if_needed=True).sample(400, size=(rows, columns))
    assert set(zip(ours["top"].tolist(), ours["left"].tolist())) == expected


# -- what is drawn ---------------------------------------------------------------------------------


@pytest.mark.host
def test_all_places_are_equally_likely():
    t = RandomCrop((3, 2), (1, 2), generator=Generator(2))
    draw = t.sample(range(48_000), size=(4, 5))
    rows, columns = draw["top"] + 2, draw["left"] + 1
    counts = np.bincount(rows * 6 + columns, minlength=36)  # 6 rows and 6 columns
    assert len(counts) == 36
    assert stats.chisquare(counts).pvalue > 1e-6  # fails for one seed in a million


@pytest.mark.host
@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 3))
def test_the_first_and_the_last_place_are_drawn(n, m, padding):
    m = min(m, n + 2 * padding)
    t = RandomCrop(m, padding)
    ends = np.array([[0.0, 0.0], [1 - 2**-24, 1 - 2**-24]])  # the smallest and the largest numbers
    drawn = t.draw_parameters(ends, (n, n))
    for key in ("top", "left"):
        assert drawn[key].tolist() == [-padding, n + padding - m]


# -- evaluation ------------------------------------------------------------------------------------


@given(images=host_images(), mode=MODES, data=st.data())
def test_in_evaluation_a_crop_is_the_centre_crop(backend, images, mode, data):
    size = data.draw(st.integers(1, 8)), data.draw(st.integers(1, 8))
    t = RandomCrop(size, data.draw(st.integers(0, 1)), fill=1).eval()
    ours = backend.to_host(t(backend.asarray(images)))
    np.testing.assert_array_equal(ours, CenterCrop(size, fill=1)(images), strict=True)
    same = RandomCrop(images.shape[2:], 4, padding_mode=mode).eval()(backend.asarray(images))
    np.testing.assert_array_equal(backend.to_host(same), images, strict=True)
    assert t.output_size(images.shape[2:]) == ours.shape[2:]


def test_evaluation_draws_nothing(backend):
    t, images = RandomCrop(3, 1, generator=Generator(0)), backend.zeros((4, 1, 5, 5))
    t.eval()(images)
    assert t.generator.position == 0
    assert repr(t.sample([3, 9], epoch=2, size=(5, 5))) == (
        "Draw of RandomCrop for 2 images of (5, 5)\n"
        "          top      left\n0           1         1\n1           1         1"
    )
    t.train()(images)
    assert t.generator.position == 4


def test_a_chain_in_evaluation_crops_the_centre(backend):
    images = np.random.default_rng(0).random((2, 1, 8, 10))
    t = Compose([RandomHorizontalFlip(1), Pad(1), RandomCrop((4, 6), 2)]).eval()
    ours = backend.to_host(t(backend.asarray(images)))
    np.testing.assert_array_equal(ours, images[:, :, 2:6, 2:8])


# -- one after the other ---------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["constant", "edge", "reflect", "symmetric"])
def test_padding_crop_and_flip_are_one_exact_copy(backend, monkeypatch, mode):
    paths, apply = [], Move.apply

    def counted(move, images):
        paths.append(set(choose_paths(move).tolist()))
        return apply(move, images)

    monkeypatch.setattr(Move, "apply", counted)
    images = backend.asarray(np.random.default_rng(0).integers(0, 256, (50, 3, 6, 5), np.uint8))
    steps = [
        Pad((3, 1), fill=(7, 8, 9), padding_mode=mode),
        RandomCrop((5, 4), generator=Generator(1)),
        RandomHorizontalFlip(generator=Generator(2)),
    ]
    batch = Batch(images, ids=np.arange(50))
    together = Compose(steps)(batch).x
    assert paths == [{EXACT}]
    for t in steps:
        batch = t(batch)
    np.testing.assert_array_equal(backend.to_host(together), backend.to_host(batch.x), strict=True)


@given(images=host_images(), mode=MODES)
def test_masks_travel_with_their_images(backend, images, mode):
    masks = 1 + np.arange(images[:, :1].size).reshape(images[:, :1].shape)
    t = RandomCrop(4, 4, fill=1, padding_mode=mode, generator=Generator(1))
    batch = Batch(backend.asarray(images), masks=backend.asarray(masks), ids=np.arange(3))
    moved = t(batch)
    alone = RandomCrop(4, 4, padding_mode=mode, generator=Generator(1))
    labels = Batch(backend.asarray(masks.astype(np.float64) / 1000), ids=np.arange(3))
    expected = np.rint(backend.to_host(alone(labels).x) * 1000)
    np.testing.assert_array_equal(backend.to_host(moved.masks), expected)
    assert moved.masks.dtype == masks.dtype


# -- what is refused, what is shown ----------------------------------------------------------------

IMAGES = np.zeros((2, 1, 8, 6))


@pytest.mark.host
@pytest.mark.parametrize(
    ("build", "error", "sentence"),
    [
        (lambda: RandomCrop(0), ArgumentError, "size must be at least 1, got 0"),
        (lambda: CenterCrop((4, 0)), ArgumentError, "size must be at least 1, got 0"),
        (lambda: CenterCrop(4, fill=-1), ArgumentError, "fill must be at least 0"),
        (lambda: Pad(-1), ArgumentError, "padding must be at least 0, got -1"),
        (lambda: Pad((1, 2, 3, -4)), ArgumentError, "padding must be at least 0, got -4"),
        (lambda: Pad((1, 2, 3)), ArgumentError, r"\(left, top, right, bottom\), got \(1, 2, 3\)"),
        (lambda: Pad(1.5), ArgumentTypeError, "padding must be a whole number, got 1.5"),
        (lambda: Pad(1, padding_mode="wrap"), ArgumentError, "'reflect' or 'symmetric', got 'wrap"),
        (lambda: RandomCrop(4, padding_mode=0), ArgumentError, "padding_mode must be 'constant'"),
        (lambda: RandomCrop(4, pad_if_needed=1), ArgumentTypeError, "must be True or False, got 1"),
        (lambda: RandomCrop(8, 1, fill=2)(IMAGES), ArgumentError, r"fill must be in \[0, 1\]"),
        (
            lambda: RandomCrop(9)(IMAGES),
            ArgumentError,
            r"\(9, 9\) does not fit into images of \(8, 6\) with padding=0. Use a smaller size, "
            r"more padding or pad_if_needed=True",
        ),
        (
            lambda: Compose([RandomCrop(4), RandomCrop(8, (1, 2))])(IMAGES),
            ArgumentError,
            r"\(8, 8\) does not fit into images of \(4, 4\) with padding=\(1, 2\)",
        ),
        (
            lambda: RandomCrop(4).sample([1, 2]),
            ArgumentError,
            r"RandomCrop draws .* size=\(height, width\)",
        ),
        (
            lambda: RandomCrop(4).apply(IMAGES, RandomCrop(4).sample(2, size=(9, 9))),
            ArgumentError,
            r"drawn for images of \(9, 9\), got images of \(8, 6\)",
        ),
        (
            lambda: Compose([lambda x: x[:, :, 2:], RandomCrop(4)])(IMAGES),
            ArgumentError,
            r"drawn for images of \(8, 6\), .* \(6, 6\).*functions must not change the size",
        ),
        (lambda: RandomCrop(4).eval().sample(2), ArgumentError, "RandomCrop draws its parameters"),
        (lambda: RandomCrop(4).sample(2, size=(8, 0)), ArgumentError, "size must be at least 1"),
    ],
)
def test_impossible_crops_are_refused(build, error, sentence):
    with pytest.raises(error, match=sentence):
        build()


@pytest.mark.host
def test_a_random_window_must_know_its_centre():
    with pytest.raises(NotImplementedError, match="must define find_central_window"):
        RandomWindow().eval()(IMAGES)


@pytest.mark.host
def test_representations_show_how_to_make_the_crop():
    t = Compose([Pad((1, 2), padding_mode="edge"), CenterCrop(9), RandomCrop((4, 6), 2, fill=0.5)])
    assert repr(t) == (
        "Compose([Pad(padding=(1, 2), padding_mode='edge'), CenterCrop(size=(9, 9)), "
        "RandomCrop(size=(4, 6), padding=2, fill=0.5)])"
    )
    assert t.output_size((8, 8)) == (4, 6)
    assert Pad(2).output_size(None) is None


def test_a_stored_crop_is_repeated(backend):
    images = backend.asarray(np.random.default_rng(0).random((5, 1, 6, 6)))
    t = RandomCrop(4, 1)
    draw = t.sample(5, size=(6, 6))
    again = Draw.from_dict(draw.to_dict())
    np.testing.assert_array_equal(
        backend.to_host(t.apply(images, draw)), backend.to_host(t.apply(images, again))
    )
