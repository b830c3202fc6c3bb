"""The pictures of one training show its numbers."""

import numpy as np
import pytest

from minireg import plots
from minireg.errors import ArgumentError, ArgumentTypeError

pytestmark = pytest.mark.host

PANELS = {
    "loss": {"training": [0.9, 0.5, 0.4], "validation": [1.0, 0.7, 0.8]},
    "f1": {"training": [0.1, 0.2, 0.3], "validation": [None, None, None]},
    "learning rate": {"learning rate": [0.1, 0.05, 0.01]},
}


def curves(ax):
    return {line.get_linestyle(): line.get_ydata() for line in ax.get_lines()}


def test_training_is_dotted_and_the_best_epoch_marked():
    figure = plots.training_curves(PANELS, best_epoch=2)
    loss, f1, rate = figure.axes
    assert [ax.get_title("left") for ax in figure.axes] == list(PANELS)
    np.testing.assert_array_equal(curves(loss)[":"], PANELS["loss"]["training"])
    np.testing.assert_array_equal(curves(loss)["-"], PANELS["loss"]["validation"])
    assert [line.get_linestyle() for line in f1.get_lines()] == ["--", ":"]
    np.testing.assert_array_equal(curves(rate)["-"], [0.1, 0.05, 0.01])
    assert list(loss.get_lines()[0].get_xdata()) == [2, 2]
    names = [text.get_text() for text in figure.legends[0].get_texts()]
    assert names == ["best epoch (2)", "training", "validation"]


def test_unmeasured_epochs_are_gaps_and_a_single_one_a_point():
    figure = plots.training_curves({"loss": {"training": [1.0], "validation": [None]}})
    (line,) = figure.axes[0].get_lines()
    assert line.get_marker() == "o"
    gap = plots.training_curves({"loss": {"training": [1.0, None, 3.0], "validation": [1, 1, 1]}})
    np.testing.assert_array_equal(curves(gap.axes[0])[":"], [1.0, np.nan, 3.0])


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7])
def test_every_quantity_gets_a_panel(count):
    names = [f"metric {i}" for i in range(count)]
    figure = plots.training_curves({name: {"training": [0.1, 0.2]} for name in names})
    assert [ax.get_title("left") for ax in figure.axes if ax.axison] == names


def test_a_rate_sweep_shows_where_the_loss_falls():
    rates, smoothed = 10.0 ** np.arange(-4, 2), np.array([2.0, 2.0, 1.0, 0.5, 9.0, 1e6])
    (ax,) = plots.rate_sweep(rates, smoothed, smoothed, suggestion=0.01).axes
    low, high = ax.get_ylim()
    assert low < 0.5 < 2.0 < high < 9.0
    assert ax.get_xscale() == "log"
    assert list(ax.get_lines()[-1].get_xdata()) == [0.01, 0.01]


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_the_suffix_decides_the_format_of_a_file(suffix, tmp_path):
    starts = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}
    path = tmp_path / f"figure.{suffix}"
    plots.save_figure(plots.training_curves(PANELS), path)
    assert path.read_bytes().startswith(starts[suffix])
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_drawn_or_saved_is_refused(tmp_path):
    with pytest.raises(ArgumentError, match="no epoch was finished"):
        plots.training_curves({"loss": {"training": []}})
    with pytest.raises(ArgumentError, match="no loss was measured"):
        plots.rate_sweep([], [], [])
    figure = plots.training_curves(PANELS)
    with pytest.raises(ArgumentError, match=r"saved as \.png, \.svg or \.pdf, got 'figure.doc'"):
        plots.save_figure(figure, tmp_path / "figure.doc")
    with pytest.raises(ArgumentError, match="Cannot write into the folder"):
        plots.save_figure(figure, tmp_path / "nowhere" / "figure.png")
    with pytest.raises(ArgumentTypeError, match="must be a string or a Path, got 3"):
        plots.save_figure(figure, 3)
