"""from_sequence: lists of pairs and datasets of other libraries."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import minireg as mr
from minireg.data import Dataset, from_sequence
from minireg.errors import ArgumentTypeError, DataError

pytestmark = pytest.mark.host


class MapStyle:
    """A dataset as PyTorch's users write it."""

    classes = ("even", "odd", "none")

    def __len__(self):
        return 4

    def __getitem__(self, i):
        if i >= 4:
            raise IndexError(i)
        return np.full((1, 2, 2), i, dtype=np.uint8), i % 2


def test_a_map_style_dataset_keeps_dtype_and_class_names():
    data = from_sequence(MapStyle())
    assert (data.x.shape, data.x.dtype) == ((4, 1, 2, 2), np.uint8)
    assert data.y.tolist() == [0, 1, 0, 1]
    assert data.classes == ("even", "odd", "none")


@pytest.mark.parametrize(
    ("ys", "expected", "classes"),
    [
        ([1, 0], [1, 0], ("0", "1")),
        (["b", "a"], [1, 0], ("a", "b")),
        ([1.5, 2], [1.5, 2.0], ()),
        ([[1.0, 2.0], [3.0, 4.0]], [[1.0, 2.0], [3.0, 4.0]], ()),
        ([np.int32(1), True], [1, 1], ("0", "1")),
        ([mr.tensor(1.5), mr.tensor(2.0)], [1.5, 2.0], ()),
    ],
)
def test_targets_may_be_integers_texts_floats_and_arrays(ys, expected, classes):
    data = from_sequence([([0.5], y) for y in ys])
    assert (data.y.tolist(), data.classes) == (expected, classes)


def test_classes_fix_the_order_of_texts():
    assert from_sequence([([0.5], "b")], classes=["b", "a"]).y.tolist() == [0]
    with pytest.raises(DataError, match="not among the 1 classes a"):
        from_sequence([([0.5], "b")], classes=["a"])


def test_pillow_images_become_channels_first():
    pixels = np.arange(18, dtype=np.uint8).reshape(2, 3, 3)
    data = from_sequence([(Image.fromarray(pixels), 0), (Image.fromarray(pixels + 1), 1)])
    assert np.array_equal(data.x[0], pixels.transpose(2, 0, 1))
    assert from_sequence([(Image.fromarray(pixels[0]), 0)]).x.shape == (1, 1, 3, 3)


def test_palettes_become_the_colours_they_stand_for():
    picture = Image.new("RGB", (2, 1), "red").quantize()
    assert from_sequence([(picture, 0)]).x.tolist() == [[[[255, 255]], [[0, 0]], [[0, 0]]]]


def test_a_dataset_stays_itself():
    data = Dataset([[0.0]], [0])
    assert from_sequence(data) is data


class Short(MapStyle):
    def __len__(self):
        return 9


@pytest.mark.parametrize(
    ("examples", "error", "sentence"),
    [
        ([], DataError, "the sequence is empty"),
        ((pair for pair in []), ArgumentTypeError, "generator has none"),
        ([[0.0]], ArgumentTypeError, r"pair \(x, y\); example 0 is a list of 1"),
        ([{"x": 1}], ArgumentTypeError, "example 0 is a dict"),
        ([([1.0], 0), ([1.0, 2.0], 0)], DataError, r"has \(1,\), example 1 has \(2,\)"),
        ([([1.0], [1.0]), ([1.0], [1.0, 2.0])], DataError, "Targets must have one shape"),
        ([([1.0], 0), ([1.0], "a")], DataError, "partly texts"),
        ([([[1.0], [1.0, 2.0]], 0)], DataError, "Example 0 cannot be read as an array"),
        ([(["a"], 0)], DataError, "x must hold real numbers"),
        ([([1.0], 0), (np.ma.masked_equal([2.0], 2), 0)], DataError, "Example 1 holds masked"),
        ([([1.0], np.ma.masked)], DataError, "Example 0 holds masked"),
        ([(np.zeros((9, 9, 3)), 0)], DataError, "channels last"),
        ([([None], 0)], DataError, "x must hold real numbers"),
        (Short(), DataError, "length of 9, but no example at position 4"),
    ],
)
def test_other_things_than_pairs_are_refused(examples, error, sentence):
    with pytest.raises(error, match=sentence):
        from_sequence(examples)
