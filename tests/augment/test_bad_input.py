"""Arguments of random transforms that do not fit are refused with a sentence."""

import numpy as np
import pytest
from PIL import Image

from minireg import Batch
from minireg.augment import (
    Compose,
    Draw,
    Geometric,
    ImageTransform,
    RandomCrop,
    RandomHorizontalFlip,
    RandomRotation,
    Transform,
    rotation_matrix,
)
from minireg.errors import ArgumentError, ArgumentTypeError, DataError

CROP, TURN = RandomCrop(9), RandomRotation(5)
FOUR = np.zeros((4, 1, 8, 8))
LAST = np.zeros((4, 9, 8, 3), np.uint8)


class Draws(ImageTransform):
    draws = 1


def turn(ids, epoch=0):
    return TURN(Batch(FOUR, ids=ids, epoch=epoch))


@pytest.mark.parametrize(
    ("build", "error", "sentence"),
    [
        (lambda: RandomHorizontalFlip(1.5), ArgumentError, r"p must be in \[0, 1\], got 1.5"),
        (lambda: RandomHorizontalFlip("no"), ArgumentTypeError, r"p must be a number in \[0, 1\]"),
        (lambda: RandomHorizontalFlip(generator=7), ArgumentTypeError, r"got 7.*mr.Generator\(0\)"),
        (lambda: RandomRotation(float("nan")), ArgumentError, "degrees must be finite"),
        (lambda: RandomRotation((0, float("inf"))), ArgumentError, "degrees must be finite"),
        (lambda: RandomRotation((5, -5)), ArgumentError, r"needs a ≤ b, got \(5, -5\)"),
        (lambda: RandomRotation(-5), ArgumentError, "degrees must be at least 0"),
        (lambda: RandomRotation((1, 2, 3)), ArgumentError, r"d or \(a, b\), got \(1, 2, 3\)"),
        (lambda: RandomRotation(5, fill=-1), ArgumentError, "fill must be at least 0"),
        (lambda: RandomCrop(0), ArgumentError, "size must be at least 1"),
        (lambda: RandomCrop(28.0), ArgumentTypeError, "size must be a whole number"),
        (lambda: RandomCrop((1, 2, 3)), ArgumentError, r"\(height, width\) or one number"),
        (lambda: RandomCrop(28, padding=-1), ArgumentError, "padding must be at least 0"),
        (lambda: RandomCrop(28, padding=0.5), ArgumentTypeError, "padding must be a whole number"),
        (lambda: CROP(FOUR), ArgumentError, r"\(9, 9\) does not fit into images of \(8, 8\)"),
        (lambda: TURN(np.zeros((8, 8, 2))), ArgumentError, r"shape \(H, W\) or \(H, W, C\)"),
        (lambda: TURN(np.zeros(8)), ArgumentError, r"RandomRotation takes images of shape"),
        (
            lambda: turn(dict.fromkeys(range(4))),
            ArgumentTypeError,
            "ids must be integers on the host",
        ),
        (lambda: turn(np.arange(4.0)), ArgumentTypeError, "got float64 ndarray"),
        (lambda: turn(np.zeros((4, 1), int)), ArgumentError, r"of shape \(N,\), got \(4, 1\)"),
        (lambda: turn(np.arange(3)), ArgumentError, r"4 images need as many ids, got 3"),
        (lambda: turn(np.arange(4) - 1), ArgumentError, "got -1 to 2.*in their dataset"),
        (lambda: turn(np.arange(4) + 2**32), ArgumentError, r"from 0 to 2\*\*32 - 1"),
        (lambda: turn(np.arange(4), -1), ArgumentError, "epoch must be at least 0"),
        (lambda: turn(np.arange(4), 2**24), ArgumentError, "epoch must be at most 16777215"),
        (lambda: Compose(TURN), ArgumentTypeError, "a list of transforms"),
        (lambda: Compose([5]), ArgumentTypeError, "transforms or functions of images, got 5"),
        (lambda: Compose([RandomRotation]), ArgumentTypeError, "got <class .*RandomRotation"),
        (lambda: Compose([TURN])(FOUR[0, 0, 0]), ArgumentError, r"images of shape \(N, C, H, W\)"),
        (lambda: CROP.sample(4), ArgumentError, r"Pass it: t.sample\(ids, epoch, size="),
        (lambda: TURN.sample(-1), ArgumentError, "ids must be at least 0"),
        (lambda: TURN.apply(FOUR, TURN.sample(3)), ArgumentError, "4 images need the draw of as m"),
        (lambda: TURN.apply(FOUR, 3), ArgumentError, "got 3. Use t.sample"),
        (
            lambda: TURN(Batch(FOUR, masks=FOUR[:3])),
            ArgumentError,
            r"masks of shape \(4, C, 8, 8\)",
        ),
        (lambda: Draw.from_dict({"name": "x"}), ArgumentError, "This is not a stored draw"),
        (lambda: Draw("x", 2, {"u": [1]}), ArgumentError, r"2 images need 'u' of shape \(2, ...\)"),
        (lambda: TURN(Image.new("P", (8, 8))), DataError, r"Convert it: image.convert\('RGB'\)"),
        (lambda: TURN(LAST), ArgumentError, r"\(4, 9, 8, 3\) are images with the channels last"),
        (lambda: RandomHorizontalFlip()(LAST), ArgumentError, "channels last"),
        (lambda: CROP(LAST), ArgumentError, r"np.moveaxis\(images, -1, 1\)"),
        (lambda: Compose([TURN])(LAST), ArgumentError, "channels last"),
        (lambda: rotation_matrix(5, 2.5, 3), ArgumentTypeError, "height must be a whole number"),
        (lambda: rotation_matrix(5, 2, None), ArgumentTypeError, "width must be a whole number"),
        (lambda: TURN.train("eval"), ArgumentTypeError, "mode must be True or False"),
        (
            lambda: Compose([RandomCrop(6), RandomCrop(7)])(FOUR),
            ArgumentError,
            r"\(7, 7\) does not fit into images of \(6, 6\)",
        ),
        (
            lambda: RandomRotation(5, fill=255)(FOUR),
            ArgumentError,
            r"fill must be in \[0, 1\] for floating-point",
        ),
    ],
)
@pytest.mark.host
def test_impossible_arguments_are_refused(build, error, sentence):
    with pytest.raises(error, match=sentence):
        build()


@pytest.mark.backends("guarded", "cupy")
def test_ids_on_a_device_are_refused(backend):
    with pytest.raises(ArgumentTypeError, match="ids must be integers on the host"):
        RandomRotation(5)(Batch(backend.zeros((4, 1, 8, 8)), ids=backend.arange(4)))


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: Transform()(FOUR), "Transform must define transform"),
        (lambda: ImageTransform()(FOUR), "ImageTransform must define change_images"),
        (lambda: Draws().sample(4), "Draws must define draw_parameters"),
        (lambda: Geometric()(FOUR), "Geometric must define move"),
    ],
)
@pytest.mark.host
def test_a_subclass_is_told_what_it_must_define(call, sentence):
    with pytest.raises(NotImplementedError, match=sentence):
        call()
