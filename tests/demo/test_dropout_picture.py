"""The picture of dropout shows which units each mask drops."""

from __future__ import annotations

import numpy as np
import pytest

from minireg.demo.dropout import draw_dropout
from minireg.errors import ArgumentError

pytestmark = pytest.mark.host


def test_exactly_the_dropped_units_are_marked():
    mask = np.random.default_rng(0).random(128) < 0.3
    units = np.ones(128)
    figure = draw_dropout(np.zeros((1, 28, 28), np.uint8), units, [mask, ~mask], p=0.5)
    _, evaluation, first, second = figure.axes
    assert len(evaluation.collections[0].get_offsets()) == 0
    assert len(first.collections[0].get_offsets()) == (~mask).sum()
    assert len(second.collections[0].get_offsets()) == mask.sum()
    np.testing.assert_allclose(first.images[0].get_array().ravel(), 2.0 * mask)  # 1/(1 − p)
    assert f"{mask.sum()} of 128 kept" in first.get_title("left")


@pytest.mark.parametrize(
    ("units", "masks", "words"),
    [(7, [], "multiple of rows"), (8, [np.ones(9)], "Every mask")],
)
def test_shapes_that_do_not_fit_are_refused(units, masks, words):
    with pytest.raises(ArgumentError, match=words):
        draw_dropout(np.zeros((3, 3)), np.ones(units), masks, 0.5)
