"""The charts of the study show the numbers they were given."""

from __future__ import annotations

import numpy as np
import pytest

from minireg.demo.charts import draw_gaps, draw_memorised
from minireg.demo.dropout import draw_dropout
from minireg.demo.results import summarize

pytestmark = pytest.mark.host


def test_gaps_show_means_and_standard_errors():
    entry = {
        "train_accuracy": summarize([0.9, 0.8]),
        "validation_accuracy": summarize([0.5, 0.7]),
        "test_accuracy": summarize([0.8, 0.8]),
    }
    ax = draw_gaps({"L2": entry}, (0.7, "right")).axes[0]
    bar, *others = ax.get_lines()
    np.testing.assert_allclose(bar.get_xdata(), [60, 85])
    centres = [line.get_xdata()[0] for line in others if line.get_marker() in ("o", "D")]
    np.testing.assert_allclose(centres, [85, 60, 80])
    ends = ax.collections[0].get_segments()[0][:, 0]  # 85 ± s/√2, s = 100·√(0.05² + 0.05²)
    np.testing.assert_allclose(ends, [80, 90])
    np.testing.assert_allclose(others[-1].get_xdata(), [70, 70])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["L2"]


def test_memorised_shares_are_bars_with_their_percentages():
    shares = {"none": [1.0, 0.9], "L1": [0.1, 0.1]}
    summary = {name: {"wrong_labels_reproduced": summarize(row)} for name, row in shares.items()}
    ax = draw_memorised(summary).axes[0]
    assert [text.get_text() for text in ax.texts] == ["95 %", "10 %"]
    np.testing.assert_allclose([patch.get_width() for patch in ax.patches], [95, 10])


def test_crosses_mark_exactly_the_dropped_units():
    mask = np.random.default_rng(0).random(128) < 0.3
    units = np.ones(128)
    figure = draw_dropout(np.zeros((1, 28, 28), np.uint8), units, [mask, ~mask], p=0.5)
    _, evaluation, first, second = figure.axes
    assert len(evaluation.collections[0].get_offsets()) == 0
    assert len(first.collections[0].get_offsets()) == (~mask).sum()
    assert len(second.collections[0].get_offsets()) == mask.sum()
    np.testing.assert_allclose(first.images[0].get_array().ravel(), 2.0 * mask)  # 1/(1 − p)
    assert f"{mask.sum()} of 128 kept" in first.get_title("left")
