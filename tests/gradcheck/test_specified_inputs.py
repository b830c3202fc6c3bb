"""The points that are drawn from a specification."""

from __future__ import annotations

import numpy as np
import pytest

from minireg.errors import ArgumentError, ArgumentTypeError
from minireg.gradcheck.inputs import Booleans, Floats, Integers, draw_inputs

INPUTS = {
    "x": Floats("N", "D"),
    "labels": Integers("N", below="D"),
    "keep": Booleans("N", "D"),
    "scale": Floats(low=0.5),
    "p": 0.3,
}


def test_axes_of_one_name_have_one_length():
    for point in draw_inputs(INPUTS):
        n, d = point.inputs["x"].shape
        assert point.inputs["labels"].shape == (n,)
        assert point.inputs["keep"].shape == (n, d)
        assert point.inputs["labels"].max() < d
        assert point.inputs["p"] == 0.3


def test_the_second_point_has_other_lengths():
    first, second, third = (point.inputs["x"].shape for point in draw_inputs(INPUTS))
    assert set(zip(first, second)).isdisjoint({(n, n) for n in first})
    assert third == first


@pytest.mark.parametrize("seed", range(10))
def test_the_special_point_has_zeros_ties_and_large_values(seed):
    x = list(draw_inputs({"x": Floats("N", "D")}, seed))[2].inputs["x"]
    assert (x == 0).any()
    assert max(np.unique(x[x != 0], return_counts=True)[1]) > 1
    assert np.abs(x).max() > 10
    assert x.min() < 0


@pytest.mark.parametrize("seed", range(10))
def test_bounds_hold_at_every_point(seed):
    for point in draw_inputs({"x": Floats("N", low=0.5), "y": Floats("N", low=0, high=1)}, seed):
        x, y = point.inputs.values()
        assert x.min() >= 0.5
        assert 0 <= y.min() <= y.max() <= 1


@pytest.mark.parametrize("seed", range(10))
def test_the_special_labels_are_repeated(seed):
    labels = list(draw_inputs({"labels": Integers("N", below=1000)}, seed))[2].inputs["labels"]
    assert len(set(labels.tolist())) < labels.size


def test_the_same_seed_draws_the_same():
    for a, b in zip(draw_inputs(INPUTS, 3), draw_inputs(INPUTS, 3)):
        for name in INPUTS:
            np.testing.assert_array_equal(a.inputs[name], b.inputs[name])


def test_what_is_not_a_specification_is_refused():
    with pytest.raises(ArgumentTypeError, match="must be a dictionary"):
        list(draw_inputs(Floats("N")))
    with pytest.raises(ArgumentError, match="At most 6 axes"):
        list(draw_inputs({"x": Floats(*"abcdefg")}))
    with pytest.raises(ArgumentError, match="low must be less"):
        Floats("N", low=1, high=1)
    with pytest.raises(ArgumentError, match="axis"):
        Floats(0)
