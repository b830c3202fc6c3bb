"""Brightness, contrast, saturation and hue: formulas, other libraries, and what is drawn."""

import colorsys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance
from scipy import stats

import minireg as mr
from minireg.augment import ColorJitter, Draw, RandomBrightness, RandomContrast, RandomSaturation
from minireg.errors import ArgumentError, ArgumentTypeError
from tests.peers import import_torchvision

FACTORS = {
    "brightness": RandomBrightness(1),
    "contrast": RandomContrast(1),
    "saturation": RandomSaturation(1),
}
STEPS = (*FACTORS, "hue")
WEIGHTS = np.array([0.2989, 0.587, 0.114]).reshape(3, 1, 1)

name_of_factor = pytest.mark.parametrize("name", FACTORS)
factors = st.lists(st.floats(0, 3), min_size=1, max_size=3)
sizes = st.tuples(st.integers(1, 6), st.integers(1, 6))
channels = st.sampled_from([1, 3])
seeds = st.integers(0, 999)


def make_images(seed, count, channels, size, dtype="float64"):
    """Random pixels, some of them with equal channels, black or white."""
    random = np.random.default_rng(seed)
    x = random.integers(256, size=(count, channels, *size), dtype=np.uint8)
    x[random.random(x.shape) < 0.2] = 255
    x = np.where(random.random((count, 1, *size)) < 0.2, x[:, :1], x)
    return x if dtype == "uint8" else (x / 255).astype(dtype)


def apply(backend, name, images, values):
    t = FACTORS[name]
    draw = Draw(type(t).__name__, len(values), {"factor": values})
    return backend.to_host(t.apply(backend.asarray(images), draw))


def expected(name, x, factor):
    """The formula in float64 for one image (C, H, W), neither clipped nor rounded."""
    x = x.astype(np.float64)
    grey = (WEIGHTS * x).sum(axis=0, keepdims=True) if len(x) == 3 else x
    target = {"brightness": 0.0, "contrast": grey.mean(), "saturation": grey}[name]
    return factor * x + (1 - factor) * target


# -- one change ------------------------------------------------------------------------------------


@name_of_factor
@given(values=factors, size=sizes, c=channels, seed=seeds)
def test_floats_are_changed_as_by_torchvision(backend, name, values, size, c, seed):
    adjust = getattr(import_torchvision().functional, f"adjust_{name}")
    torch = pytest.importorskip("torch")
    for dtype, tolerance in (("float64", 1e-12), ("float32", 3e-6)):
        x = make_images(seed, len(values), c, size, dtype)
        y = apply(backend, name, x, values)
        assert y.dtype == dtype
        for image, changed, factor in zip(x, y, values, strict=True):
            theirs = adjust(torch.tensor(image), factor).numpy()
            np.testing.assert_allclose(changed, theirs, atol=tolerance)


@name_of_factor
@given(values=factors, size=sizes, c=channels, seed=seeds)
def test_uint8_is_the_clipped_formula_rounded_once(backend, name, values, size, c, seed):
    x = make_images(seed, len(values), c, size, "uint8")
    y = apply(backend, name, x, values)
    assert y.dtype == np.uint8
    for image, changed, factor in zip(x, y, values, strict=True):
        exact = np.clip(expected(name, image, factor), 0, 255)
        assert abs(changed - exact).max() < 0.5 + 1e-3


@pytest.mark.host
@name_of_factor
@given(factor=st.floats(0, 2), size=sizes, seed=seeds)
def test_pictures_are_changed_as_by_pillow(name, factor, size, seed):
    x = make_images(seed, 1, 3, size, "uint8")[0]
    picture = Image.fromarray(np.moveaxis(x, 0, 2))
    enhancer = {"saturation": "Color"}.get(name, name.capitalize())
    theirs = np.asarray(getattr(ImageEnhance, enhancer)(picture).enhance(factor))
    t = FACTORS[name]
    ours = np.asarray(t.apply(picture, Draw(type(t).__name__, 1, {"factor": [factor]})))
    # Pillow cuts decimals off, and rounds the grey of each pixel and their mean.
    limit = 1 if name == "brightness" else 1 + 0.6 * abs(1 - factor) + 0.5
    assert abs(ours.astype(float) - theirs).max() <= limit


@name_of_factor
@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64"])
def test_factor_1_is_the_identity_bit_for_bit(backend, name, dtype):
    x = make_images(0, 4, 3, (5, 7), dtype)
    np.testing.assert_array_equal(apply(backend, name, x, np.ones(4)), x)


def test_extreme_factors_do_not_wrap(backend):
    x = np.arange(256, dtype=np.uint8).reshape(1, 1, 16, 16)
    bright = apply(backend, "brightness", x, [1e6])
    np.testing.assert_array_equal(bright, np.where(x > 0, 255, 0))
    contrast = apply(backend, "contrast", x, [1e6])
    np.testing.assert_array_equal(contrast, np.where(x > 127, 255, 0))


@given(size=sizes, seed=seeds)
def test_a_grey_image_has_no_saturation_to_change(backend, size, seed):
    for dtype in ("uint8", "float32"):
        x = make_images(seed, 2, 1, size, dtype)
        np.testing.assert_array_equal(apply(backend, "saturation", x, [0.3, 1.7]), x)


# -- jitter ----------------------------------------------------------------------------------------


def jitter(backend, images, order, **values):
    count = len(images)
    values = {**{n: np.full(count, float(n != "hue")) for n in STEPS}, **values}
    draw = Draw("ColorJitter", count, {**values, "order": order})
    return backend.to_host(ColorJitter().apply(backend.asarray(images), draw))


def turn_hue_as_colorsys(image, turn):
    turned = [colorsys.rgb_to_hsv(*pixel) for pixel in image.reshape(3, -1).T]
    pixels = [colorsys.hsv_to_rgb((h + turn) % 1, s, v) for h, s, v in turned]
    return np.array(pixels).T.reshape(image.shape)


@given(turns=st.lists(st.floats(-0.5, 0.5), min_size=1, max_size=3), seed=seeds)
def test_hue_turns_as_in_colorsys(backend, turns, seed):
    x = make_images(seed, len(turns), 3, (4, 5))
    y = jitter(backend, x, np.tile([3, 2, 1, 0], (len(turns), 1)), hue=turns)
    for image, changed, turn in zip(x, y, turns, strict=True):
        np.testing.assert_allclose(changed, turn_hue_as_colorsys(image, turn), atol=1e-9)


@given(seed=seeds, c=channels)
def test_jitter_is_its_steps_in_the_drawn_order(backend, seed, c):
    functional, torch = import_torchvision().functional, pytest.importorskip("torch")
    t = ColorJitter(0.9, 0.9, 0.9, 0.5, generator=mr.Generator(seed))
    x, draw = make_images(seed, 6, c, (4, 5)), t.sample(6)
    y = backend.to_host(t.apply(backend.asarray(x), draw))
    for i in range(6):
        theirs = torch.tensor(x[i])
        for step in draw["order"][i]:
            name, value = STEPS[step], float(draw[STEPS[step]][i])
            if name != "hue":
                theirs = getattr(functional, f"adjust_{name}")(theirs, value)
            elif c == 3:  # torchvision computes hues in float32
                theirs = torch.tensor(turn_hue_as_colorsys(theirs.numpy(), value))
        np.testing.assert_allclose(y[i], theirs.numpy(), atol=1e-9)


@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64"])
@pytest.mark.parametrize("c", [1, 3])
def test_jitter_without_ranges_is_the_identity(backend, dtype, c):
    x = make_images(0, 30, c, (4, 5), dtype)
    np.testing.assert_array_equal(backend.to_host(ColorJitter()(backend.asarray(x))), x)


def test_uint8_jitter_is_that_of_floats_rounded_once(backend):
    t = ColorJitter(0.9, 0.9, 0.9, 0.5)
    x, draw = make_images(0, 50, 3, (6, 6), "uint8"), t.sample(50)
    y = backend.to_host(t.apply(backend.asarray(x), draw))
    exact = 255 * backend.to_host(t.apply(backend.asarray(x / 255), draw))
    assert y.dtype == np.uint8
    assert abs(y - exact).max() < 0.5 + 1e-3


# -- what is drawn ---------------------------------------------------------------------------------


@pytest.mark.host
@pytest.mark.parametrize(
    ("given_range", "interval"),
    [(0.25, (0.75, 1.25)), (3, (0.0, 4.0)), ((0.5, 0.6), (0.5, 0.6)), (0, (1.0, 1.0))],
)
@name_of_factor
def test_factors_are_uniform_in_their_range(name, given_range, interval):
    t = type(FACTORS[name])(given_range, generator=mr.Generator(1))
    assert getattr(t, name) == interval
    draw, low, high = t.sample(2000)["factor"], *interval
    # A right transform fails for one seed in 10⁶.
    if low < high:
        assert stats.kstest((draw - low) / (high - low), "uniform").pvalue > 1e-6
    else:
        assert (draw == low).all()


@pytest.mark.host
def test_all_orders_of_jitter_are_equally_likely():
    order = ColorJitter(generator=mr.Generator(1)).sample(2400)["order"]
    _, counts = np.unique(order, axis=0, return_counts=True)
    assert len(counts) == 24
    # A right transform fails for one seed in 10⁶.
    assert stats.chisquare(counts).pvalue > 1e-6


@pytest.mark.host
def test_parameters_of_jitter_are_independent():
    draw = ColorJitter(1, 1, 1, 0.5, generator=mr.Generator(1)).sample(2000)
    names = [*STEPS, "order"]
    columns = np.array([draw[n][:, 0] if n == "order" else draw[n] for n in names])
    correlations = np.corrcoef(columns)[np.triu_indices(5, 1)] * np.sqrt(2000)
    # Each of the ten fails for one seed in 10⁷.
    assert abs(correlations).max() < stats.norm.isf(5e-8)


# -- bad input -------------------------------------------------------------------------------------

PIXELS = np.full((2, 3, 4, 4), 0.5)


@pytest.mark.host
@pytest.mark.parametrize(
    ("build", "error", "argument", "sentence"),
    [
        (lambda: RandomBrightness(-1), ArgumentError, "brightness", "at least 0, got -1"),
        (lambda: RandomBrightness((-1, 1)), ArgumentError, "brightness", "at least 0, got -1"),
        (lambda: RandomContrast((2, 1)), ArgumentError, "contrast", "needs a ≤ b"),
        (lambda: RandomSaturation("no"), ArgumentTypeError, "saturation", "a number, got 'no'"),
        (lambda: RandomSaturation((1, 2, 3)), ArgumentError, "saturation", r"d or \(a, b\)"),
        (lambda: ColorJitter(contrast=-1), ArgumentError, "contrast", "at least 0"),
        (lambda: ColorJitter(hue=0.7), ArgumentError, "hue", r"in \[-0.5, 0.5\], .*, got 0.7"),
        (lambda: ColorJitter(hue=(0, 0.7)), ArgumentError, "hue", r"\[-0.5, 0.5\].*\(0, 0.7\)"),
        (lambda: RandomContrast(1)(PIXELS[:, :2]), ArgumentError, "images", "1 channel.*got 2"),
        (lambda: ColorJitter()(PIXELS[:, :2]), ArgumentError, "images", "1 channel.*got 2"),
        (lambda: RandomContrast(1)(255 * PIXELS), ArgumentError, "images", "from 127.5 to 127.5"),
        (lambda: RandomBrightness(1)(-PIXELS), ArgumentError, "images", "from -0.5 to -0.5"),
        (lambda: ColorJitter()(PIXELS * np.nan), ArgumentError, "images", "from nan to nan"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(build, error, argument, sentence):
    with pytest.raises(error, match=sentence) as caught:
        build()
    assert caught.value.argument == argument


@pytest.mark.host
def test_brightness_needs_no_grey():
    x = np.full((2, 5, 3, 3), 0.25)
    np.testing.assert_array_equal(RandomBrightness((2, 2))(x), 2 * x)
