"""What a transform returns, and what fits together: one sentence for everything else."""

from dataclasses import replace

import numpy as np
import pytest

import minireg as mr
from minireg import augment
from minireg.augment import Compose, Draw, Geometric, ImageTransform, RandomRotation, ToTensor
from minireg.errors import ArgumentError, ArgumentTypeError, MiniregError
from minireg.models import Settings

pytestmark = pytest.mark.host

PIXELS = np.arange(32, dtype=np.uint8).reshape(2, 1, 4, 4)
TURN = RandomRotation(5)


class Own(ImageTransform):
    """The transform of a function of images."""

    def __init__(self, function):
        super().__init__()
        self.change_images = lambda images, draw: function(images)


class Whole(ImageTransform):
    def change(self, batch, draw):
        return batch.x


class WithMasks(ImageTransform):
    def change(self, batch, draw):
        return replace(batch, masks=batch.x > 9)


class Matrices(Geometric):
    def move(self, draw, size):
        return augment.identities(len(draw))


@pytest.mark.parametrize(
    "wrap", [lambda t: t, lambda t: Compose([t]), lambda t: augment.OneOf([t])]
)
@pytest.mark.parametrize(
    ("t", "sentence"),
    [
        (Own(lambda x: x * 1.1), r"2 images \(N, C, H, W\) of uint8, got float64. Return xp.rint"),
        (Own(lambda x: x.astype(int)), "of uint8, got int64.*or put ToTensor"),
        (Own(lambda x: None), "Own must return something.* It returned no images"),
        (Own(lambda x: x[:1]), r"2 images .* of uint8, got uint8 \(1, 1, 4, 4\)"),
        (Own(lambda x: x[:, 0]), r"got uint8 \(2, 4, 4\)"),
        (Whole(), r"change a Batch. It returned uint8 \(2, 1, 4, 4\)"),
        (Matrices(), r"Matrices.move must return a Move, got float64 \(2, 3, 3\)"),
    ],
)
def test_a_result_that_is_no_such_batch_is_refused(wrap, t, sentence):
    with pytest.raises(MiniregError, match=sentence):
        wrap(t)(PIXELS)


def test_floats_keep_their_dtype_and_totensor_makes_some():
    with pytest.raises(ArgumentTypeError, match=r"of float32, got float64. Return y.astype"):
        Own(lambda x: x * np.float64(1))(PIXELS.astype(np.float32) / 255)
    assert Compose([ToTensor(), Own(lambda x: x / 2)])(PIXELS).dtype == np.float32


def test_masks_that_a_transform_adds_stay():
    result = Compose([WithMasks(), augment.Pad(1)])(mr.Batch(PIXELS))
    np.testing.assert_array_equal(result.masks, result.x > 9)


@pytest.mark.parametrize("choices", [[WithMasks(), TURN], [TURN, WithMasks()]])
def test_either_all_choices_add_masks_or_none(choices):
    with pytest.raises(ArgumentError, match=r"one shape and dtype, got bool \(1, 4, 4\) and none"):
        augment.OneOf(choices)(mr.Batch(np.repeat(PIXELS, 20, axis=0)))


@pytest.mark.parametrize(
    ("use", "sentence"),
    [
        (lambda: TURN(PIXELS, [0, 1]), r"For images with labels pass mr.Batch\(x, y\)"),
        (lambda: Compose([TURN])(PIXELS, [0, 1]), r"pass mr.Batch\(x, y\)"),
        (lambda: mr.augment.Transform()(PIXELS, [0, 1]), r"pass mr.Batch\(x, y\)"),
        (lambda: ToTensor()(PIXELS.astype(float)), r"ToTensor takes floats in \[0, 1\], got .* 31"),
        (lambda: RandomRotation(5, fill=-0.4), "fill must be at least 0.*normalize after augment"),
        (lambda: RandomRotation(5, fill=(0, -1)), "fill must be at least 0, got -1"),
        (lambda: TURN(mr.Batch(PIXELS, PIXELS > 9)), r"with the images: mr.Batch\(x, masks=y\)"),
        (lambda: augment.ElasticTransform()(mr.Batch(PIXELS, PIXELS > 9)), "not. Pass them as mas"),
        (lambda: augment.Sometimes([TURN]), r"become one by Compose: Compose\(\[a, b\]\)"),
        (lambda: Settings(data=".", augment=Compose([TURN])), r"for a transform str\(t\)"),
    ],
)
def test_other_calls_get_one_sentence(use, sentence):
    with pytest.raises(MiniregError, match=sentence):
        use()


def test_a_draw_belongs_to_the_transform_of_its_name():
    shear = augment.RandomShear(5)
    sentence = "This draw is of RandomRotation; RandomShear.apply needs one of RandomShear.sample"
    with pytest.raises(ArgumentError, match=sentence):
        shear.apply(PIXELS, TURN.sample(2))


def test_a_draw_is_read_by_the_names_that_it_prints():
    draw = Compose([TURN, augment.RandomCrop(3)]).sample(2, size=(4, 4))
    for name, values in draw.columns().items():
        assert name in repr(draw)
        assert (draw[name] == values).all()
    with pytest.raises(ArgumentError, match=r"Known: 'RandomRotation\.degrees', 'RandomCrop"):
        draw["degrees"]
    corner = Draw("x", 1, {"corner": [[2, 0]]})
    assert corner["corner"].tolist() == [[2, 0]]
    assert corner["corner[0]"] == [2]


@pytest.mark.parametrize("key", [None, True, [[2, 0], [1, 1]], np.int64(1), [False, True, True]])
def test_the_draw_of_some_images_has_as_many_rows(key):
    chosen = Draw("x", 3, {"a": [5, 6, 7]})[key]
    assert chosen["a"].tolist() == np.ravel(np.array([5, 6, 7])[key]).tolist()
    assert len(chosen) == len(chosen["a"])


def test_a_flip_may_be_written_as_0_or_1():
    draw = Draw("RandomHorizontalFlip", 2, {"flipped": [1, 0]})
    flipped = augment.RandomHorizontalFlip().apply(PIXELS, draw)
    np.testing.assert_array_equal(flipped, [PIXELS[0, :, :, ::-1], PIXELS[1]])


def test_an_array_without_axes_is_a_number():
    turned = augment.rotation_matrix(10.0, 28, 28)
    for angle in (np.array(10.0), np.float64(10), mr.tensor(10.0)):
        assert (augment.rotation_matrix(angle, 28, 28) == turned).all()


def test_a_list_of_angles_is_an_array_of_angles():
    many = augment.rotation_matrix([10, 20], 28, 28)
    assert (many == augment.rotation_matrix(np.array([10.0, 20.0]), 28, 28)).all()
