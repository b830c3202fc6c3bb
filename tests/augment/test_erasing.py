"""Random erasing and cutout: which rectangles are drawn, and what is put into them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import minireg as mr
from minireg import Batch
from minireg.augment import Cutout, Draw, RandomErasing
from minireg.errors import ArgumentError, ArgumentTypeError
from tests.peers import import_torchvision

SIDES = ("top", "left", "height", "width")
RECTANGLES = np.array([[0, 0, 3, 4], [2, 1, 3, 2], [4, 5, 1, 1], [0, 0, 0, 0]])
PIXELS = np.random.default_rng(0).integers(1, 255, size=(4, 3, 5, 6), dtype=np.uint8)

dtypes = pytest.mark.parametrize("dtype", ["uint8", "float32", "float64"])


def erase(backend, t, dtype="uint8", **values):
    draw = Draw(type(t).__name__, 4, {**dict(zip(SIDES, RECTANGLES.T, strict=True)), **values})
    return backend.to_host(t.apply(backend.asarray(PIXELS.astype(dtype)), draw))


def find_inside():
    """The erased pixels, (4, 3, 5, 6)."""
    inside = np.zeros(PIXELS.shape, bool)
    for pixels, (top, left, height, width) in zip(inside, RECTANGLES, strict=True):
        pixels[:, top : top + height, left : left + width] = True
    return inside


# -- what is put in --------------------------------------------------------------------------------


@dtypes
@pytest.mark.parametrize("value", [0, 7, (1, 2, 3)])
def test_the_rectangle_gets_the_value_and_nothing_else(backend, dtype, value):
    y = erase(backend, RandomErasing(value=value), dtype)
    values = np.broadcast_to(np.reshape(value, (-1, 1, 1)), PIXELS.shape)
    assert y.dtype == dtype
    np.testing.assert_array_equal(y, np.where(find_inside(), values, PIXELS))


@pytest.mark.host
def test_erasing_is_that_of_torchvision():
    functional, torch = import_torchvision().functional, pytest.importorskip("torch")
    y = RandomErasing(value=(1, 2, 3))
    draw = Draw("RandomErasing", 4, dict(zip(SIDES, RECTANGLES.T, strict=True)))
    for image, erased, sides in zip(PIXELS, y.apply(PIXELS, draw), RECTANGLES, strict=True):
        value = torch.tensor([1, 2, 3], dtype=torch.uint8)[:, None, None]
        theirs = functional.erase(torch.tensor(image), *sides.tolist(), value)
        np.testing.assert_array_equal(erased, theirs.numpy())


def test_floats_may_be_erased_outside_the_unit_interval(backend):
    y = erase(backend, RandomErasing(value=-1.5), "float32")
    assert (y[find_inside()] == -1.5).all()


@dtypes
def test_random_values_come_from_the_key_of_the_image(backend, dtype):
    t, keys = RandomErasing(value="random"), np.array([1, 2, 3, 4], dtype=np.uint64)
    one, other = (
        erase(backend, t, dtype, key=keys),
        erase(backend, t, dtype, key=keys[[0, 2, 1, 3]]),
    )
    np.testing.assert_array_equal(one[~find_inside()], PIXELS[~find_inside()])
    np.testing.assert_array_equal(one[0], other[0])
    assert (one[1] != other[1]).any()


@pytest.mark.host
def test_random_uint8_values_are_equally_likely():
    x = np.zeros((40, 3, 32, 32), np.uint8)
    t = Cutout(64, value="random", generator=mr.Generator(1))  # covers any image
    # A right transform fails for one seed in 10⁶.
    assert stats.chisquare(np.bincount(t(x).ravel(), minlength=256)).pvalue > 1e-6


@pytest.mark.host
def test_random_floats_are_standard_normal_and_independent():
    t = Cutout(64, value="random", generator=mr.Generator(1))
    z = t(np.zeros((40, 3, 32, 32)))
    # Each of these fails for one seed in 10⁷.
    assert stats.kstest(z.ravel(), "norm").pvalue > 1e-7
    for axis in range(4):
        one, other = (np.take(z, range(a, z.shape[axis] - 1 + a), axis) for a in (0, 1))
        assert abs((one * other).mean()) * np.sqrt(one.size) < stats.norm.isf(5e-8)


def test_masks_of_pixels_stay(backend):
    x, masks = backend.asarray(PIXELS), backend.asarray(PIXELS[:, :1])
    result = RandomErasing(p=1)(Batch(x, masks=masks))
    np.testing.assert_array_equal(backend.to_host(result.masks), PIXELS[:, :1])


# -- which rectangles ------------------------------------------------------------------------------


def draw_one_by_one(t, u, height, width):
    """The rectangle of one image, with a loop of at most ten tries as in torchvision."""
    for attempt in range(10):
        area = height * width * (t.scale[0] + (t.scale[1] - t.scale[0]) * u[3 + 2 * attempt])
        low, high = map(math.log, t.ratio)
        shape = math.exp(low + (high - low) * u[4 + 2 * attempt])
        h, w = round(math.sqrt(area * shape)), round(math.sqrt(area / shape))
        if h < height and w < width:
            if u[0] >= t.p:
                break
            return int(u[1] * (height - h + 1)), int(u[2] * (width - w + 1)), h, w
    return 0, 0, 0, 0


@pytest.mark.host
@given(
    p=st.floats(0, 1),
    low=st.floats(0, 1),
    high=st.floats(0, 1),
    ratio=st.floats(0.1, 9),
    height=st.integers(1, 12),
    width=st.integers(1, 12),
    seed=st.integers(0, 999),
)
def test_rectangles_are_those_of_ten_tries(p, low, high, ratio, height, width, seed):
    t = RandomErasing(p, sorted((low, high)), sorted((1.0, ratio)))
    u = np.random.default_rng(seed).random((20, t.draws))
    drawn = t.draw_parameters(u, (height, width))
    expected = np.array([draw_one_by_one(t, row, height, width) for row in u])
    for side, column in zip(SIDES, expected.T, strict=True):
        np.testing.assert_array_equal(drawn[side], column)


@pytest.mark.host
def test_rectangles_are_distributed_as_in_torchvision():
    v2, torch = import_torchvision(), pytest.importorskip("torch")
    torch.manual_seed(0)
    theirs, image = v2.RandomErasing(p=1), torch.zeros(1, 24, 16)
    tries = [theirs.make_params([image]) for _ in range(2000)]
    ours = RandomErasing(p=1, generator=mr.Generator(1)).sample(2000, size=(24, 16))
    # Each of these fails for less than one seed in 10⁶ (less, because whole numbers have ties).
    for side, letter in zip(SIDES, "ijhw", strict=True):
        expected = [found[letter] for found in tries]
        assert stats.ks_2samp(ours[side], expected).pvalue > 1e-6


@pytest.mark.host
def test_places_of_a_rectangle_are_equally_likely():
    t = RandomErasing(1, (0.25, 0.25), (1, 1), generator=mr.Generator(1))
    draw = t.sample(3000, size=(8, 8))
    assert (draw["height"] == 4).all()
    counts = np.bincount(5 * draw["top"] + draw["left"], minlength=25)
    # A right transform fails for one seed in 10⁶.
    assert stats.chisquare(counts).pvalue > 1e-6


@pytest.mark.host
@pytest.mark.parametrize(
    "build", [RandomErasing, lambda p, generator: Cutout(3, p, generator=generator)]
)
def test_a_share_p_of_the_images_is_erased(build):
    draw = build(p=0.3, generator=mr.Generator(1)).sample(3000, size=(32, 32))
    erased = int((draw["height"] > 0).sum())
    # A right transform fails for one seed in 10⁶.
    assert stats.binomtest(erased, 3000, 0.3).pvalue > 1e-6


@pytest.mark.host
def test_a_rectangle_as_large_as_the_image_is_not_drawn():
    draw = RandomErasing(1, (1, 1), (1, 1)).sample(50, size=(8, 8))
    assert not any(draw[side].any() for side in SIDES)


# -- cutout ----------------------------------------------------------------------------------------


@pytest.mark.host
@pytest.mark.parametrize("size", [1, 2, 3, 6])
def test_a_square_has_any_pixel_as_its_centre(size):
    height, width = 4, 5
    draw = Cutout(size, generator=mr.Generator(1)).sample(4000, size=(height, width))
    possible = []
    for i in range(height):
        for j in range(width):
            rows = [r for r in range(i - size // 2, i - size // 2 + size) if 0 <= r < height]
            columns = [c for c in range(j - size // 2, j - size // 2 + size) if 0 <= c < width]
            possible.append((rows[0], columns[0], len(rows), len(columns)))
    kinds, expected = np.unique(possible, axis=0, return_counts=True)
    found, counts = np.unique(
        np.stack([draw[side] for side in SIDES], axis=1), axis=0, return_counts=True
    )
    np.testing.assert_array_equal(found, kinds)
    # A right transform fails for one seed in 10⁶.
    if len(kinds) > 1:
        assert stats.chisquare(counts, expected * 4000 / len(possible)).pvalue > 1e-6


# -- bad input -------------------------------------------------------------------------------------


@pytest.mark.host
@pytest.mark.parametrize(
    ("build", "error", "argument", "sentence"),
    [
        (lambda: RandomErasing(2), ArgumentError, "p", r"p must be in \[0, 1\]"),
        (lambda: RandomErasing(1, 0.5), ArgumentError, "scale", r"must be \(a, b\), got 0.5"),
        (lambda: RandomErasing(1, (-1, 1)), ArgumentError, "scale", "at least 0"),
        (lambda: RandomErasing(1, (0, 2)), ArgumentError, "scale", r"in \[0, 1\].*got 2"),
        (lambda: RandomErasing(ratio=(0, 1)), ArgumentError, "ratio", "greater than 0"),
        (lambda: RandomErasing(ratio=(2, 1)), ArgumentError, "ratio", "needs a ≤ b"),
        (lambda: RandomErasing(value="no"), ArgumentTypeError, "value", "number, got 'no'"),
        (lambda: RandomErasing(value=np.inf), ArgumentError, "value", "finite"),
        (lambda: Cutout(3, value=(1, 2))(PIXELS), ArgumentError, "value", "2 numbers.*3 channels"),
        (lambda: Cutout(3, value=0.5)(PIXELS), ArgumentError, "value", "from 0 to 255.*got 0.5"),
        (lambda: Cutout(3, value=256)(PIXELS), ArgumentError, "value", "from 0 to 255.*got 256"),
        (lambda: Cutout(0), ArgumentError, "size", "at least 1"),
        (lambda: Cutout(3, -1), ArgumentError, "p", r"p must be in \[0, 1\]"),
        (lambda: Cutout(3).sample(2), ArgumentError, "size", r"Pass it: t.sample"),
    ],
)
def test_what_does_not_fit_is_refused(build, error, argument, sentence):
    with pytest.raises(error, match=sentence) as caught:
        build()
    assert caught.value.argument == argument
