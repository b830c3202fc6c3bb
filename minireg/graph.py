"""The recorded graph of a Tensor as a picture: operations, leaves, and the way of the values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .autograd import Tensor
from .autograd.backward import raise_freed
from .checks import describe_value
from .errors import ArgumentError, ArgumentTypeError, GraphError
from .files import as_path, write_file
from .plots.graph import Node, draw_svg

LARGEST = 500  # nodes; nobody can read a picture of more


class GraphPicture:
    """A picture of a graph, which a notebook shows.

    Attributes:
        svg: the picture as the text of an SVG file.
    """

    def __init__(self, svg: str) -> None:
        self.svg = svg

    def _repr_svg_(self) -> str:
        return self.svg

    def save(self, path: Any) -> None:
        """Save the picture as an .svg file."""
        write_file(as_path(path), self.svg.encode())


def draw_graph(
    output: Tensor,
    names: Mapping[str, Tensor] | Iterable[tuple[str, Tensor]] = (),
    *,
    values: bool = False,
) -> GraphPicture:
    """Draw the operations from which a Tensor was computed, each once, the first ones on top.

    Rounded boxes are operations, with the shape of their result; the others are leaves: blue if
    they require a gradient, grey for constants.  No other program is needed.

    Args:
        output: a result, before its graph is freed by `backward`.
        names: for Tensors that are to be named: pairs of a name and a Tensor
            (`model.named_parameters()`), or a dictionary.
        values: show the values of single numbers, too.

    Raises:
        GraphError: nothing was recorded, or the graph was freed.
        ArgumentError: more than 500 nodes.

    >>> w = mr.tensor([2.0, 1.0], requires_grad=True)
    >>> picture = mr.draw_graph((w * w).sum(), {"w": w})
    >>> picture.svg[:4], picture.svg.count("multiply")
    ('<svg', 1)
    """
    if not isinstance(output, Tensor):
        raise ArgumentTypeError(
            f"draw_graph takes a Tensor, got {describe_value(output)}.", argument="output"
        )
    if output.is_leaf:
        raise GraphError(
            "There is no graph to draw: no operation of this tensor was recorded. An input must "
            "have requires_grad=True, and the operations must stand outside no_grad()."
        )
    named = {id(tensor): name for name, tensor in dict(names).items()}
    tensors = find_tensors(output)
    nodes: list[Node] = []
    places: dict[int, int] = {}
    for x in tensors:
        arguments = [places[id(a)] for a in x._args if id(a) in places] if is_result(x) else []
        places[id(x)] = len(nodes)
        nodes.append(Node(describe(x, named, values), choose_kind(x), tuple(arguments)))
    return GraphPicture(draw_svg(nodes))


def find_tensors(output: Tensor) -> list[Any]:
    """Return all Tensors and arrays of a graph, each after those that it was computed from."""
    found: dict[int, Any] = {id(output): output}
    pending: list[Any] = [output]
    while pending:
        x = pending.pop()
        if x._vjps is raise_freed:
            raise GraphError(
                "This graph was freed by backward. Draw it before, or call "
                "backward(retain_graph=True)."
            )
        for a in x._args:
            if id(a) not in found and hasattr(a, "shape"):
                found[id(a)] = a
                pending += [a] if is_result(a) else []
        if len(found) > LARGEST:
            raise ArgumentError(
                f"The graph has more than {LARGEST} nodes, too many for a picture. Draw the graph "
                f"of a smaller model, or of one of its parts.",
                argument="output",
            )
    # Every result has a higher number than its arguments.
    return sorted(found.values(), key=lambda x: x._order if is_result(x) else -1)


def is_result(x: Any) -> bool:
    return isinstance(x, Tensor) and not x.is_leaf


def choose_kind(x: Any) -> str:
    if is_result(x):
        return "operation"
    return "leaf" if isinstance(x, Tensor) and x.requires_grad else "constant"


def describe(x: Any, named: Mapping[int, str], values: bool) -> tuple[str, str]:
    """Return two lines: what it is, and its shape or its value."""
    name = named.get(id(x), "")
    if is_result(x):
        operation = x._primitive.__name__.strip("_")
        numbers = [f"{a:g}" for a in x._args if isinstance(a, (int, float))]
        first = " ".join([operation, *numbers]) + (f": {name}" if name else "")
    else:
        first = name or choose_kind(x)
    number = values and x.size == 1
    shape = tuple(x.shape)
    return first, f"{float(x.item()):.4g}" if number else str(shape) if shape else "a number"
