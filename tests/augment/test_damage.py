"""Draws, batches and arguments that are damaged, empty or enormous are refused with a sentence."""

import json

import numpy as np
import pytest

from minireg import Batch, Tensor, augment, no_grad
from minireg.augment import (
    OPERATIONS,
    Compose,
    Draw,
    RandomResizedCrop,
    RandomRotation,
    Sometimes,
)
from minireg.checks import check_choice, check_number
from minireg.data import DataLoader
from minireg.errors import ArgumentError, ArgumentTypeError, IndexRangeError, MiniregError

from .cases import RANDOM, make
from .moving import random_images

pytestmark = pytest.mark.host
FOUR = np.zeros((4, 1, 8, 8))
TURN = RandomRotation(5)
ORDERS_OF_FIVE = {
    "order": [[0, 1, 2, 3, 4]] * 4, "brightness": [2.0] * 4, "contrast": [2.0] * 4,
    "saturation": [2.0] * 4, "hue": [0.0] * 4,
}  # fmt: skip
BAD = [None, True, -1, 3, 1e308, float("nan"), "x", [], [1], {}, {"a": 1}, 10**30]


def damage(stored):
    """Every way to lose or to replace one entry of what JSON holds."""
    places = stored.items() if isinstance(stored, dict) else enumerate(stored[:1])
    for place, value in list(places):
        rest = stored.copy()
        del rest[place]
        yield rest
        options = BAD
        if isinstance(value, (dict, list)):
            options = [*BAD, *damage(value)]
        for option in options:
            changed = stored.copy()
            changed[place] = option
            yield changed


def damaged(name, key, values):
    """A draw for four images that fits `Sometimes` and `RandomResizedCrop`, but for one entry."""
    whole = np.ones(4, dtype=int)
    sides = {"chosen": whole, "top": whole, "left": whole, "height": whole, "width": whole}
    return Draw(name, 4, {**sides, key: values}, parts=[Draw("Compose", 4), TURN.sample(4)])


def mixed(lam):
    return Draw("MixUp", 4, {"partner": np.arange(4), "lam": lam})


@pytest.mark.parametrize("name", ["rotation", "noise", "jitter", "sometimes", "cutmix"])
def test_a_damaged_draw_is_read_as_a_draw_or_refused(name):
    stored = json.loads(json.dumps(make(name).sample(range(3), size=(28, 28)).to_dict()))
    refused = 0
    for damaged in damage(stored):
        try:
            draw = Draw.from_dict(damaged)
        except MiniregError:
            refused += 1
        else:
            assert repr(draw).startswith("Draw of ")
    assert refused > 50


@pytest.mark.parametrize("name", RANDOM)
def test_the_draw_of_no_images_is_stored_and_printed(name):
    t, images = make(name), random_images((0, 1, 28, 28))
    draw = t.sample([], size=(28, 28))
    again = Draw.from_dict(json.loads(json.dumps(draw.to_dict())))
    assert repr(again) == repr(draw)
    assert t.apply(Batch(images, np.zeros(0)), again).x.shape == t(images).shape


@pytest.mark.parametrize(
    ("use", "error", "sentence"),
    [
        (lambda: TURN.apply(FOUR, RandomRotation(5).sample(4)[1:]), ArgumentError, "4 images need"),
        (
            lambda: TURN.apply(FOUR, Draw("RandomRotation", 4)),
            ArgumentError,
            "no parameter 'degrees'",
        ),
        (
            lambda: Compose([TURN]).apply(FOUR, Draw("Compose", 4)),
            ArgumentError,
            "of 1 transforms needs a draw of as many parts, got 0",
        ),
        (lambda: Draw("x", 2)[5], IndexRangeError, "2 images has no images 5"),
        (lambda: Draw("x", 2)["a":], IndexRangeError, "2 images has no images slice"),
        (lambda: Draw("x", 1, {"a": [np.nan]}), ArgumentError, "'a' must be finite"),
        (lambda: Draw("x", 1, {"a": ["b"]}), ArgumentError, "'a' must be finite numbers or bool"),
        (lambda: Draw("x", 1, parts=[3]), ArgumentError, "parts must be draws for 1 images"),
        (lambda: TURN.sample(2**24 + 1), ArgumentError, "ids must be at most 16777216"),
        (lambda: TURN.sample([1, [2]]), ArgumentTypeError, "ids must be integers on the host"),
        (lambda: TURN.sample(3, size=(4, 5, 6)), ArgumentError, r"\(height, width\) or one"),
        (lambda: TURN(Batch(FOUR, ids=4)), ArgumentError, "as many ids, got 4, which has no len"),
        (lambda: TURN(Batch(FOUR, [1, 2])), ArgumentError, "4 images need as many labels, got 2"),
        (lambda: TURN(Batch(FOUR, 7)), ArgumentError, "as many labels, got 7, which has no l"),
        (lambda: TURN(FOUR[:, :, :0]), ArgumentError, r"images that have pixels, got \(4, 1, 0, 8"),
        (lambda: augment.CenterCrop(10**9), ArgumentError, "size must be at most 16384"),
        (lambda: augment.Resize(10**9), ArgumentError, "size must be at most 16384"),
        (lambda: augment.Pad((1, 10**9)), ArgumentError, "padding must be at most 16384"),
        (lambda: augment.RandomCrop(9, 10**30), ArgumentError, "padding must be at most 16384"),
        (lambda: augment.RandomBrightness(1e300), ArgumentError, "must be from 0 to 1e.06"),
        (lambda: augment.RandomScale((1e-300, 1)), ArgumentError, "must be from 1e-06 to 1e.06"),
        (lambda: RandomRotation(5, fill=()), ArgumentTypeError, r"fill must be a number, got \(\)"),
        (lambda: augment.TrivialAugment(()), ArgumentTypeError, r"operations must be names.*\(\)"),
        (lambda: TURN.plot(FOUR, columns=10**9), ArgumentError, "columns must be at most 100"),
        (
            lambda: Sometimes(TURN).apply(FOUR, damaged("Sometimes", "chosen", [0, 1, 2, 0])),
            ArgumentError,
            "'chosen' must be whole numbers from 0 to 1, got",
        ),
        (
            lambda: RandomResizedCrop(4).apply(
                FOUR, damaged("RandomResizedCrop", "height", [1, 2, 0, 3])
            ),
            ArgumentError,
            "'height' must be whole numbers from 1, got",
        ),
        (
            lambda: augment.ColorJitter(1).apply(FOUR, Draw("ColorJitter", 4, ORDERS_OF_FIVE)),
            ArgumentError,
            "'order' must be whole numbers from 0 to 3, got",
        ),
        (
            lambda: augment.GaussianBlur(3).apply(FOUR, OPERATIONS["blur"].draw([0, 1, 2, 3])),
            ArgumentError,
            r"'sigma' must be greater than 0, got \[0",
        ),
        (
            lambda: augment.MixUp().apply(FOUR, mixed([0.5, 1, 2, 0])),
            ArgumentError,
            r"'lam' must be in \[0, 1\], got \[0.5 1",
        ),
        (lambda: augment.ElasticTransform(1e300), ArgumentError, "alpha must be from 0 to 1e"),
        (lambda: augment.OneOf([TURN] * 2, (1e308, 1e308)), ArgumentError, "p must be at most 1e"),
        (lambda: OPERATIONS["scale"].draw(1.5), ArgumentTypeError, "strengths must be a list of"),
        (lambda: OPERATIONS["scale"].draw(["x"]), ArgumentTypeError, "strengths must be a list of"),
        (lambda: check_number("p", int), ArgumentTypeError, "p must be a number"),
        (lambda: check_choice("p", np.zeros(2), ("a", "b")), ArgumentError, "p must be 'a' or 'b'"),
    ],
)
def test_what_does_not_fit_is_refused(use, error, sentence):
    with pytest.raises(error, match=sentence):
        use()


@pytest.mark.parametrize(
    ("function", "error", "sentence"),
    [
        (lambda x: None, ArgumentTypeError, "RandomRotation, after <lambda>, takes arrays"),
        (lambda x: x.tolist(), ArgumentTypeError, "RandomRotation, after <lambda>, takes arrays"),
        (
            lambda x: x[:, 0],
            ArgumentError,
            r"after <lambda>, takes .* \(N, C, H, W\), got \(4, 8, 8",
        ),
        (lambda x: x[:3], ArgumentError, "<lambda>, in a Compose, must return 4 images, got 3"),
        (lambda x: np.moveaxis(x, 1, 3)[..., [0, 0, 0]], ArgumentError, "channels last"),
    ],
)
def test_what_a_function_in_a_pipeline_returns_is_checked(function, error, sentence):
    with pytest.raises(error, match=sentence):
        Compose([TURN, function, TURN])(FOUR)


def test_functions_in_a_row_may_hand_on_anything():
    images = random_images((4, 1, 8, 8))
    there_and_back = Compose([lambda x: x.tolist(), np.array, RandomRotation((0, 0))])
    np.testing.assert_array_equal(there_and_back(images), images)


def test_a_function_in_a_pipeline_may_return_a_tensor():
    images = random_images((4, 1, 8, 8))
    expected = Compose([RandomRotation((7, 7))])(images / 2)
    halved = Compose([lambda x: Tensor(x) / 2, RandomRotation((7, 7))])(images)
    np.testing.assert_array_equal(halved, expected)


@pytest.mark.parametrize("kind", [np.asarray, Tensor])
def test_the_result_is_of_the_kind_that_was_given(kind):
    halve = Compose([lambda x: Tensor(x) / 2])
    for t in (halve, Sometimes(halve), Sometimes(halve, 1)):
        assert type(t(kind(FOUR))) is type(kind(FOUR))
        assert type(t(Batch(kind(FOUR))).x) is type(kind(FOUR))


def test_a_gradient_is_not_lost_silently():
    images = Tensor(FOUR, requires_grad=True)
    with pytest.raises(ArgumentError, match=r"Transforms pass no gradient on.*x.detach"):
        TURN(images)
    assert TURN(images.detach()).shape == FOUR.shape
    with no_grad():
        assert TURN(Batch(images)).x.shape == FOUR.shape
    assert RandomRotation(5).eval()(images) is images


def test_a_class_is_not_a_transform_of_a_loader():
    with pytest.raises(ArgumentTypeError, match="transform must be a Transform or a function"):
        DataLoader((FOUR, [0, 1, 0, 1]), transform=RandomRotation)


def test_tensors_of_another_library_are_refused():
    torch = pytest.importorskip("torch")
    with pytest.raises(ArgumentTypeError, match=r"takes arrays or Tensors .*, got torch.float32"):
        TURN(torch.zeros(4, 1, 8, 8))


def test_one_image_of_a_draw_is_the_draw_of_this_image():
    draw = TURN.sample([3, 4, 5])
    assert draw[1]["degrees"] == draw["degrees"][1:2]
    assert len(list(draw)) == 3
