"""The picture of a graph: each operation and leaf once, arrows down, no boxes that overlap."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

import minireg as mr
from minireg import nn
from minireg.errors import ArgumentError, ArgumentTypeError, GraphError
from minireg.plots.graph import HEIGHT, Node, draw_svg

pytestmark = pytest.mark.host

SVG = "{http://www.w3.org/2000/svg}"


def read(svg):
    """The boxes with their texts, and for each arrow the boxes that it leaves and reaches."""
    root = ET.fromstring(svg)
    rects = [{k: float(r.get(k)) for k in ("x", "y", "width")} for r in root.iter(f"{SVG}rect")]
    texts = list(root.iter(f"{SVG}text"))
    boxes = {}
    for i, r in enumerate(rects):
        inside = [
            t.text for t in texts
            if abs(float(t.get("x")) - r["x"] - r["width"] / 2) < 0.2
            and r["y"] < float(t.get("y")) < r["y"] + HEIGHT
        ]  # fmt: skip
        boxes[i] = (*inside,)

    def find(x, y):
        return next(
            i for i, r in enumerate(rects)
            if r["x"] <= x <= r["x"] + r["width"] and r["y"] - 6 <= y <= r["y"] + HEIGHT
        )  # fmt: skip

    arrows = []
    for path in root.iter(f"{SVG}path"):
        if path.get("fill") == "none":
            numbers = [float(n) for n in re.findall(r"-?\d+\.?\d*", path.get("d"))]
            assert numbers[1] < numbers[-1]  # down
            arrows.append((boxes[find(*numbers[:2])], boxes[find(*numbers[-2:])]))
    return list(boxes.values()), arrows, rects


def test_a_shared_result_is_drawn_once():
    x = mr.tensor([1.0, 2.0], requires_grad=True)
    y = mr.exp(x)
    boxes, arrows, _ = read(mr.draw_graph(y * y + y, {"x": x}).svg)
    assert sorted(boxes) == [(name, "(2,)") for name in ("add", "exp", "multiply", "x")]
    assert sorted((a[0], b[0]) for a, b in arrows) == [
        ("exp", "add"), ("exp", "multiply"), ("multiply", "add"), ("x", "exp"),
    ]  # fmt: skip


def test_parameters_of_a_model_have_their_names():
    model = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2))
    loss = nn.CrossEntropyLoss()(model(mr.ones((5, 4))), np.array([0, 1, 1, 0, 1]))
    boxes, arrows, _ = read(mr.draw_graph(loss, model.named_parameters()).svg)
    for name, p in model.named_parameters():
        assert (name, str(p.shape)) in boxes
    assert (("0.weight", "(3, 4)"), ("linear", "(5, 3)")) in arrows


def test_values_of_single_numbers_are_shown_on_demand():
    x = mr.tensor(3.0, requires_grad=True)
    y = x * x * 0.5
    assert ("multiply 0.5", "4.5") in read(mr.draw_graph(y, values=True).svg)[0]
    assert ("multiply 0.5", "a number") in read(mr.draw_graph(y).svg)[0]


def test_names_are_escaped():
    x = mr.tensor(3.0, requires_grad=True)
    assert ("</text><b>&", "a number") in read(mr.draw_graph(x * x, {"</text><b>&": x}).svg)[0]


@pytest.mark.parametrize("seed", range(20))
def test_boxes_never_overlap(seed):
    random = np.random.default_rng(seed)
    nodes = [
        Node(("n" * int(random.integers(1, 20)),), arguments=tuple(
            int(a) for a in random.integers(0, i, int(random.integers(0, 4)))) if i else ())
        for i in range(40)
    ]  # fmt: skip
    _, arrows, rects = read(draw_svg(nodes))
    assert len(arrows) == sum(len(set(node.arguments)) for node in nodes)
    for i, a in enumerate(rects):
        assert a["x"] >= 0
        for b in rects[:i]:
            if a["y"] == b["y"]:
                assert a["x"] >= b["x"] + b["width"] or b["x"] >= a["x"] + a["width"]


def test_a_picture_is_saved_and_shown_in_a_notebook(tmp_path):
    x = mr.tensor(3.0, requires_grad=True)
    picture = mr.draw_graph(x * x)
    picture.save(tmp_path / "graph.svg")
    assert (tmp_path / "graph.svg").read_text(encoding="utf-8") == picture._repr_svg_()


def test_what_has_no_graph_is_refused():
    x = mr.tensor(3.0, requires_grad=True)
    y = x * x
    y.backward()
    with pytest.raises(GraphError, match="freed by backward"):
        mr.draw_graph(y)
    with pytest.raises(GraphError, match="no graph to draw"):
        mr.draw_graph(x)
    with pytest.raises(ArgumentTypeError, match="takes a Tensor, got"):
        mr.draw_graph(3.0)
    for _ in range(600):
        x = x + 1
    with pytest.raises(ArgumentError, match="more than 500 nodes"):
        mr.draw_graph(x)
