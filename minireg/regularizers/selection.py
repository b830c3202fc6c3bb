"""The parameters of a model, and which of them a selector of `Penalty.on` chooses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any

from ..autograd import Tensor
from ..errors import ArgumentTypeError

Selector = type | str | Callable[[str, Any], bool]


def check_selector(selector: Any) -> Selector:
    """Return a selector that `match` understands, or raise an error."""
    is_layer = hasattr(selector, "parameters") and not isinstance(selector, type)
    if is_layer or not (callable(selector) or isinstance(selector, str)):
        raise ArgumentTypeError(
            f"on() takes layer classes, patterns of parameter paths such as 'fc1.*', and functions "
            f"of (path, parameter), got {selector!r}.",
            argument="selectors",
        )
    return selector


def match(selector: Any, model: Any, named: dict[str, Any]) -> Iterator[Any]:
    """The parameters that a selector chooses.

    Args:
        model: what the parameters came from; only a Module has layers.
        named: the parameters to choose from, by path.
    """
    if isinstance(selector, type):
        modules = model.named_modules() if hasattr(model, "named_modules") else ()
        layers: Iterator[Any] = (module for _, module in modules if isinstance(module, selector))
        for layer in layers:
            yield from layer.parameters()
    elif isinstance(selector, str):
        yield from (p for name, p in named.items() if fnmatchcase(name, selector))
    else:
        yield from (p for name, p in named.items() if selector(name, p))


def describe_selector(selector: Selector) -> str:
    return (
        repr(selector)
        if isinstance(selector, str)
        else getattr(selector, "__name__", repr(selector))
    )


def named_tensors(model: Any) -> Iterator[tuple[str, Any]]:
    """The parameters of a Module, or the Tensors of an iterable, with names."""
    if hasattr(model, "named_parameters"):
        yield from model.named_parameters()
        return
    tensors = [model] if isinstance(model, Tensor) else model
    if not isinstance(tensors, Iterable):
        raise ArgumentTypeError(
            f"A penalty applies to a Module, a Tensor or an iterable of Tensors, got {model!r}.",
            argument="model",
        )
    for i, p in enumerate(tensors):
        if not isinstance(p, Tensor):
            raise ArgumentTypeError(
                f"A penalty applies to Tensors, and number {i + 1} is {p!r}.", argument="model"
            )
        yield str(i), p
