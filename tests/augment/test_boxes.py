"""Resized crops: the boxes that are drawn are those of torchvision."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats

from minireg import Generator
from minireg.augment import RandomResizedCrop
from tests.peers import import_torchvision

pytestmark = pytest.mark.host

KEYS = ("top", "left", "height", "width")
SIZES = st.tuples(st.integers(1, 12), st.integers(1, 12))
CASES = pytest.mark.parametrize(
    ("size", "scale", "ratio"),
    [
        ((32, 32), (0.08, 1.0), (3 / 4, 4 / 3)),
        ((9, 40), (0.2, 1.0), (1 / 2, 2.0)),  # most windows do not fit
        ((7, 6), (0.01, 0.9), (0.3, 5.0)),  # windows of no rows are drawn, too
    ],
)


def draw_one_by_one(u, size, scale, ratio):
    """The loop of torchvision's `get_params` with these random numbers."""
    height, width = size
    for k in range(10):
        area = height * width * (scale[0] + (scale[1] - scale[0]) * u[k])
        low, high = map(math.log, ratio)
        aspect = math.exp(low + (high - low) * u[10 + k])
        w, h = round(math.sqrt(area * aspect)), round(math.sqrt(area / aspect))
        if 0 < w <= width and 0 < h <= height:
            return [int(u[20] * (height - h + 1)), int(u[21] * (width - w + 1)), h, w]
    return None


@CASES
def test_boxes_are_drawn_as_in_the_loop(size, scale, ratio):
    t = RandomResizedCrop(8, scale, ratio)
    u = np.random.default_rng(0).random((500, 22))
    drawn = t.draw_parameters(u, size)
    boxes = np.stack([drawn[key] for key in KEYS], axis=1).tolist()
    expected = [draw_one_by_one(row, size, scale, ratio) for row in u]
    found = [box is not None for box in expected]
    assert sum(found) >= 300
    assert [box for box, one in zip(boxes, found) if one] == [box for box in expected if box]


@CASES
def test_boxes_have_the_distribution_of_torchvision(size, scale, ratio):
    theirs = import_torchvision().RandomResizedCrop(8, scale, ratio)
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    image = torch.zeros((1, *size))
    expected = [theirs.make_params([image]) for _ in range(1000)]
    t = RandomResizedCrop(8, scale, ratio, generator=Generator(0))
    drawn = t.sample(10_000, size=size)
    for key in KEYS:  # each fails for one seed in a million
        assert stats.ks_2samp(drawn[key], [box[key] for box in expected]).pvalue > 1e-6


@given(size=SIZES, low=st.floats(0.1, 4), factor=st.floats(1, 3))
@example(size=(1, 1), low=3.0, factor=1.0)
@example(size=(1, 1), low=0.1, factor=1.0)
@example(size=(1, 2), low=0.5, factor=1.0)
def test_after_ten_misses_the_box_is_that_of_torchvision(size, low, factor):
    scale, ratio = (200.0, 300.0), (low, low * factor)  # no window fits
    theirs = import_torchvision().RandomResizedCrop(8, scale, ratio)
    torch = pytest.importorskip("torch")
    expected = theirs.make_params([torch.zeros((1, *size))])
    drawn = RandomResizedCrop(8, scale, ratio).sample(1, size=size)
    for side, start, pixels in (("height", "top", size[0]), ("width", "left", size[1])):
        # Where torchvision's box has no rows or columns, this one has a single one, in the middle.
        middle = expected[start] if expected[side] else (pixels - 1) // 2
        assert (drawn[side], drawn[start]) == (expected[side] or 1, middle)


def test_all_places_of_a_box_are_equally_likely():
    t = RandomResizedCrop(8, (0.25, 0.25), (1.0, 1.0), generator=Generator(1))
    drawn = t.sample(range(40_000), size=(8, 10))  # windows of 4 × 4
    places = np.bincount(drawn["top"] * 7 + drawn["left"], minlength=35)
    assert set(drawn["height"]) == set(drawn["width"]) == {4}
    assert stats.chisquare(places).pvalue > 1e-6  # fails for one seed in a million
