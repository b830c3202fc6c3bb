"""Error maps, the V of the step size, and the slopes of Taylor remainders."""

import numpy as np
import pytest

from minireg import plots
from minireg.errors import ArgumentError

pytestmark = pytest.mark.host

STEPS = np.geomspace(1e-6, 0.1, 6)


def test_zero_is_white_and_the_signs_have_opposite_colours():
    ax = plots.plot_error_maps({"w": [[-2.0, 0.0], [1.0, np.nan]]}).axes[0]
    image = ax.images[0]
    colour = image.cmap(image.norm(image.get_array()))
    assert tuple(colour[0, 1]) == (1, 1, 1, 1)
    assert colour[0, 0, 2] > colour[0, 0, 0]  # below zero, blue
    assert colour[1, 0, 0] > colour[1, 0, 2]  # above zero, red
    assert image.norm(0) == 0.5
    assert colour[1, 1, 3] == 0  # unknown: the grey behind it is seen
    assert ax.get_facecolor()[0] < 1


@pytest.mark.parametrize(
    ("shape", "shown"), [((), (1, 1)), ((5,), (1, 5)), ((2, 3), (2, 3)), ((2, 3, 4), (6, 4))]
)
def test_all_axes_but_the_last_are_joined(shape, shown):
    error = np.arange(np.prod(shape, dtype=int), dtype=float).reshape(shape)
    image = plots.plot_error_maps({"x": error}).axes[0].images[0]
    np.testing.assert_array_equal(image.get_array(), error.reshape(shown))


def test_each_map_has_a_scale_of_its_own():
    figure = plots.plot_error_maps({"a": [1e-9, 0.0], "b": [1e9, 0.0]})
    limits = [ax.images[0].get_clim() for ax in figure.axes[:2]]
    assert limits == [(-1e-9, 1e-9), (-1e9, 1e9)]


def test_the_lines_are_those_given_without_exact_zeros():
    figure = plots.plot_step_errors(STEPS, {"yours": [1, 2, 0, 3, np.nan, 4]})
    (line,) = figure.axes[0].get_lines()
    np.testing.assert_array_equal(line.get_ydata(), [1, 2, np.nan, 3, np.nan, 4])
    np.testing.assert_array_equal(line.get_xdata(), STEPS)


def test_the_guides_of_taylor_remainders_have_slopes_1_and_2():
    ax = plots.plot_taylor_remainders(STEPS, {"direction 1": STEPS**2}).axes[0]
    for line, slope in zip(ax.get_lines()[1:], (1, 2), strict=True):
        x, y = np.log(line.get_xdata()), np.log(line.get_ydata())
        assert (y[1] - y[0]) / (x[1] - x[0]) == pytest.approx(slope)


def test_a_figure_may_be_drawn_into_a_part_of_another():
    whole = plots.plot_error_maps({"a": [1.0]})
    part = whole.add_subfigure(whole.add_gridspec(1, 1)[0])
    assert plots.plot_step_errors(STEPS, {"yours": STEPS}, part) is part


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: plots.plot_error_maps({}), "no errors"),
        (lambda: plots.plot_error_maps({"x": np.ones((0, 3))}), "no errors"),
        (lambda: plots.plot_step_errors([0.0, 1.0], {"a": [1, 1]}), "above 0"),
        (lambda: plots.plot_step_errors([], {}), "above 0"),
        (lambda: plots.plot_step_errors([1.0], {}), "no lines"),
        (
            lambda: plots.plot_taylor_remainders([1.0], {"a": [1, 2]}),
            r"\(1,\) of the steps, got \(",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused(draw, words):
    with pytest.raises(ArgumentError, match=words):
        draw()
