"""Pictures of the plane: level lines run through the path, borders where classes are equal."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from minireg import plots
from minireg.errors import ArgumentError

pytestmark = pytest.mark.host

U, V = np.linspace(-1, 2, 61), np.linspace(-1, 1.5, 51)
PLANES = {
    "loss": lambda x, y: (x - 1) ** 2 + (y - 0.5) ** 2,
    "L1": lambda x, y: abs(x) + abs(y),
    "L2": lambda x, y: x**2 + y**2,
}
LOSS, *PENALTIES = (plane(*np.meshgrid(U, V)) for plane in PLANES.values())
PENALTIES = dict(zip(("L1", "L2"), PENALTIES, strict=True))
PATHS = {"L1": [[1, 0.5], [0.5, 0], [0, 0]], "L2": [[1, 0.5], [0, 0]]}
MOONS = np.array([[0.0, 1.0], [0.5, 0.5], [-0.5, -0.5], [1.0, -0.5]])


def draw_lines(**changes):
    arguments = {"loss": LOSS, "penalties": PENALTIES, "paths": PATHS} | changes
    return plots.plot_level_lines(U, V, **arguments)


def draw_regions(p, x=MOONS, y=(1, 1, 0, 0), **options):
    return plots.plot_decision_boundary(U, V, p, x, y, **options)


def marks(ax):
    return [line for line in ax.get_lines() if line.get_marker() == "o"]


def softmax(*logits):
    p = np.exp(np.stack(logits, axis=-1))
    return p / p.sum(axis=-1, keepdims=True)


@pytest.mark.parametrize("penalty", ["L1", "L2"])
def test_lines_of_loss_and_penalty_run_through_each_mark(penalty):
    figure = draw_lines(marked=3)
    ax = figure.axes[list(PENALTIES).index(penalty)]
    assert ax.get_title("left") == penalty
    x, y = np.concatenate([mark.get_xydata() for mark in marks(ax)]).T
    assert len(x) == 3
    for drawn, name in zip(ax.collections, ("loss", penalty), strict=True):
        # bilinear between points of the grid, whose spacing is 0.05
        np.testing.assert_allclose(drawn.levels, np.sort(PLANES[name](x, y)), atol=0.05**2)


def test_marks_divide_the_path_and_zeros_are_hollow():
    first, second = draw_lines(marked=3).axes
    length = np.sqrt(0.5) + 0.5
    expected = [np.hypot(*mark.get_xydata()[0]) for mark in marks(second)]
    np.testing.assert_allclose(expected, np.sqrt(1.25) * np.array([0.75, 0.5, 0.25]))
    (x, y) = marks(first)[-1].get_xydata()[0]
    np.testing.assert_allclose([x, y], [length / 4, 0])
    assert [mark.get_markerfacecolor() == "#ffffff" for mark in marks(first)] == [0, 0, 1]


def test_the_path_and_its_beginning_are_drawn():
    ax = draw_lines().axes[0]
    path = next(line for line in ax.get_lines() if len(line.get_xdata()) == 3)
    np.testing.assert_array_equal(path.get_xydata(), PATHS["L1"])
    star = next(line for line in ax.get_lines() if line.get_marker() == "*")
    np.testing.assert_array_equal(star.get_xydata(), [[1, 0.5]])


def test_one_unit_is_as_long_in_both_directions():
    figure = draw_lines()
    figure.draw_without_rendering()
    for ax in figure.axes:
        box = ax.get_window_extent()
        np.testing.assert_allclose(box.height / box.width, np.ptp(V) / np.ptp(U), rtol=1e-6)


@pytest.mark.parametrize("count", [1, 4, 5])
@pytest.mark.parametrize("height", [0.5, 0.7, 1.0])
def test_no_text_is_cut_off_or_covers_another(count, height):
    names, v = [f"penalty {i}" for i in range(count)], height * U
    plane = U**2 + v[:, None] ** 2
    figure = plots.plot_level_lines(
        U, v, plane, dict.fromkeys(names, plane), {name: [[1, height], [0, 0]] for name in names}
    )
    figure.draw_without_rendering()
    shown = [ax for ax in figure.axes if ax.axison]
    assert [ax.get_title("left") for ax in shown] == names
    texts = [text for ax in shown for text in (ax._left_title, ax.xaxis.label, ax.yaxis.label)]
    boxes = [text.get_window_extent() for text in (*texts, *figure.legends)]
    boxes = [box for box in boxes if box.width and box.height]
    for i, box in enumerate(boxes):
        assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1
        assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1
        assert not any(box.overlaps(other) for other in boxes[:i])


def test_a_path_that_stays_where_it_is_has_no_lines():
    figure = draw_lines(penalties={"none": PENALTIES["L2"]}, paths={"none": [[0, 0], [0, 0]]})
    loss = figure.axes[0].collections
    assert [drawn.levels.tolist() for drawn in loss] == [[pytest.approx(1.25)]]


def test_the_border_lies_where_classes_are_equally_probable():
    x, y = np.meshgrid(U, V)
    figure = draw_regions({"slanted": softmax(0 * x, 60 * (y - 0.4 * x))})  # a sharp one
    (ax,) = figure.axes
    _, border = ax.collections
    vertices = np.concatenate([path.vertices for path in border.get_paths()])
    np.testing.assert_allclose(vertices[:, 1], 0.4 * vertices[:, 0], atol=1e-9)
    assert len(vertices) > 50


def test_the_colour_is_of_the_class_and_pale_where_uncertain():
    x, y = np.meshgrid(U, V)
    figure = draw_regions({"rows": softmax(0 * x, 8 * y)}, classes=["below", "above"])
    shades = figure.axes[0].collections[0].get_array()
    below, middle, above = shades[0, 0], shades[np.argmin(abs(V)), 0], shades[-1, 0]
    np.testing.assert_allclose(middle, 1)  # white
    points = [line for line in figure.axes[0].get_lines() if line.get_linestyle() == "None"]
    for shade, own in ((below, points[0]), (above, points[1])):
        paleness = (1 - shade) / (1 - np.array(to_rgb(own.get_color())))
        np.testing.assert_allclose(
            paleness, paleness[0]
        )  # the colour of its points, mixed with white
        assert 0.3 < paleness[0] < 0.5
    np.testing.assert_array_equal(points[0].get_xydata(), MOONS[2:])
    np.testing.assert_array_equal(points[1].get_xydata(), MOONS[:2])
    names = [text.get_text() for text in figure.legends[0].get_texts()]
    assert names == ["below", "above", "equally probable"]


def test_three_classes_have_three_colours_and_marks():
    x, y = np.meshgrid(U, V)
    figure = draw_regions({name: softmax(x, y, 0 * x) for name in ("a", "b")}, MOONS, [0, 1, 2, 2])
    assert [ax.get_title("left") for ax in figure.axes] == ["a", "b"]
    points = [line for line in figure.axes[1].get_lines() if line.get_linestyle() == "None"]
    assert len({line.get_color() for line in points}) == 3
    assert len({line.get_marker() for line in points}) == 3


def test_a_classifier_of_one_answer_has_no_border():
    p = np.broadcast_to([0.9, 0.1], (51, 61, 2))
    assert len(draw_regions({"constant": p}).axes[0].collections) == 1


HALF = {"a": np.full((51, 61, 2), 0.5)}


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: draw_lines(penalties={}, paths={}), "at least one"),
        (lambda: draw_lines(paths={"L2": [[0, 0]]}), "same names"),
        (lambda: draw_lines(loss=LOSS.T), r"loss must have the shape \(51, 61\).*got \(61, 51\)"),
        (lambda: draw_lines(penalties=PENALTIES | {"L2": LOSS[0]}), r"penalties\['L2'\] must"),
        (lambda: draw_lines(paths=PATHS | {"L1": [1, 2]}), r"\(n, 2\), got shape \(2,\)"),
        (lambda: draw_lines(paths=PATHS | {"L1": np.zeros((0, 2))}), r"\(n, 2\)"),
        (lambda: plots.plot_level_lines(U[::-1], V, LOSS, PENALTIES, PATHS), "increasing"),
        (lambda: plots.plot_level_lines(U, V[:1], LOSS, PENALTIES, PATHS), "at least two"),
        (lambda: draw_regions({}), "no probabilities"),
        (lambda: draw_regions({"a": 0.5}), "must have the shape"),
        (lambda: draw_regions({"a": LOSS}), "must have the shape"),
        (lambda: draw_regions({"a": LOSS[..., None]}), "at least two classes"),
        (lambda: draw_regions(HALF | {"b": np.zeros((51, 61, 3))}), r"\['b'\] must have the shape"),
        (lambda: draw_regions(HALF, y=[0, 1, 2, 0]), "class from 0 to 1.*with \\[0, 1, 2\\]"),
        (lambda: draw_regions(HALF, y=[0, 1]), r"for each of the 4 points, got shape \(2,\)"),
        (lambda: draw_regions(HALF, classes=["one"]), "and 1 names"),
    ],
)
def test_what_cannot_be_drawn_is_refused(draw, words):
    with pytest.raises(ArgumentError, match=words):
        draw()
