"""The picture of a graph as SVG: boxes in layers, with arrows from one layer to the next.

Sugiyama, Tagawa and Toda (1981), "Methods for visual understanding of hierarchical system
structures": a layer for each node, an order within each layer that avoids crossings, then places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from statistics import fmean

HEIGHT, LAYER, GAP = 38, 76, 16  # of a box, from layer to layer, between two boxes; pixels
LETTER, MARGIN = 7.6, 8
SWEEPS = 12

# Fill and line of each kind of node.  The boxes are light on every background, also a dark one.
COLOURS = {
    "operation": ("#ffffff", "#555555"),
    "leaf": ("#d6e8f5", "#0072b2"),
    "constant": ("#e8e8e8", "#888888"),
}
ARROW = "#888888"


@dataclass(frozen=True)
class Node:
    """A box of the picture.

    Args:
        lines: one or two texts, the first one in bold.
        kind: "operation", "leaf" or "constant".
        arguments: the places in the list of nodes from which arrows lead here, all before its own.
    """

    lines: tuple[str, ...]
    kind: str = "operation"
    arguments: tuple[int, ...] = ()


@dataclass(eq=False)
class Place:
    """A node in its layer, or the bend of a long arrow there.  `x` is the middle."""

    layer: int
    width: float = 0
    x: float = 0


def draw_svg(nodes: Sequence[Node]) -> str:
    """Return an SVG picture of a graph, with the arrows pointing down.

    Args:
        nodes: one or more, each after its arguments.

    >>> draw_svg([Node(("x",), "leaf"), Node(("exp",), arguments=(0,))])[:4]
    '<svg'
    """
    places = [Place(layer, measure(node)) for node, layer in zip(nodes, find_layers(nodes))]
    arrows = [
        bend(places[a], places[i]) for i, n in enumerate(nodes) for a in dict.fromkeys(n.arguments)
    ]
    arrange(places, arrows)
    width = max(p.x + p.width / 2 for p in places) + MARGIN
    height = max(p.layer for p in places) * LAYER + HEIGHT + 2 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" '
        f'viewBox="0 0 {width:.0f} {height}" font-family="sans-serif" font-size="12" '
        f'text-anchor="middle" style="max-width:100%;height:auto">'
    ]
    parts += [draw_arrow(arrow) for arrow in arrows]
    parts += [draw_box(node, place) for node, place in zip(nodes, places)]
    return "\n".join([*parts, "</svg>"])


def measure(node: Node) -> float:
    return max(LETTER * max(map(len, node.lines)), 30) + 2 * MARGIN


# -- the layout ------------------------------------------------------------------------------------


def find_layers(nodes: Sequence[Node]) -> list[int]:
    """Results stand below all of their arguments; what has no arguments, just above its use."""
    layers: list[int] = []
    for node in nodes:
        layers.append(1 + max((layers[a] for a in node.arguments), default=-1))
    for i, node in enumerate(nodes):
        uses = [layers[k] for k, other in enumerate(nodes) if i in other.arguments]
        if not node.arguments and uses:
            layers[i] = min(uses) - 1
    return layers


def bend(start: Place, end: Place) -> list[Place]:
    """Return the way of an arrow, with a place in every layer."""
    return [start, *(Place(layer) for layer in range(start.layer + 1, end.layer)), end]


def arrange(places: Sequence[Place], arrows: Sequence[Sequence[Place]]) -> None:
    """Give all places their `x`: sweep down and up, and move each below or above its neighbours."""
    layers: dict[int, list[Place]] = {}
    for place in [*places, *(p for arrow in arrows for p in arrow[1:-1])]:
        layers.setdefault(place.layer, []).append(place)
    above: dict[Place, list[Place]] = {}
    below: dict[Place, list[Place]] = {}
    for arrow in arrows:
        for a, b in pairwise(arrow):
            above.setdefault(b, []).append(a)
            below.setdefault(a, []).append(b)
    for layer in layers.values():
        spread(layer, list(range(len(layer))))
    for sweep in range(SWEEPS):
        neighbours = below if sweep % 2 else above
        for k in sorted(layers, reverse=bool(sweep % 2)):
            wanted = [
                fmean(p.x for p in neighbours[place]) if place in neighbours else place.x
                for place in layers[k]
            ]
            spread(layers[k], wanted)
    left = min(p.x - p.width / 2 for layer in layers.values() for p in layer) - MARGIN
    for layer in layers.values():
        for place in layer:
            place.x -= left


def spread(layer: list[Place], wanted: Sequence[float]) -> None:
    """Order a layer by the wanted places; move what overlaps, and the whole layer to its middle."""
    ordered = sorted(zip(wanted, range(len(layer))))
    layer[:] = [layer[i] for _, i in ordered]
    end = -float("inf")
    for place, (x, _) in zip(layer, ordered):
        place.x = max(x, end + place.width / 2)
        end = place.x + place.width / 2 + GAP
    shift = fmean(p.x for p in layer) - fmean(wanted)
    for place in layer:
        place.x -= shift


# -- the drawing -----------------------------------------------------------------------------------


def draw_box(node: Node, place: Place) -> str:
    fill, line = COLOURS[node.kind]
    y = MARGIN + place.layer * LAYER
    shape = (
        f'<rect x="{place.x - place.width / 2:.1f}" y="{y}" width="{place.width:.1f}" '
        f'height="{HEIGHT}" rx="{8 if node.kind == "operation" else 0}" fill="{fill}" '
        f'stroke="{line}"/>'
    )
    middle = y + HEIGHT / 2 + 4.5 - 7.5 * (len(node.lines) - 1)
    texts = [
        f'<text x="{place.x:.1f}" y="{middle + 15 * i:.1f}" fill="#222222" '
        f'font-weight="{weight}">{escape(text)}</text>'
        for i, (text, weight) in enumerate(zip(node.lines, ("bold", "normal")))
    ]
    return "".join([shape, *texts])


def draw_arrow(way: Sequence[Place]) -> str:
    """A smooth line through all places of the way, with a tip at its end."""
    first, last = way[0], way[-1]
    x, y = first.x, MARGIN + first.layer * LAYER + HEIGHT
    path = f"M{x:.1f} {y}"
    for place in way[1:]:
        top, middle = MARGIN + place.layer * LAYER, y + (LAYER - HEIGHT) / 2
        end = top - (5 if place is last else 0)
        path += f"C{x:.1f} {middle:.1f} {place.x:.1f} {middle:.1f} {place.x:.1f} {end}"
        x, y = place.x, top
        if place is not last:  # straight past the boxes of this layer
            y = top + HEIGHT
            path += f"V{y}"
    tip = f"M{x - 4:.1f} {y - 8}L{x:.1f} {y}L{x + 4:.1f} {y - 8}Z"
    return f'<path d="{path}" fill="none" stroke="{ARROW}"/><path d="{tip}" fill="{ARROW}"/>'
